"""Laws of disks: paths, links, layers."""

from __future__ import annotations

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.computed import Computed, computed
from simulator.kernel.disk import Disk, Node


@pytest.fixture
def disk() -> Disk:
    made = Disk()
    made.make_directory("/etc")
    made.write("/etc/hosts", "127.0.0.1 localhost\n")
    return made


def test_what_is_written_is_read(disk: Disk) -> None:
    disk.write("/etc/hostname", "box")
    assert disk.read("/etc/hostname") == b"box"


def test_appending_keeps_what_was_there(disk: Disk) -> None:
    disk.write("/etc/hosts", "10.0.0.1 a\n", append=True)
    assert disk.read("/etc/hosts") == b"127.0.0.1 localhost\n10.0.0.1 a\n"


def test_an_upper_disk_shows_the_lower_one_and_never_changes_it(disk: Disk) -> None:
    upper = Disk(disk)
    upper.write("/etc/hosts", "changed")
    upper.make_directory("/tmp")
    assert upper.read("/etc/hosts") == b"changed"
    assert disk.read("/etc/hosts") == b"127.0.0.1 localhost\n"
    assert disk.listdir("/") == ["etc"]
    assert upper.listdir("/") == ["etc", "tmp"]


def test_what_is_removed_above_is_still_there_below(disk: Disk) -> None:
    upper = Disk(disk)
    upper.remove("/etc/hosts")
    assert not upper.exists("/etc/hosts")
    assert upper.listdir("/etc") == []
    assert disk.exists("/etc/hosts")


def test_a_removed_file_can_be_made_again(disk: Disk) -> None:
    upper = Disk(disk)
    upper.remove("/etc/hosts")
    upper.write("/etc/hosts", "new")
    assert upper.read("/etc/hosts") == b"new"


def test_links_lead_on_through_directories(disk: Disk) -> None:
    disk.symlink("/etc", "/config")
    disk.symlink("hosts", "/etc/names")
    assert disk.read("/config/names") == disk.read("/etc/hosts")
    assert disk.lookup("/etc/names", follow=False).kind == "link"


@pytest.mark.parametrize(
    ("act", "number"),
    [
        (lambda disk: disk.read("/nosuch"), errno.ENOENT),
        (lambda disk: disk.read("/nosuch/deeper"), errno.ENOENT),
        (lambda disk: disk.read("/etc"), errno.EISDIR),
        (lambda disk: disk.read("/etc/hosts/x"), errno.ENOTDIR),
        (lambda disk: disk.listdir("/etc/hosts"), errno.ENOTDIR),
        (lambda disk: disk.write("/nosuch/file", b""), errno.ENOENT),
        (lambda disk: disk.write("/etc", b""), errno.EISDIR),
        (lambda disk: disk.make_directory("/etc"), errno.EEXIST),
        (lambda disk: disk.make_directory("/a/b"), errno.ENOENT),
        (lambda disk: disk.remove("/etc"), errno.ENOTEMPTY),
        (lambda disk: disk.remove("/nosuch"), errno.ENOENT),
        (lambda disk: disk.symlink("x", "/etc/hosts"), errno.EEXIST),
    ],
)
def test_mistakes_get_the_errno_of_the_system_call(disk: Disk, act, number: int) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(OSError) as raised:
        act(disk)
    assert raised.value.errno == number


def test_a_circle_of_links_is_an_error(disk: Disk) -> None:
    disk.symlink("/b", "/a")
    disk.symlink("/a", "/b")
    with pytest.raises(OSError) as raised:
        disk.read("/a")
    assert raised.value.errno == errno.ELOOP


def test_a_mounted_disk_is_shared_by_all_who_mount_it(disk: Disk) -> None:
    volume = Disk()
    one, other = Disk(disk), Disk(disk)
    one.mount("/data", volume)
    other.mount("/data", volume)
    one.write("/data/note", "hello")
    assert other.read("/data/note") == b"hello"
    assert "data" in one.listdir("/")


def test_a_virtual_file_is_computed_at_each_reading(disk: Disk) -> None:
    values = iter("12")

    class Counter(Computed):
        def look(self, parts: list[str]) -> Node | list[str] | None:
            return computed(lambda process: next(values)) if parts == ["counter"] else ["counter"]

    disk.mount("/proc", Counter())
    assert [disk.read("/proc/counter"), disk.read("/proc/counter")] == [b"1", b"2"]


def test_removing_a_directory_with_all_in_it_leaves_nothing(disk: Disk) -> None:
    disk.make_directory("/etc/a/b", parents=True)
    disk.write("/etc/a/b/c", b"x")
    disk.remove("/etc/a", recursive=True)
    assert disk.listdir("/etc") == ["hosts"]


def test_renaming_moves_a_directory_with_all_in_it(disk: Disk) -> None:
    disk.make_directory("/etc/a/b", parents=True)
    disk.write("/etc/a/b/c", b"x")
    disk.rename("/etc/a", "/moved")
    assert disk.read("/moved/b/c") == b"x"
    assert not disk.exists("/etc/a")


names = st.sampled_from("abc")


@given(st.lists(st.tuples(st.sampled_from(["write", "remove", "mkdir"]), names, names), max_size=30))
def test_two_layers_behave_as_one_disk(steps: list[tuple[str, str, str]]) -> None:
    flat, layered = Disk(), Disk(Disk())
    for act, folder, name in steps:
        outcomes = []
        for disk in (flat, layered):
            try:
                if act == "write":
                    disk.write(f"/{folder}/{name}", b"x")
                elif act == "mkdir":
                    disk.make_directory(f"/{folder}")
                else:
                    disk.remove(f"/{folder}", recursive=True)
                outcomes.append(0)
            except OSError as failure:
                outcomes.append(failure.errno)
        assert outcomes[0] == outcomes[1]
    assert flat.listdir("/") == layered.listdir("/")


PATHS = [f"/{folder}/{name}" for folder in ("etc", "srv") for name in "abc"]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([*PATHS, "/srv"])), max_size=12))
def test_a_directory_lists_the_same_whether_or_not_it_was_listed_before(changes: list[tuple[bool, str]]) -> None:
    lower = Disk()
    for path in PATHS[:4]:
        lower.make_directory(path.rpartition("/")[0], parents=True)
        lower.write(path, "lower")
    once, often = Disk(lower), Disk(lower)
    for writes, path in changes:
        for disk in (once, often):
            if writes and path != "/srv":
                disk.make_directory(path.rpartition("/")[0], parents=True)
                disk.write(path, "upper")
            elif disk.exists(path):
                disk.remove(path, recursive=True)
        often.listdir("/")
    for folder in ("/", "/etc", "/srv"):
        assert once.exists(folder) == often.exists(folder)
        assert not once.exists(folder) or once.listdir(folder) == often.listdir(folder)
