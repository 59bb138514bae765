"""The names of a network: who is found under which name, and which name an address leads back to."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.network.endpoint import Endpoint, EndpointConfig
from simulator.engine.network.records import Records


def endpoint(name: str, ip: str, *aliases: str, **more: Any) -> Endpoint:
    made = Endpoint(f"id of {name}", name, None, EndpointConfig(), ipv4=f"{ip}/16", aliases=aliases)  # type: ignore[arg-type]
    for key, value in more.items():
        setattr(made, key, value)
    return made


def test_a_container_is_found_by_its_name_and_its_aliases_in_any_case() -> None:
    records = Records()
    records.add(endpoint("web", "172.18.0.2", "www", "Site.Example.Test"))
    assert [records.addresses(name) for name in ("web", "WWW", "site.example.test.", "db")] == [
        ["172.18.0.2"],
        ["172.18.0.2"],
        ["172.18.0.2"],
        [],
    ]


def test_one_alias_of_several_containers_has_all_their_addresses() -> None:
    records = Records()
    members = [endpoint(f"w{number}", f"172.18.0.{number}", "web") for number in (2, 3, 4)]
    for member in members:
        records.add(member)
    records.remove(members[1])
    assert records.addresses("web") == ["172.18.0.2", "172.18.0.4"]


def test_an_address_leads_back_to_the_name_and_not_to_an_alias() -> None:
    records = Records()
    records.add(endpoint("web", "172.18.0.2", "www"))
    assert records.name_of("2.0.18.172") == "web"
    assert records.name_of("3.0.18.172") == ""


def test_a_container_that_was_not_named_has_no_name_but_its_aliases() -> None:
    records = Records()
    records.add(endpoint("jolly_cerf", "172.18.0.2", "c18b97e60929", anonymous=True))
    assert records.addresses("jolly_cerf") == []
    assert records.addresses("c18b97e60929") == ["172.18.0.2"]
    assert records.name_of("2.0.18.172") == "c18b97e60929"


def test_adding_again_changes_nothing_and_removing_leaves_nothing() -> None:
    records, web = Records(), endpoint("web", "172.18.0.2", "www", ipv6="fd00::2/64")
    records.add(web)
    records.add(web)
    assert records.addresses("web", 6) == ["fd00::2"]
    assert records.name_of("2." + "0." * 27 + "0.d.f") in ("web", "")
    records.remove(web)
    assert (records.addresses("web"), records.addresses("web", 6), records.name_of("2.0.18.172")) == ([], [], "")
    assert not records.names(without="")


@pytest.mark.parametrize(("without", "names"), [("web", ["www", "web2"]), ("www", ["web", "web2"])])
def test_the_names_for_hosts_files_leave_out_ones_own(without: str, names: list[str]) -> None:
    records = Records()
    records.add(endpoint("web", "172.18.0.2", "www"))
    records.add(endpoint("web2", "172.18.0.3"))
    others = records.names(without=without)
    assert sorted(others) == sorted(names)
    assert all(name in others for name in names) and without not in others
