"""What the definitions of images share: a Dockerfile's effect on an image's configuration and history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from simulator.clock import S
from simulator.engine.image import Image, Layer, image_config
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
    step = f"CMD {json.dumps(list(cmd))}"
    return Image(
        name=name,
        disk=disk,
        config=image_config(**settings),
        container_config=image_config(**{**settings, "Cmd": [*NOP, step], "Labels": {}}),
        size=size,
        layers=tuple(Layer(compressed) for compressed in layers),
        created=_moment(created),
        docker_version=docker_version,
        created_by=tuple(_steps(settings, step)),
    )


def imported(image: Image, version: Version) -> Image:
    """The same image as `docker import` makes it of a tarball: one layer, and no memory of how it was built."""
    return replace(
        image,
        comment="Imported from -",
        container_config=image_config(),
        created_by=("",),
        docker_version=version.engine,
        layers=(Layer(sum(layer.size for layer in image.layers)),),
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
