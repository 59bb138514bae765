"""The tables of matches and targets name what there is."""

from __future__ import annotations

import pytest

from simulator.kernel.netfilter.matches import MATCHES, match_named
from simulator.kernel.netfilter.targets import TARGETS, target_named

SYNONYMS = {"icmpv6": "icmp6", "ipv6-icmp": "icmp6"}


@pytest.mark.parametrize("version", [4, 6])
def test_every_row_leads_to_the_class_of_that_name(version: int) -> None:
    found = {name: match_named(name, version) for name in MATCHES[version]}
    assert {name: kind.name for name, kind in found.items() if kind} == {
        name: SYNONYMS.get(name, name) for name in found
    }
    targets = {name: target_named(name, version) for name in TARGETS[version]}
    assert {name: kind.name for name, kind in targets.items() if kind} == {name: name for name in targets}
