"""An archive is what tarfile writes and reads."""

from __future__ import annotations

import io
import tarfile

from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import S
from simulator.kernel.archive import _pax, _ustar, pack, unpack
from simulator.kernel.disk import Node

names = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=120).filter(
    lambda name: name not in (".", "..")
)
nodes = st.builds(
    Node,
    st.sampled_from(["file", "directory"]),
    st.binary(max_size=600),
    st.integers(0, 0o7777),
    st.integers(0, 2**33 - 1).map(lambda seconds: seconds * S),
    st.integers(0, 2**21 - 1),
) | st.builds(Node, st.just("link"), target=st.just("usr/bin"))


@given(st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=1, max_size=100), nodes)
def test_a_plain_header_is_the_one_that_tarfile_gives(name: str, node: Node) -> None:
    name = f"{name[:99]}/" if node.kind == "directory" else name
    assert _ustar(name, node, 7, node.target) == _pax(name, node, 7, node.target)


@given(st.dictionaries(names, st.binary(max_size=2000), max_size=4))
def test_what_is_packed_is_unpacked(files: dict[str, bytes]) -> None:
    packed = pack((name, Node("file", data)) for name, data in files.items())
    assert {name: node.data for name, node in unpack(packed)} == files
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        assert archive.getnames() == list(files)
