"""The engine: one method per endpoint of the Docker Engine API (v1.41), speaking the API's own documents.

Arguments and results are the documents that travel as JSON, with the keys in the engine's order; what may take time
gives an event; what stays open gives a Stream (bytes) or a feed of Documents. Refusals are EngineErrors with the
API's status and text. The methods look things up and hand over; the behaviour stands in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.clock import Event
from simulator.engine import (
    archive,
    attach,
    connect,
    create,
    distribution,
    documents,
    extract,
    image_archive,
    image_commit,
    image_documents,
    image_import,
    image_pull,
    image_remove,
    lifecycle,
    listing,
    networking,
    remove,
    stats,
    stop,
    system,
    top,
    update,
)
from simulator.engine import exec as execs
from simulator.engine.build import builder
from simulator.engine.build.options import Options
from simulator.engine.container import Container
from simulator.engine.daemon import Daemon
from simulator.engine.errors import EngineError, InvalidParameter, System
from simulator.engine.fields import Document
from simulator.engine.filters import Filters
from simulator.engine.image import Image, Registry
from simulator.engine.signals import signal_from_text
from simulator.engine.stream import Documents, Stream
from simulator.golang.platform import Platform
from simulator.kernel.machine import Machine
from simulator.versions import Version

# What BuildKit's cache may be pruned by.
BUILD_FILTERS = ("until", "id", "parent", "type", "description", "inuse", "shared", "private")


class Engine:
    """Docker Engine on one machine. Containers' programs come from their images' disks."""

    def __init__(self, machine: Machine, version: Version, registry: Registry) -> None:
        self.daemon = Daemon(machine, version, registry)
        for image in registry.preloaded:
            self.load(image)

    def load(self, image: Image) -> None:
        """Gives the engine an image without pulling it, as `docker load` does."""
        self.daemon.images.load(image)

    # -- system -----------------------------------------------------------------------------------------------------

    def ping(self) -> str:
        return "OK"

    def version(self) -> Document:
        return system.version(self.daemon)

    def info(self) -> Document:
        return system.info(self.daemon)

    def system_df(self) -> Document:
        return system.disk_usage(self.daemon)

    def events(self, filters: Filters | None = None, since: str = "", until: str = "") -> Documents:
        return self.daemon.events.listen(filters or {}, since, until)

    # -- images -----------------------------------------------------------------------------------------------------

    def image_list(self, all: bool = False, filters: Filters | None = None) -> list[Document]:  # noqa: A002
        return image_documents.listed(self.daemon.images, filters or {}, everything=all)

    def image_inspect(self, name: str) -> Document:
        try:
            image = self.daemon.images.find(name)
        except EngineError as refused:
            raise type(refused)(f"no such image: {name}: {refused.message}") from None
        return image_documents.inspected(self.daemon.images, image, self.daemon.local)

    def image_history(self, name: str) -> list[Document]:
        return image_documents.history(self.daemon.images, self.daemon.images.find(name))

    def image_create(self, from_image: str, tag: str = "") -> Documents:
        """`docker pull`: the progress as it is made."""
        return image_pull.pull(self.daemon, from_image, tag)

    def image_remove(self, name: str, force: bool = False, noprune: bool = False) -> list[Document]:
        return image_remove.remove(self.daemon, name, force=force, prune=not noprune)

    def image_tag(self, name: str, repo: str, tag: str = "") -> None:
        image_commit.name(self.daemon, self.daemon.images.find(name), repo, tag)

    def image_import(
        self,
        data: bytes,
        source: str = "-",
        repo: str = "",
        tag: str = "",
        message: str = "",
        changes: Sequence[str] = (),
    ) -> Documents:
        """`docker import`: an image of an archive, whose id is told."""
        return image_import.import_image(
            self.daemon, data, source=source, repo=repo, tag=tag, message=message, changes=changes
        )

    def image_build(
        self,
        data: bytes,
        dockerfile: str = "",
        tags: Sequence[str] = (),
        arguments: Mapping[str, str | None] | None = None,
        labels: Mapping[str, str] | None = None,
        target: str = "",
        no_cache: bool = False,
        cache_from: Sequence[str] = (),
        pull: bool = False,
        quiet: bool = False,
        remove: bool = True,
        force_remove: bool = False,
        network: str = "",
        host: Mapping[str, Any] | None = None,
    ) -> Documents:
        """Builds an image of a context, a tar archive; `host` is more of its containers' HostConfig."""
        options = Options(
            dockerfile=dockerfile,
            tags=tuple(tags),
            arguments=arguments or {},
            labels=labels or {},
            target=target,
            no_cache=no_cache,
            cache_from=tuple(cache_from),
            pull=pull,
            quiet=quiet,
            remove=remove,
            force_remove=force_remove,
            network=network,
            host=host or {},
        )
        return builder.build(self.daemon, data, options)

    def images_save(self, names: Sequence[str]) -> bytes:
        """`docker save`: a tar archive of images."""
        return image_archive.save(self.daemon, names)

    def images_load(self, data: bytes, quiet: bool = True) -> Documents:
        """`docker load`: takes in the images of an archive and tells their names."""
        return image_archive.load(self.daemon, data, quiet=quiet)

    def images_prune(self, filters: Filters | None = None) -> Document:
        return image_remove.prune(self.daemon, filters or {})

    def build_prune(self, filters: Filters | None = None) -> Document:
        """What only BuildKit keeps, which is nothing. Raises System for a filter that it does not know."""
        for name in filters or {}:
            if name not in BUILD_FILTERS:
                raise System(f"failed to prune build cache: Invalid filter '{name}'")
        self.daemon.events.publish("builder", "prune", "", {"reclaimed": "0"})
        return {"CachesDeleted": None, "SpaceReclaimed": 0}

    def distribution_inspect(self, name: str) -> Document:
        return distribution.inspected(self.daemon, name)

    def image_search(self, term: str, limit: int = 25) -> list[Document]:
        self.daemon.registry.connect(self.daemon.nameserver)
        return self.daemon.registry.search(term, limit)

    # -- containers: making, looking --------------------------------------------------------------------------------

    def container_list(
        self,
        all: bool = False,  # noqa: A002 - the API's own name
        limit: int = 0,
        size: bool = False,
        filters: Filters | None = None,
    ) -> list[Document]:
        return listing.listed(self.daemon, filters or {}, stopped=all, limit=limit, size=size)

    def container_create(self, config: Mapping[str, Any], name: str = "", platform: Platform | None = None) -> Document:
        return create.create(self.daemon, config, name, platform=platform)

    def container_inspect(self, container: str, size: bool = False) -> Document:
        return documents.inspected(self.daemon, self._find(container), size=size)

    def container_top(self, container: str, ps_args: str = "") -> Document:
        return top.top(self.daemon, self._find(container), ps_args)

    def container_stats(
        self, container: str, stream: bool = True, one_shot: bool = False
    ) -> Documents | Document | Event:
        """A feed of readings; or one reading, at once or, of a container that runs, when there have been two."""
        found = self._find(container)
        if stream:
            return stats.stream(self.daemon, found)
        return stats.sample(self.daemon, found) if one_shot or not found.running else stats.second(self.daemon, found)

    def container_changes(self, container: str) -> list[Document] | None:
        return archive.changes(self._find(container))

    def container_logs(
        self,
        container: str,
        stdout: bool = False,
        stderr: bool = False,
        since: str = "",
        until: str = "",
        timestamps: bool = False,
        details: bool = False,
        tail: str = "all",
        follow: bool = False,
    ) -> Stream:
        if not (stdout or stderr):
            raise InvalidParameter("Bad parameters: you must choose at least one stream")
        return attach.logs(
            self.daemon.clock,
            self._find(container),
            stdout=stdout,
            stderr=stderr,
            since=since,
            until=until,
            timestamps=timestamps,
            details=details,
            tail=tail,
            follow=follow,
        )

    def container_export(self, container: str) -> bytes:
        """A tar archive of all its files."""
        return image_import.export(self.daemon, self._find(container))

    def container_commit(
        self,
        container: str,
        config: Mapping[str, Any] | None = None,
        repo: str = "",
        tag: str = "",
        comment: str = "",
        author: str = "",
        pause: bool = True,
        changes: Sequence[str] = (),
    ) -> Document:
        """Makes an image of what it has changed."""
        return image_commit.commit(
            self.daemon,
            self._find(container),
            config=config,
            repo=repo,
            tag=tag,
            comment=comment,
            author=author,
            pause=pause,
            changes=changes,
        )

    def container_archive_stat(self, container: str, path: str) -> Document:
        return archive.stat(self._find(container), path)

    def container_archive_get(self, container: str, path: str) -> tuple[Document, bytes]:
        """The stat of what is at the path, and a tar archive of it."""
        return archive.get(self.daemon, self._find(container), path)

    def container_archive_put(self, container: str, path: str, data: bytes) -> None:
        """Unpacks a tar archive into a directory of the container."""
        extract.put(self.daemon, self._find(container), path, data)

    # -- containers: life -------------------------------------------------------------------------------------------

    def container_start(self, container: str, detach_keys: str = "") -> Event:
        return lifecycle.start(self.daemon, self._find(container))

    def container_stop(self, container: str, timeout: int | None = None) -> Event:
        return stop.stop(self.daemon, self._find(container), timeout)

    def container_restart(self, container: str, timeout: int | None = None) -> Event:
        return stop.restart(self.daemon, self._find(container), container, timeout)

    def container_kill(self, container: str, signal: str = "SIGKILL") -> Event:
        number = signal_from_text(signal or "SIGKILL")
        try:
            found = self._find(container)
        except EngineError as refused:
            raise type(refused)(f"Cannot kill container: {container}: {refused.message}") from None
        return stop.kill(self.daemon, found, container, number)

    def container_pause(self, container: str) -> None:
        stop.pause(self._find(container))

    def container_unpause(self, container: str) -> None:
        stop.unpause(self._find(container))

    def container_rename(self, container: str, name: str) -> None:
        if not container or not name:
            raise InvalidParameter("Neither old nor new names may be empty")
        remove.rename(self.daemon, self._find(container), name)

    def container_remove(self, container: str, volumes: bool = False, link: bool = False, force: bool = False) -> Event:
        """Removes a container, or with `link` the link of this name."""
        if link:
            networking.unlink(self.daemon, container)
            return self.daemon.clock.done()
        return remove.remove(self.daemon, self._find(container), container, volumes=volumes, force=force)

    def container_wait(self, container: str, condition: str = "not-running") -> Event:
        return remove.wait(self.daemon, self._find(container), condition)

    def container_update(self, container: str, doc: Mapping[str, Any]) -> Document:
        return update.update(self.daemon, self._find(container), doc)

    def containers_prune(self, filters: Filters | None = None) -> Document:
        return remove.prune(self.daemon, filters or {})

    def container_attach(
        self,
        container: str,
        stdin: bool = False,
        stdout: bool = False,
        stderr: bool = False,
        stream: bool = False,
        logs: bool = False,
        detach_keys: str = "",
    ) -> Stream:
        return attach.attach(
            self.daemon,
            self._find(container),
            container,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            stream=stream,
            logs=logs,
            keys=detach_keys,
        )

    def container_resize(self, container: str, height: int, width: int) -> None:
        attach.resize(self.daemon, self._find(container), height=height, width=width)

    # -- exec -------------------------------------------------------------------------------------------------------

    def exec_create(self, container: str, config: Mapping[str, Any]) -> Document:
        return execs.create(self.daemon, self._find(container), container, config)

    def exec_exists(self, exec_id: str) -> None:
        """Raises what starting an exec would be refused with before a connection is handed over."""
        execs.startable(self.daemon, exec_id)

    def exec_start(self, exec_id: str, detach: bool = False, tty: bool = False) -> Event:
        return execs.start(self.daemon, execs.startable(self.daemon, exec_id), detach=detach)

    def exec_inspect(self, exec_id: str) -> Document:
        return execs.find(self.daemon, exec_id).document()

    def exec_resize(self, exec_id: str, height: int, width: int) -> Event:
        return execs.resize(self.daemon, execs.startable(self.daemon, exec_id), height, width)

    # -- networks ---------------------------------------------------------------------------------------------------

    def network_list(self, filters: Filters | None = None, detailed: bool = False) -> list[Document]:
        return self.daemon.networks.network_list(filters or {}, detailed=detailed)

    def network_inspect(self, network: str, verbose: bool = False, scope: str = "") -> Document:
        return self.daemon.networks.network_inspect(network, verbose=verbose, scope=scope)

    def network_create(self, doc: Mapping[str, Any]) -> Document:
        self.daemon.networks.current_cause = f"docker network create {doc.get('Name', '')}"
        return self.daemon.networks.network_create(doc)

    def network_connect(self, network: str, doc: Mapping[str, Any]) -> None:
        connect.connect(self.daemon, network, doc)

    def network_disconnect(self, network: str, doc: Mapping[str, Any]) -> None:
        connect.disconnect(self.daemon, network, doc)

    def network_remove(self, network: str) -> None:
        self.daemon.networks.remove(network)

    def networks_prune(self, filters: Filters | None = None) -> Document:
        report = self.daemon.networks.networks_prune(filters or {})
        self.daemon.events.publish("network", "prune", "", {"reclaimed": "0"})
        return report

    # -- volumes ----------------------------------------------------------------------------------------------------

    def volume_list(self, filters: Filters | None = None) -> Document:
        return self.daemon.volumes.listed(filters or {})

    def volume_create(self, doc: Mapping[str, Any]) -> Document:
        volume = self.daemon.volumes.create(
            doc.get("Name") or "",
            driver=doc.get("Driver") or "",
            labels=doc.get("Labels"),
            options=doc.get("DriverOpts"),
        )
        return volume.document()

    def volume_inspect(self, name: str) -> Document:
        return self.daemon.volumes.find(name).document()

    def volume_remove(self, name: str, force: bool = False) -> None:
        self.daemon.volumes.remove(name, force=force)

    def volumes_prune(self, filters: Filters | None = None) -> Document:
        return self.daemon.volumes.prune(filters or {})

    # -- inside -----------------------------------------------------------------------------------------------------

    def _find(self, text: str) -> Container:
        return self.daemon.containers.find(text)
