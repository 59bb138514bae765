"""Making a container out of a request and an image. Mirrors moby's daemon/create.go and runconfig.

Nothing runs yet: a name is taken, links are registered, mounts are made, the file system waits for its first process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.engine import files, links, mounts, validate
from simulator.engine.container import Container
from simulator.engine.endpoint_settings import attach, own_network
from simulator.engine.errors import EngineError, InvalidParameter, NotFound, System
from simulator.engine.fields import (
    CONFIG,
    ELEMENTS,
    HEALTH,
    HOST_CONFIG,
    MASKED_PATHS,
    PORT_BINDING,
    READONLY_PATHS,
    Document,
    filled,
    normal,
)
from simulator.engine.image import Image
from simulator.engine.log_options import check_logging
from simulator.engine.logs import ContainerLog
from simulator.engine.names import check_name, generate_name
from simulator.engine.namespaces import settle_modes
from simulator.engine.streams import StandardStreams
from simulator.golang.filepath import clean
from simulator.golang.platform import Platform
from simulator.kernel.readonly import ReadOnly

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

_OLD_PLACES = ("Memory", "MemorySwap", "CpuShares", "CpusetCpus", "VolumeDriver")


def create(
    daemon: Daemon,
    request: Mapping[str, Any],
    name: str = "",
    *,
    image: Image | None = None,
    platform: Platform | None = None,
) -> Document:
    """Makes a container, of the image that the request names unless one is given; gives its id and warnings.

    Raises the refusals that `docker create` shows.
    """
    given_host = _given_host(request)
    given = {key: value for key, value in request.items() if key not in ("HostConfig", "NetworkingConfig")}
    if not given:
        raise InvalidParameter("Config cannot be empty in order to create a container")
    config, host = filled(given, CONFIG), host_config(given_host)
    if config["Healthcheck"] is not None:
        config["Healthcheck"] = normal(config["Healthcheck"], HEALTH)
    networking = request.get("NetworkingConfig") or {}
    validate.check_modes(config, host)
    validate.check_config(config)
    validate.check_host_config(daemon.machine.disk, host)
    warnings = validate.check_platform(host) + _warnings(daemon, host)
    validate.check_networking(networking)
    settle_modes(daemon, host)
    image = image or _image(daemon, config["Image"], platform)
    merge(config, image.config)
    check_logging(host["LogConfig"])
    container = _new(daemon, image, config, host, name)
    try:
        _furnish(daemon, container, networking)
    except Exception:
        links.forget(daemon, container)
        daemon.containers.remove(container)
        raise
    daemon.container_event(container, "create")
    return {"Id": container.id, "Warnings": warnings}


def _given_host(request: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """HostConfig, or its fields among those of the container, where old clients have them (getHostConfig)."""
    host = request.get("HostConfig")
    if host is None:
        beside = {name: request[name] for name, _, _ in HOST_CONFIG if name in request}
        return beside or None
    moved = {name: request[name] for name in _OLD_PLACES if request.get(name) and not host.get(name)}
    return {**host, **moved}


def _warnings(daemon: Daemon, host: Document) -> list[str]:
    """What the engine says about settings that will do nothing (verifyPlatformContainerSettings)."""
    warnings = []
    mode = host["NetworkMode"]
    if daemon.machine.netns.sysctl["net.ipv4.ip_forward"] == "0" and mode not in ("host", "none"):
        warnings.append("IPv4 forwarding is disabled. Networking will not work.")
    if mode == "host" and host["PortBindings"]:
        warnings.append("Published ports are discarded when using host network mode")
    return warnings


def host_config(given: Mapping[str, Any] | None) -> Document:
    """HostConfig with the engine's own defaults where the request leaves a value empty."""
    host = filled(given or {}, HOST_CONFIG)
    for name, table in ELEMENTS.items():
        if host[name] is not None:
            host[name] = [element and normal(element, table) for element in host[name]]
    for port, bindings in (host["PortBindings"] or {}).items():
        host["PortBindings"][port] = bindings and [normal(binding, PORT_BINDING) for binding in bindings]
    log = host["LogConfig"] or {}
    host["LogConfig"] = {"Type": log.get("Type") or "json-file", "Config": log.get("Config") or {}}
    host["NetworkMode"] = host["NetworkMode"] or "default"
    host["RestartPolicy"] = {"Name": "", "MaximumRetryCount": 0} | (host["RestartPolicy"] or {})
    host["CgroupnsMode"] = host["CgroupnsMode"] or "host"
    host["IpcMode"] = host["IpcMode"] or "private"
    host["ShmSize"] = host["ShmSize"] or 67108864
    if given is not None:
        host["Runtime"] = host["Runtime"] or "runc"
    if host["Memory"] and not host["MemorySwap"]:
        host["MemorySwap"] = 2 * host["Memory"]
    if (host["MemorySwappiness"] or 0) < 0:
        host["MemorySwappiness"] = None
    if (host["PidsLimit"] or 0) <= 0:
        host["PidsLimit"] = None
    if host["Privileged"] or "host" in (host["PidMode"], host["IpcMode"]):
        host["SecurityOpt"] = [*(host["SecurityOpt"] or []), "label=disable"]
    if not host["Privileged"]:
        host["MaskedPaths"] = list(MASKED_PATHS) if host["MaskedPaths"] is None else host["MaskedPaths"]
        host["ReadonlyPaths"] = list(READONLY_PATHS) if host["ReadonlyPaths"] is None else host["ReadonlyPaths"]
    return host


def _image(daemon: Daemon, text: str, platform: Platform | None) -> Image:
    """Raises InvalidParameter and NotFound; the latter also for an image that is there for another platform."""
    if not text:
        raise InvalidParameter("No command specified")
    image = daemon.images.find(text)
    actual = Platform(architecture=image.architecture)
    if platform and not platform.takes(actual.system, actual.architecture):
        raise NotFound(
            f"image with reference {text} was found but does not match the specified platform: "
            f"wanted {platform}, actual: {actual}"
        )
    return image


def merge(config: Document, image: Document) -> None:
    """What a container begins with, of the request and the image. Raises InvalidParameter without a command."""
    inherit(config, image)
    if config["Entrypoint"] == [""]:
        config["Entrypoint"] = None
    if not config["Entrypoint"] and not config["Cmd"]:
        raise InvalidParameter("No command specified")


def inherit(config: Document, image: Document) -> None:
    """Fills in from the image what the request left open (runconfig's merge)."""
    if not config["Entrypoint"]:
        if not config["Cmd"]:
            config["Cmd"] = image["Cmd"]
        if config["Entrypoint"] is None:
            config["Entrypoint"] = image["Entrypoint"]
    for key in ("User", "WorkingDir", "StopSignal"):
        config[key] = config[key] or image[key]
    for key in ("ExposedPorts", "Volumes", "Labels"):
        config[key] = {**(image[key] or {}), **(config[key] or {})} or None
    config["Labels"] = config["Labels"] or {}
    own = {entry.partition("=")[0] for entry in config["Env"] or []}
    inherited = [entry for entry in image["Env"] or [] if entry.partition("=")[0] not in own]
    config["Env"] = [*(config["Env"] or []), *inherited] or image["Env"]
    if image["Healthcheck"]:
        config["Healthcheck"] = {**image["Healthcheck"], **(config["Healthcheck"] or {})}


def _new(daemon: Daemon, image: Image, config: Document, host: Document, given_name: str) -> Container:
    """The container with its id and name, registered."""
    chance, clock = daemon.clock.chance, daemon.clock
    if given_name:
        check_name(given_name)
    identity = chance.hex("container id", 64)
    name = given_name.removeprefix("/") or generate_name(chance, daemon.containers.taken)
    words = [*(config["Entrypoint"] or []), *(config["Cmd"] or [])]
    if not config["Hostname"] and host["NetworkMode"] == "host":
        config["Hostname"] = daemon.machine.uts.hostname
    elif not config["Hostname"]:
        config["Hostname"] = identity[:12]
    log = ContainerLog(clock)
    container = Container(
        id=identity,
        name=name,
        created=clock.wall(),
        image=image,
        config=config,
        host=host,
        path=words[0],
        args=words[1:],
        disk=files.root(image.rootfs.disk, clock.wall),
        graph_id=chance.hex("graph id", 64),
        log=log,
        streams=new_streams(daemon, config, log),
    )
    container.anonymous = not given_name
    daemon.containers.reserve(container.name, container)
    daemon.containers.add(container)
    container.listener = daemon.state_changed
    return container


def new_streams(daemon: Daemon, config: Document, log: ContainerLog) -> StandardStreams:
    """The standard streams of a container's next process."""
    return StandardStreams(
        daemon.clock,
        tty=config["Tty"],
        stdin=config["OpenStdin"],
        close_stdin=config["StdinOnce"],
        sink=log.write,
    )


def _furnish(daemon: Daemon, container: Container, networking: Mapping[str, Any]) -> None:
    """What may still be refused once the container has its name."""
    validate.check_security(container.host["SecurityOpt"])
    validate.check_storage(container.host["StorageOpt"])
    links.register_all(daemon, container)
    directory = container.config["WorkingDir"]
    if directory:
        directory = container.config["WorkingDir"] = clean(directory)
    if directory and not container.disk.is_directory(directory):
        if container.disk.exists(directory):
            raise System(f"Cannot mkdir: {directory} is not a directory")
        container.disk.make_directory(directory, parents=True)
    container.mounts = mounts.mounts_wanted(daemon, container.config, container.host)
    mounts.mount_all(daemon, container)
    if container.host["ReadonlyRootfs"]:
        container.disk = ReadOnly(container.disk)
    _attach_networks(daemon, container, networking)


def _attach_networks(daemon: Daemon, container: Container, networking: Mapping[str, Any]) -> None:
    """Notes which networks the container shall join."""
    mode = container.network_mode
    if mode.startswith("container:"):
        return
    wanted = dict(networking.get("EndpointsConfig") or {})
    if mode == "default" and mode in wanted:  # newer clients name the default network by its mode
        wanted[own_network(container)] = wanted.pop(mode)
    if not wanted:
        wanted[own_network(container)] = {}
    for name, settings in wanted.items():
        attach(container, _network_name(daemon, name), settings)


def _network_name(daemon: Daemon, text: str) -> str:
    """The name of a network given by its id; any other text as it is, for starting to find or not."""
    try:
        return daemon.networks.find(text).name
    except EngineError:
        return text
