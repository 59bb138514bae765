"""Captures as pcapng: what other tools read in them."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.journal import Journal, Settings
from simulator.sandbox import Sandbox
from simulator.ui.shell.reports import capture

COMMANDS = [
    ("docker-host", "docker run -d --name web -p 8080:80 httpd"),
    ("outside", "curl -s 10.0.2.15:8080"),
    ("docker-host", "curl -s localhost:8080"),
    ("docker-host", "ping -c 1 -s 3000 10.0.2.2"),
    ("docker-host", "iptables -I DOCKER-USER -p tcp --dport 80 -j DROP"),
    ("outside", "curl -s -m 2 10.0.2.15:8080"),
]


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    made = Sandbox(Journal(Settings("20.10")))
    for machine, line in COMMANDS:
        made.use(machine)
        made.run_line(line)
    return made


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data:
        kind, length = struct.unpack_from("<II", data)
        assert struct.unpack_from("<I", data, length - 4)[0] == length
        yield kind, data[8 : length - 4]
        data = data[length:]


def comments(data: bytes) -> list[str]:
    found = []
    for kind, body in blocks(data):
        if kind == 6:
            size = struct.unpack_from("<I", body, 12)[0]
            code, length = struct.unpack_from("<HH", body, 20 + size + -size % 4)
            assert code == 1
            found.append(body[24 + size + -size % 4 :][:length].decode())
    return found


def test_every_frame_has_a_comment_and_every_device_an_interface(sandbox: Sandbox) -> None:
    data, count = capture(sandbox, [])
    kinds = [kind for kind, _ in blocks(data)]
    assert (kinds[0], kinds.count(6)) == (0x0A0D0D0A, count)
    assert len(comments(data)) == count > 50
    assert kinds.count(1) >= 5


def test_comments_tell_rules_rewrites_and_deaths(sandbox: Sandbox) -> None:
    told = "\n".join(comments(capture(sandbox, [])[0]))
    assert "nat: DNAT: " in told
    assert "[by: docker run -d --name web -p 8080:80 httpd]" in told
    assert "dies in docker-host: FILTER_DROP: filter DOCKER-USER: rule 1" in told


def test_devices_are_chosen_by_name(sandbox: Sandbox) -> None:
    data, count = capture(sandbox, ["web/eth0"])
    assert [kind for kind, _ in blocks(data)].count(1) == 1
    assert 0 < count < capture(sandbox, [])[1]


def test_the_same_world_gives_the_same_bytes(sandbox: Sandbox) -> None:
    assert capture(sandbox, [])[0] == capture(sandbox, [])[0]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
@pytest.mark.parametrize("devices", [[], ["web/eth0"], ["outside/eth0"], ["docker-host/docker0"]])
def test_tshark_reads_it_without_a_malformed_frame_or_a_wrong_checksum(
    sandbox: Sandbox, tmp_path: Path, devices: list[str]
) -> None:
    """Of all devices together TCP streams are not put together: a segment that two devices see is no retransmission."""
    data, count = capture(sandbox, devices)
    (tmp_path / "frames.pcapng").write_bytes(data)
    checks = [f"{kind}.check_checksum:TRUE" for kind in ("ip", "tcp", "udp")]
    checks += [] if devices else ["tcp.desegment_tcp_streams:FALSE"]
    options = [word for check in checks for word in ("-o", check)]

    def tshark(*more: str) -> list[str]:
        command = ["tshark", "-n", "-r", str(tmp_path / "frames.pcapng"), *options, *more]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()

    assert len(tshark("-Y", "frame.comment")) == count
    assert tshark("-Y", "_ws.malformed") == []
    assert tshark("-Y", "ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0") == []
