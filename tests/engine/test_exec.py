"""Further programs in containers, and clients at their standard streams."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import S
from simulator.engine.errors import Conflict, InvalidParameter, NotFound
from simulator.engine.stream import EscapeFilter, keys_from_text

MISSING = (
    "OCI runtime exec failed: exec failed: unable to start container process: "
    'exec: "nosuch": executable file not found in $PATH: unknown'
)


def test_an_exec_prints_and_has_an_exit_code(world: Any) -> None:
    identity = world.start("sleep", "100", name="c1")
    made = world.engine.exec_create("c1", {"Cmd": ["say", "x", "4"], "AttachStdout": True})["Id"]
    before = world.engine.exec_inspect(made)
    assert (before["Running"], before["ExitCode"], before["Pid"]) == (False, None, 0)
    assert world.drain(world.wait(world.engine.exec_start(made))) == "x\n"
    after = world.engine.exec_inspect(made)
    assert list(after) == [
        "ID", "Running", "ExitCode", "ProcessConfig", "OpenStdin", "OpenStderr", "OpenStdout", "CanRemove",
        "ContainerID", "DetachKeys", "Pid",
    ]  # fmt: skip
    assert (after["ExitCode"], after["ContainerID"]) == (4, identity)
    assert after["ProcessConfig"] == {"tty": False, "entrypoint": "say", "arguments": ["x", "4"], "privileged": False}


def test_variables_given_to_exec_do_not_last(world: Any) -> None:
    world.start("sleep", "100", name="c1", Env=["BASE=1"])
    assert "BASE=2\n" in world.exec("c1", "env", Env=["BASE=2"])
    assert "BASE=1\n" in world.exec("c1", "env")


def test_directory_and_user_are_the_execs_or_the_containers(world: Any) -> None:
    world.start("sleep", "100", name="c1", Hostname="box", User="bob", WorkingDir="/data")
    assert world.exec("c1", "id") == "1000 bob /data box\n"
    assert world.exec("c1", "id", User="root", WorkingDir="/tmp") == "0 root /tmp box\n"


@pytest.mark.parametrize(
    ("directory", "reason"),
    [
        (
            "/nosuch",
            'unable to start container process: chdir to cwd ("/nosuch") set in config.json failed: no such file or directory',
        ),
        ("rel", "Cwd must be an absolute path"),
    ],
)
def test_directories_that_an_exec_cannot_be_in(world: Any, directory: str, reason: str) -> None:
    world.start("sleep", "100", name="c1")
    text = f"OCI runtime exec failed: exec failed: {reason}: unknown\r\n"
    assert world.exec("c1", "env", WorkingDir=directory) == text


def test_an_exec_on_a_terminal_has_term(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    assert "TERM=xterm\r\n" in world.exec("c1", "env", Tty=True)
    assert "TERM" not in world.exec("c1", "env")


@pytest.mark.parametrize(("seconds", "printed"), [("1", "now\nlate\n"), ("7", "now\n")])
def test_the_engine_waits_a_little_for_what_an_exec_left_running(world: Any, seconds: str, printed: str) -> None:
    world.start("sleep", "100", name="c1")
    begun = world.clock.now
    assert world.exec("c1", "leave", seconds) == printed
    assert world.clock.now - begun < 3 * S


def test_terminals_of_a_container_are_numbered(world: Any) -> None:
    world.start("cat", name="c1", Tty=True, OpenStdin=True)
    made = [world.engine.exec_create("c1", {"Cmd": ["sleep", "9"], "Tty": True})["Id"] for _ in range(2)]
    for identity in made:
        world.wait(world.engine.exec_start(identity, detach=True))
    execs = world.engine.daemon.execs
    assert [execs[identity].streams.tty.number for identity in made] == [1, 2]


def test_piped_input_ends_when_the_client_has_no_more(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    made = world.engine.exec_create("c1", {"Cmd": ["cat"], "AttachStdin": True, "AttachStdout": True})["Id"]
    stream = world.wait(world.engine.exec_start(made))
    stream.write(b"piped\n")
    stream.close_write()
    assert world.drain(stream) == "piped\n"


def test_an_exec_that_cannot_start_says_so_to_its_client(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    made = world.engine.exec_create("c1", {"Cmd": ["nosuch"], "AttachStdout": True})["Id"]
    assert world.drain(world.wait(world.engine.exec_start(made))) == f"{MISSING}\r\n"
    assert world.engine.exec_inspect(made)["ExitCode"] == 126


def test_without_a_client_it_is_the_requests_refusal(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    made = world.engine.exec_create("c1", {"Cmd": ["nosuch"]})["Id"]
    with pytest.raises(InvalidParameter) as refused:
        world.wait(world.engine.exec_start(made, detach=True))
    assert refused.value.message == MISSING


def test_older_engines_say_it_in_older_words(make: Any) -> None:
    world = make(engine="18.09")
    world.start("sleep", "100", name="c1")
    assert world.exec("c1", "nosuch") == (
        "OCI runtime exec failed: exec failed: container_linux.go:348: starting container process caused "
        '"exec: \\"nosuch\\": executable file not found in $PATH": unknown\r\n'
    )


def test_an_exec_runs_once(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    made = world.engine.exec_create("c1", {"Cmd": ["env"]})["Id"]
    world.wait(world.engine.exec_start(made, detach=True))
    with pytest.raises(Conflict, match=f"Error: Exec command {made} has already run"):
        world.engine.exec_start(made)


def test_what_an_exec_needs(world: Any) -> None:
    identity = world.create(name="c1")
    with pytest.raises(Conflict, match=f"Container {identity} is not running"):
        world.engine.exec_create("c1", {"Cmd": ["env"]})
    with pytest.raises(InvalidParameter, match="No exec command specified"):
        world.engine.exec_create("c1", {"Cmd": []})
    with pytest.raises(NotFound, match="No such exec instance: nosuch"):
        world.engine.exec_inspect("nosuch")


def test_only_running_execs_are_shown(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    made = world.engine.exec_create("c1", {"Cmd": ["sleep", "2"]})["Id"]
    world.wait(world.engine.exec_start(made, detach=True))
    assert world.engine.container_inspect("c1")["ExecIDs"] == [made]
    world.advance(3 * S)
    assert world.engine.container_inspect("c1")["ExecIDs"] is None


def test_execs_in_events(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    world.exec("c1", "say", "x")
    world.advance(S)
    assert world.actions("container")[2:] == [
        "container exec_create: say x", "container exec_start: say x", "container exec_die",
    ]  # fmt: skip


# -- attach ------------------------------------------------------------------------------------------------------------


def test_every_client_sees_what_any_of_them_types(world: Any) -> None:
    world.start("cat", name="c1", Tty=True, OpenStdin=True)
    wanted = {"stdin": True, "stdout": True, "stderr": True, "stream": True}
    one, other = (world.engine.container_attach("c1", **wanted) for _ in range(2))
    one.write(b"hi\n")
    world.advance(S)
    one.write(b"\x10\x11")
    world.engine.container_kill("c1")
    assert world.drain(one) == world.drain(other) == "hi\r\nhi\r\n"
    assert (one.detached, other.detached) == (True, False)


def test_leaving_by_the_keys_leaves_the_container_running(world: Any) -> None:
    world.start("cat", name="c1", Tty=True, OpenStdin=True)
    stream = world.engine.container_attach("c1", stdin=True, stdout=True, stream=True, detach_keys="a,b")
    stream.write(b"\x10\x11xab")
    assert stream.detached
    assert world.state("c1")["Running"]
    assert world.actions("container")[-2:] == ["container attach", "container detach"]


def test_without_a_terminal_the_keys_mean_nothing(world: Any) -> None:
    world.start("cat", name="c1", OpenStdin=True)
    stream = world.engine.container_attach("c1", stdin=True, stdout=True, stream=True)
    stream.write(b"\x10\x11")
    assert not stream.detached
    assert world.wait(stream.read()) == (1, b"\x10\x11")


def test_standard_input_ends_with_its_first_client_if_it_is_opened_once(world: Any) -> None:
    identity = world.create("cat", OpenStdin=True, StdinOnce=True)
    stream = world.engine.container_attach(identity, stdin=True, stdout=True, stream=True)
    world.wait(world.engine.container_start(identity))
    stream.write(b"x")
    stream.close_write()
    assert world.drain(stream) == "x"
    assert world.wait(world.engine.container_wait(identity))["StatusCode"] == 0


def test_the_size_of_the_terminal_is_the_clients(world: Any) -> None:
    identity = world.start("cat", name="c1", Tty=True, OpenStdin=True)
    world.engine.container_resize("c1", 50, 132)
    tty = world.engine.daemon.containers.find(identity).streams.tty
    assert (tty.rows, tty.columns) == (50, 132)


@pytest.mark.parametrize(
    ("keys", "typed", "passed", "detached"),
    [
        (b"\x10\x11", [b"a\x10", b"b"], b"a\x10b", False),
        (b"\x10\x11", [b"a\x10", b"\x11b"], b"a", True),
        (b"\x10\x11", [b"\x10\x10\x11"], b"\x10", True),
        (b"ab", [b"aab"], b"a", True),
        (b"aab", [b"aaab"], b"a", True),
    ],
)
def test_the_detach_keys_are_taken_out(keys: bytes, typed: list[bytes], passed: bytes, detached: bool) -> None:
    escape = EscapeFilter(keys)
    results = [escape.feed(data) for data in typed]
    assert (b"".join(data for data, _ in results), results[-1][1]) == (passed, detached)


@pytest.mark.parametrize(
    ("text", "keys"), [("ctrl-p,ctrl-q", b"\x10\x11"), ("a", b"a"), ("ctrl-@,ctrl-[", b"\x00\x1b")]
)
def test_keys_have_names(text: str, keys: bytes) -> None:
    assert keys_from_text(text) == keys


def test_keys_that_are_none(world: Any) -> None:
    world.start("cat", name="c1", Tty=True)
    with pytest.raises(InvalidParameter, match=r"Invalid detach keys \(ctrl-1\) provided"):
        world.engine.container_attach("c1", stdout=True, detach_keys="ctrl-1")


def test_who_attaches_may_have_what_was_written_before(world: Any) -> None:
    world.start("cat", name="c1", Tty=True, OpenStdin=True)
    world.engine.container_attach("c1", stdin=True, stream=True).write(b"early\n")
    world.advance(S)
    wanted = {"stdout": True, "stream": True}
    late = world.engine.container_attach("c1", logs=True, **wanted)
    later = world.engine.container_attach("c1", **wanted)
    only_logs = world.engine.container_attach("c1", stdout=True, logs=True)
    assert world.drain(only_logs) == "early\r\nearly\r\n"
    world.engine.container_kill("c1")
    assert (world.drain(late), world.drain(later)) == ("early\r\nearly\r\n", "")


def test_input_that_stays_open_outlives_its_client(world: Any) -> None:
    world.start("cat", name="c1", OpenStdin=True)
    first = world.engine.container_attach("c1", stdin=True, stdout=True, stream=True)
    first.close_write()
    assert world.wait(first.read()) is None
    second = world.engine.container_attach("c1", stdin=True, stdout=True, stream=True)
    second.write(b"still here")
    assert world.wait(second.read()) == (1, b"still here")


def test_reading_ahead_gives_the_same_event_until_it_has_come(world: Any) -> None:
    world.start("cat", name="c1", OpenStdin=True)
    stream = world.engine.container_attach("c1", stdin=True, stdout=True, stream=True)
    event = stream.read()
    assert stream.read() is event
    stream.write(b"x")
    assert world.wait(event) == (1, b"x")
    stream.close()
    assert world.wait(stream.read()) is None
    stream.write(b"into the void")
