"""A layer made by a template is the layer that scapy's own class would make."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.kernel.packet import scapy_layers as scapy
from simulator.kernel.packet.template import Template, stack

LAYERS: list[tuple[Any, dict[str, Any]]] = [
    (scapy.Ether, {"src": "02:42:ac:11:00:02", "dst": "02:42:ac:11:00:03", "type": 0x800}),
    (scapy.ARP, {"op": 2, "psrc": "10.0.0.2", "pdst": "10.0.0.3", "hwsrc": "02:42:ac:11:00:02", "hwdst": "00:00:00:00:00:00"}),
    (scapy.IP, {"src": "10.0.0.2", "dst": "10.0.0.3", "flags": 2, "ttl": 3, "len": 20, "proto": 6}),
    (scapy.IPv6, {"src": "fe80::1", "dst": "ff02::1", "nh": 58, "hlim": 255, "plen": 0}),
    (scapy.TCP, {"sport": 1, "dport": 2, "flags": 0x12, "options": [("MSS", 1460)], "dataofs": 6}),
    (scapy.UDP, {"sport": 1, "dport": 2, "len": 8}),
    (scapy.ICMP, {"type": 8, "id": 7, "seq": 1}),
    (scapy.ICMPv6ND_NA, {"tgt": "fe80::1", "R": 0, "S": 1, "O": 1}),
    (scapy.ICMPv6NDOptSrcLLAddr, {"lladdr": "02:42:ac:11:00:02"}),
    (scapy.ICMPv6NDOptUnknown, {"type": 14, "len": 1, "data": b"nonce!"}),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "values"), LAYERS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_copy_is_what_the_class_makes(layer: Any, values: dict[str, Any]) -> None:
    template = Template(layer())
    made, again = template(**values), template()
    assert type(made) is layer
    assert (made.fields, bytes(made), made.summary()) == (
        layer(**values).fields,
        bytes(layer(**values)),
        made.summary(),
    )
    assert made.show(dump=True) == layer(**values).show(dump=True)
    assert again.fields == layer().fields


def test_copies_stack_without_touching_each_other() -> None:
    header, data = Template(scapy.UDP(sport=1, dport=2)), Template(scapy.RawLayer())
    one, other = header(), header()
    stack(one, data(load=b"one"))
    stack(other, data(load=b"other"))
    assert bytes(one)[8:] == b"one" and bytes(other)[8:] == b"other"
    assert not header().payload
