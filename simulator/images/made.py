"""What the definitions of images share: a Dockerfile's effect on an image's configuration and history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from simulator.clock import S
from simulator.engine.image import Blob, Image, image_config
from simulator.engine.image_json import History
from simulator.engine.layer import RootFs
from simulator.images.busybox import PATH
from simulator.kernel.disk import Disk
from simulator.versions import Version

NOP = ("/bin/sh", "-c", "#(nop) ")


def image(
    name: str,
    disk: Disk,
    *,
    created: str,
    size: int,
    layers: Iterable[int],
    cmd: Sequence[str],
    entrypoint: Sequence[str] = (),
    env: Sequence[str] = (),
    expose: Sequence[str] = (),
    volumes: Sequence[str] = (),
    stop_signal: str = "",
    docker_version: str = "17.06.2-ce",
    digest: str = "",
) -> Image:
    """An image as `docker build` makes one. `created` is its date, `size` and `layers` are bytes.

    The last step of the build is CMD: the container that carried it out is what ContainerConfig describes, so its
    command is the step's own comment.
    """
    settings: dict[str, Any] = {
        "Env": [PATH, *env],
        "Cmd": list(cmd),
        "Entrypoint": list(entrypoint) or None,
        "ExposedPorts": {port: {} for port in expose} or None,
        "Volumes": {path: {} for path in volumes} or None,
        "StopSignal": stop_signal,
    }
    moment, blobs = _moment(created), tuple(Blob(compressed) for compressed in layers)
    step = f"CMD {json.dumps(list(cmd))}"
    return Image(
        name=name,
        rootfs=RootFs(disk, size=size, parts=len(blobs)),
        config=image_config(**settings),
        blobs=blobs,
        digest=digest,
        container_config=image_config(**{**settings, "Cmd": [*NOP, step], "Labels": {}}),
        created=moment,
        docker_version=docker_version,
        history=tuple(
            History(created=moment, created_by=text, empty=bool(index))
            for index, text in enumerate(_steps(settings, step))
        ),
    )


def imported(image: Image, version: Version) -> Image:
    """The same image as `docker import` makes it of a tarball: one layer, and no memory of how it was built."""
    comment = "Imported from -"
    return replace(
        image,
        rootfs=RootFs(image.rootfs.disk, size=image.size),
        comment=comment,
        container_config=image_config(),
        history=(History(created=image.created, comment=comment),),
        docker_version=version.engine,
        blobs=(Blob(sum(blob.size for blob in image.blobs)),),
    )


def _moment(date: str) -> int:
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()) * S


def _steps(settings: dict[str, Any], last: str) -> Iterable[str]:
    """The history, oldest first."""
    yield f"{' '.join(NOP)}ADD file in / "
    for entry in settings["Env"][1:]:
        yield f"{' '.join(NOP)} ENV {entry}"
    if settings["Volumes"]:
        yield f"{' '.join(NOP)} VOLUME [{' '.join(settings['Volumes'])}]"
    if settings["Entrypoint"]:
        yield f"{' '.join(NOP)} ENTRYPOINT {json.dumps(settings['Entrypoint'])}"
    if settings["ExposedPorts"]:
        yield f"{' '.join(NOP)} EXPOSE {' '.join(settings['ExposedPorts'])}"
    yield f"{' '.join(NOP)} {last}"
