"""--network of `docker run`: a name or mode, or `name=n1,alias=web,ip=10.9.0.5`. See docker/cli/opts/network.go.

Becomes the API's NetworkingConfig together with the older --network-alias, --ip, --ip6, --link and --link-local-ip.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed
from simulator.cli.values import csv_fields
from simulator.golang.quote import quote

if TYPE_CHECKING:
    from simulator.kernel.process import Process

Attachment = dict[str, Any]

_LONG = re.compile(r"\w+=\w+(,\w+=\w+)*", re.ASCII)
_MODES = ("default", "bridge", "host", "none")


def attachment(text: str, process: Process) -> Attachment:
    """One --network. Raises ValueError."""
    if not _LONG.search(text):
        return {"target": text}
    made: Attachment = {"target": "", "aliases": [], "driver_options": {}}
    for field in csv_fields(text):
        key, equals, value = field.partition("=")
        if not equals:
            raise ValueError(f"invalid field {field}")
        _set(made, key.lower().strip(), value.lower().strip())
    if not made["target"]:
        raise ValueError("network name/id is not specified")
    return made


def plain_attachment(text: str, process: Process) -> Attachment:
    """One --network of clients before 19.03: a name or mode, whose use with other options the engine judges."""
    return {"target": text, "plain": True}


def _set(made: Attachment, key: str, value: str) -> None:
    if key == "name":
        made["target"] = value
    elif key == "alias":
        made["aliases"].append(value)
    elif key in ("ip", "ip6"):
        made[key] = value
    elif key == "driver-opt":
        name, equals, setting = value.partition("=")
        if not equals:
            raise ValueError("invalid key value pair format in driver options")
        made["driver_options"][name.strip()] = setting.strip()
    else:
        raise ValueError(f"invalid field key {key}")


def is_user_defined(target: str) -> bool:
    return target not in _MODES and target.partition(":")[0] != "container"


def network_mode(options: Parsed) -> str:
    networks = options["network"]
    return networks[0]["target"] if networks else "default"


def endpoints(options: Parsed) -> dict[str, Any]:
    """The EndpointsConfig of the request. Raises CommandError."""
    networks = [dict(network) for network in options["network"]]
    made: dict[str, Any] = {}
    for at, network in enumerate(networks):
        if at == 0:
            _take_old_options(network, options)
        settings = _settings(network)
        if network["target"] in made:
            raise CommandError(f"network {quote(network['target'])} is specified multiple times")
        if len(networks) > 1 or settings != endpoint_settings():
            made[network["target"]] = settings
    if len({is_user_defined(network["target"]) for network in networks}) > 1:
        raise CommandError("conflicting options: cannot attach both user-defined and non-user-defined network-modes")
    return made


def _take_old_options(network: Attachment, options: Parsed) -> None:
    """The first network takes what the options without a network say."""
    conflicts = (
        ("aliases", "network-alias", "--network-alias and per-network alias"),
        ("links", "link", "--link and per-network links"),
        ("ip", "ip", "--ip and per-network IPv4 address"),
        ("ip6", "ip6", "--ip6 and per-network IPv6 address"),
    )
    for key, option, words in conflicts:
        if network.get(key) and options[option]:
            raise CommandError(f"conflicting options: cannot specify both {words}")
        network[key] = options[option] or network.get(key)
    network["link_local"] = options["link-local-ip"]


def _settings(network: Attachment) -> dict[str, Any]:
    aliases, links = network.get("aliases"), network.get("links")
    if network.get("plain"):
        links = links if is_user_defined(network["target"]) else None
    else:
        _check(network["target"], aliases, links)
    ipam = {
        "IPv4Address": network.get("ip"),
        "IPv6Address": network.get("ip6"),
        "LinkLocalIPs": network.get("link_local"),
    }
    return endpoint_settings(
        ipam={name: value for name, value in ipam.items() if value} or None,
        links=links or None,
        aliases=aliases or None,
        driver_options=network.get("driver_options") or None,
    )


def _check(target: str, aliases: list[str] | None, links: list[str] | None) -> None:
    if not target.strip():
        raise CommandError("no name set for network")
    if not is_user_defined(target) and aliases:
        raise CommandError("network-scoped aliases are only supported for user-defined networks")
    if not is_user_defined(target) and links:
        raise CommandError("links are only supported for user-defined networks")


def endpoint_settings(
    *,
    ipam: dict[str, Any] | None = None,
    links: list[str] | None = None,
    aliases: list[str] | None = None,
    driver_options: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The API's EndpointSettings, as a request has them."""
    return {
        "IPAMConfig": ipam,
        "Links": links,
        "Aliases": aliases,
        "NetworkID": "",
        "EndpointID": "",
        "Gateway": "",
        "IPAddress": "",
        "IPPrefixLen": 0,
        "IPv6Gateway": "",
        "GlobalIPv6Address": "",
        "GlobalIPv6PrefixLen": 0,
        "MacAddress": "",
        "DriverOpts": driver_options,
    }
