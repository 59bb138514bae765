"""The layers of an image: what each changes over those below, as files and as the archive that its digest is of.

Mirrors moby's layer store and pkg/archive's whiteouts. A layer that nobody asks about is never packed.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from simulator.kernel import archive
from simulator.kernel.disk import Disk, Node

GRAPH = "/var/lib/docker/overlay2"
Programs = Mapping[bytes, Any]
WHITEOUT = ".wh."  # before a name: the layer removes it
OPAQUE = ".wh..wh..opq"  # in a directory: nothing from the layers below shows
EMPTY = f"sha256:{hashlib.sha256(archive.END).hexdigest()}"  # the digest of a layer without files


class Layer:
    """One layer. `disk` shows it and those below; `size` is in bytes, unpacked; `tar` is the archive it came as."""

    __slots__ = ("_diff_id", "_tar", "disk", "size")

    def __init__(self, disk: Disk, *, size: int | None = None, tar: bytes = b"") -> None:
        self.disk = disk
        self.size = sum(node.size for node in disk.changed().values() if node) if size is None else size
        self._diff_id, self._tar = "", tar

    @property
    def diff_id(self) -> str:
        """The digest of its archive: "sha256:..."."""
        if not self._diff_id:
            self._diff_id = f"sha256:{hashlib.sha256(self.tar()).hexdigest()}"
        return self._diff_id

    def tar(self) -> bytes:
        return self._tar or archive.pack(_members(self.disk))


def chained(below: str, diff_id: str) -> str:
    """The chain id of a layer on top of a chain."""
    return f"sha256:{hashlib.sha256(f'{below} {diff_id}'.encode()).hexdigest()}" if below else diff_id


class RootFs:
    """What an image's layers show together. Mirrors moby's image.RootFS.

    `disk` shows all of them. Without `layers` it is an image's as a registry has it: `parts` layers, `size` bytes.
    """

    __slots__ = ("_layers", "_parts", "_size", "disk")

    def __init__(self, disk: Disk, layers: Sequence[Layer] | None = None, *, size: int = 0, parts: int = 1) -> None:
        self.disk = disk
        self._layers = None if layers is None else tuple(layers)
        self._size, self._parts = size, parts

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Bottom first."""
        if self._layers is None:
            self._layers = tuple(_split(self.disk, self._size, self._parts))
        return self._layers

    @property
    def diff_ids(self) -> list[str]:
        return [layer.diff_id for layer in self.layers]

    @property
    def chain_ids(self) -> list[str]:
        """What names each layer together with all below it."""
        chain: list[str] = []
        for diff_id in self.diff_ids:
            chain.append(chained(chain[-1] if chain else "", diff_id))
        return chain

    @property
    def folders(self) -> list[str]:
        """Where each layer's files are on the host, the topmost first; the name is by chance on a real one."""
        names = [hashlib.sha256(f"overlay2 {chain_id}".encode()).hexdigest() for chain_id in self.chain_ids]
        return [f"{GRAPH}/{name}" for name in reversed(names)]

    @property
    def size(self) -> int:
        return self._size if self._layers is None else sum(layer.size for layer in self._layers)

    def with_archive(self, data: bytes, programs: Programs) -> RootFs:
        """One more layer, as the archive has it. Raises archive.NoArchive."""
        tar = archive.decompressed(data)
        return self.with_top(Layer(Disk.over(self.disk, read(tar, self.disk, programs)), tar=tar))

    def with_top(self, layer: Layer) -> RootFs:
        """One more layer that shows what these have, too."""
        return RootFs(layer.disk, (*self.layers, layer))


def scratch() -> RootFs:
    """No layers at all."""
    return RootFs(Disk(), ())


def _split(disk: Disk, size: int, parts: int) -> Iterator[Layer]:
    """The files of a whole disk as so many layers; which file came with which is not known."""
    nodes = [(path, node) for path, node in sorted(disk.nodes().items(), key=_walking) if path != "/"]
    count = -(-len(nodes) // parts) or 1
    below = Disk()
    for part in range(parts):
        below = Disk.over(below, dict(nodes[part * count : (part + 1) * count]))
        yield Layer(below, size=0 if part else size)


def _walking(entry: tuple[str, object]) -> list[str]:
    """In the order in which a tree is walked: a directory, then what is in it, by name."""
    return entry[0].split("/")


def _members(disk: Disk) -> Iterator[tuple[str, Node]]:
    """The entries of a layer's archive: what changed, and the directories that lead there."""
    changed = {path: node for path, node in disk.changed().items() if path != "/"}
    for path in list(changed):
        while (path := posixpath.dirname(path)) != "/" and path not in changed:
            changed[path] = disk.lookup(path, follow=False)
    for path, node in sorted(changed.items(), key=_walking):
        folder, name = posixpath.split(path)
        if node is not None:
            yield path[1:] + ("/" if node.kind == "directory" else ""), node
        elif changed.get(folder, disk) is not None:  # what is in a directory that is gone has gone with it
            yield posixpath.join(folder, WHITEOUT + name)[1:], Node("file", mode=0)


def programs_on(disk: Disk) -> Programs:
    """The programs in a disk's own layer that have no name to be found by elsewhere, by what their files hold."""
    nodes = [node for node in disk.changed().values() if node is not None and node.kind == "program"]
    return {node.contents: node.content for node in nodes if not isinstance(node.content, str)}


def read(data: bytes, below: Disk, programs: Programs) -> dict[str, Node | None]:
    """What a layer's archive changes over the layers below it. Raises archive.NoArchive.

    `programs`: what else a file may stand for, besides those that the kernel knows by their names.
    """
    changed: dict[str, Node | None] = {}
    for name, node in archive.unpack(data):
        folder, base = posixpath.split(f"/{name}")
        if base == OPAQUE:
            changed |= dict.fromkeys(_inside(below, folder))
        elif base.startswith(WHITEOUT):
            gone = posixpath.join(folder, base.removeprefix(WHITEOUT))
            changed |= dict.fromkeys([gone, *_inside(below, gone)])
        elif name:
            changed |= {path: Node("directory", mode=0o755) for path in _missing(folder, below, changed)}
            known = programs.get(node.data) if node.kind == "file" else None
            changed[f"/{name}"] = node if known is None else replace(node, kind="program", data=b"", content=known)
    return changed


def _inside(disk: Disk, path: str) -> list[str]:
    return [known for known in disk.nodes() if known.startswith(path.rstrip("/") + "/")]


def _missing(folder: str, below: Disk, changed: Mapping[str, Node | None]) -> Iterator[str]:
    """The directories above a file that neither the archive nor the layers below have."""
    while folder != "/" and (changed[folder] if folder in changed else below._at(folder)) is None:
        yield folder
        folder = posixpath.dirname(folder)
