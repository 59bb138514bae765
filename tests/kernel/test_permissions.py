"""What a process that is not root, or a root without capabilities, may do with files."""

from __future__ import annotations

import errno

import pytest

from simulator.clock import Clock
from simulator.kernel.credentials import ROOT, Credentials
from simulator.kernel.disk import Disk
from simulator.kernel.machine import Machine
from simulator.kernel.process import Process
from simulator.trace import Trace
from simulator.versions import VERSIONS


@pytest.fixture
def disk() -> Disk:
    made = Disk()
    for path, mode in (("/open", 0o777), ("/closed", 0o755)):
        made.make_directory(path, mode=mode)
        made.write(f"{path}/file", "text", mode=0o644)
    made.write("/secret", "text", mode=0o600)
    return made


def process(disk: Disk, who: Credentials, capabilities: frozenset[str] | None = None) -> Process:
    machine = Machine("host", Clock(), Trace(), version=VERSIONS["20.10"])
    made = machine.spawn(["x"], program=lambda _: iter(()), disk=disk)
    made.become(who, capabilities)
    return made


def refusal(action: object, *arguments: object, **more: object) -> int | None:
    try:
        action(*arguments, **more)  # type: ignore[operator]
    except OSError as failure:
        return failure.errno
    return None


def test_a_user_reads_and_writes_what_the_bits_allow(disk: Disk) -> None:
    seen = process(disk, Credentials(uid=1000)).disk
    assert refusal(seen.read, "/closed/file") is None
    assert refusal(seen.read, "/secret") == errno.EACCES
    assert refusal(seen.write, "/closed/file", "x") == errno.EACCES
    assert refusal(seen.write, "/closed/new", "x") == errno.EACCES
    assert refusal(seen.remove, "/closed/file") == errno.EACCES
    assert refusal(seen.remove, "/open/file") is None
    assert refusal(seen.write, "/open/new", "x") is None
    assert disk.lookup("/open/new").uid == 1000


def test_only_the_owner_changes_bits_and_nobody_gives_files_away(disk: Disk) -> None:
    seen = process(disk, Credentials(uid=1000)).disk
    seen.write("/open/mine", "x")
    assert refusal(seen.set_mode, "/open/mine", 0o600) is None
    assert refusal(seen.set_mode, "/closed/file", 0o666) == errno.EPERM
    assert refusal(seen.set_owner, "/open/mine", 5) == errno.EPERM


def test_mounts_are_guarded_as_well(disk: Disk) -> None:
    inside = Disk()
    inside.write("/file", "text")
    disk.mount("/mounted", inside)
    assert refusal(process(disk, Credentials(uid=1000)).disk.write, "/mounted/file", "x") == errno.EACCES


def test_root_may_everything_unless_it_lacks_the_capability(disk: Disk) -> None:
    assert process(disk, ROOT).disk is disk
    weak = process(disk, ROOT, frozenset({"FOWNER"})).disk
    assert refusal(weak.set_mode, "/closed/file", 0o600) is None
    assert refusal(weak.set_owner, "/closed/file", 5) == errno.EPERM
