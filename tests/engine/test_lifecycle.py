"""Containers start, end and start again as dockerd lets them."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import MS, S
from simulator.engine.container import TRANSITIONS, Status
from simulator.engine.errors import Conflict, EngineError, InvalidParameter, NotFound, NotModified, System

RUNC = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "


def test_starting_takes_a_while_and_the_output_comes_to_who_attached_before(world: Any) -> None:
    began = world.clock.now
    assert world.run("say", "hello") == "hello\nHELLO\n"
    assert 240 * MS <= world.clock.now - began <= 600 * MS


def test_a_container_has_the_exit_code_of_its_program(world: Any) -> None:
    world.run("say", "x", "3", name="c1")
    state = world.state("c1")
    assert (state["Status"], state["ExitCode"], state["Running"]) == ("exited", 3, False)
    assert state["StartedAt"] <= state["FinishedAt"]


def test_starting_what_runs_is_not_modified(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    with pytest.raises(NotModified):
        world.engine.container_start("c1")


def test_two_starts_at_once_are_one(world: Any) -> None:
    identity = world.create("sleep", "100")
    first, second = world.engine.container_start(identity), world.engine.container_start(identity)
    world.wait(first)
    with pytest.raises(NotModified):
        world.wait(second)


@pytest.mark.parametrize(
    ("program", "reason", "code"),
    [
        ("nosuch", 'exec: "nosuch": executable file not found in $PATH: unknown', 127),
        ("/nosuch", 'exec: "/nosuch": stat /nosuch: no such file or directory: unknown', 127),
        ("./rel", 'exec: "./rel": stat ./rel: no such file or directory: unknown', 127),
        ("/etc", 'exec: "/etc": permission denied: unknown', 126),
        ("/etc/passwd", 'exec: "/etc/passwd": permission denied: unknown', 126),
    ],
)
def test_a_program_that_cannot_start_leaves_the_container_created(
    world: Any, program: str, reason: str, code: int
) -> None:
    identity = world.create(program)
    with pytest.raises(InvalidParameter) as refused:
        world.wait(world.engine.container_start(identity))
    assert refused.value.message == RUNC + reason
    state = world.state(identity)
    assert (state["Status"], state["ExitCode"], state["Error"]) == ("created", code, RUNC + reason)
    assert world.engine.container_inspect(identity)["NetworkSettings"]["IPAddress"] == ""


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ({}, "/docker/{0}"),
        ({"CgroupParent": "/x"}, "/x/{0}"),
        ({"CgroupnsMode": "private"}, "/"),
    ],
)
def test_a_containers_processes_are_in_its_control_group(world: Any, host: dict[str, Any], path: str) -> None:
    identity = world.start("sleep", "100", name="c1", host=host)
    process = world.engine.daemon.containers.find("c1").process
    assert process.cgroup.path == path.format(identity)


def test_devices_of_a_driver_that_is_not_there(world: Any) -> None:
    request = {"Driver": "", "Count": -1, "Capabilities": [["gpu"]]}
    identity = world.create("sleep", "1", host={"DeviceRequests": [request]})
    with pytest.raises(System):
        world.wait(world.engine.container_start(identity))
    assert world.state(identity)["Error"] == 'could not select device driver "" with capabilities: [[gpu]]'


def test_a_start_that_fails_lets_its_clients_go(world: Any) -> None:
    identity = world.create("nosuch")
    stream = world.engine.container_attach(identity, stdout=True, stream=True)
    with pytest.raises(InvalidParameter):
        world.wait(world.engine.container_start(identity))
    assert world.drain(stream) == ""


def test_a_file_that_is_no_program_ends_with_runcs_last_words(world: Any) -> None:
    assert world.run("/bin/odd", name="c1") == "exec /bin/odd: exec format error\n"
    assert world.state("c1")["ExitCode"] == 1


def test_a_script_is_run_by_its_interpreter(world: Any) -> None:
    assert world.run("script") == "/bin/script\n/BIN/SCRIPT\n"


@pytest.mark.parametrize(
    ("user", "message"),
    [
        ("nobodyhere", "unable to find user nobodyhere: no matching entries in passwd file"),
        ("root:nosuch", "unable to find group nosuch: no matching entries in group file"),
    ],
)
def test_an_unknown_user_is_found_out_at_the_start(world: Any, user: str, message: str) -> None:
    identity = world.create("id", User=user)
    with pytest.raises(System, match=message):
        world.wait(world.engine.container_start(identity))


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        ({"Hostname": "box"}, "0 root / box"),
        ({"Hostname": "box", "User": "bob"}, "1000 bob / box"),
        ({"Hostname": "box", "User": "4711"}, "4711 4711 / box"),
        ({"Hostname": "box", "WorkingDir": "/new/dir"}, "0 root /new/dir box"),
    ],
)
def test_user_directory_and_host_name_are_the_programs_own(world: Any, config: dict[str, str], shown: str) -> None:
    assert world.run("id", **config) == f"{shown}\n"


def test_what_the_first_process_began_dies_with_it(world: Any) -> None:
    world.start("polite", name="c1")
    made = world.engine.exec_create("c1", {"Cmd": ["sleep", "1000"]})["Id"]
    world.engine.exec_start(made, detach=True)
    world.advance(S)
    assert len(world.engine.container_top("c1")["Processes"]) == 2
    world.wait(world.engine.container_stop("c1"))
    assert [p for p in world.machine.processes.values() if "sleep" in p.argv] == []


# -- stopping ----------------------------------------------------------------------------------------------------------


def test_stop_waits_ten_seconds_for_a_program_that_does_not_listen(world: Any) -> None:
    world.start("sleep", "1000", name="c1")
    began = world.clock.now
    world.wait(world.engine.container_stop("c1"))
    assert 10 * S <= world.clock.now - began <= 10.1 * S
    assert world.state("c1")["ExitCode"] == 137


def test_stop_lets_a_program_end_in_its_own_way(world: Any) -> None:
    world.start("polite", name="c1")
    began = world.clock.now
    world.wait(world.engine.container_stop("c1"))
    assert world.clock.now - began < S
    assert world.state("c1")["ExitCode"] == 3


def test_the_time_to_stop_is_the_requests_or_the_containers(world: Any) -> None:
    world.start("sleep", "1000", name="c1", StopTimeout=2)
    began = world.clock.now
    world.wait(world.engine.container_stop("c1"))
    assert 2 * S <= world.clock.now - began < 3 * S
    world.wait(world.engine.container_start("c1"))
    began = world.clock.now
    world.wait(world.engine.container_stop("c1", timeout=0))
    assert world.clock.now - began < S


def test_killing_by_name_of_signal(world: Any) -> None:
    world.start("polite", name="c1")
    world.engine.container_kill("c1", "TERM")
    assert world.wait(world.engine.container_wait("c1")) == {"Error": None, "StatusCode": 3}


def test_killing_for_good_is_answered_when_the_container_has_ended(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    world.wait(world.engine.container_kill("c1"))
    assert world.engine.container_inspect("c1")["State"]["Status"] == "exited"


@pytest.mark.parametrize(
    ("signal", "kind", "message"),
    [
        ("NOPE", InvalidParameter, "Invalid signal: NOPE"),
        ("0", InvalidParameter, "Invalid signal: 0"),
        ("99", System, "Cannot kill container: c1: The linux daemon does not support signal 99"),
    ],
)
def test_signals_that_are_none(world: Any, signal: str, kind: type[EngineError], message: str) -> None:
    world.start("sleep", "100", name="c1")
    with pytest.raises(kind) as refused:
        world.engine.container_kill("c1", signal)
    assert refused.value.message == message


def test_a_container_that_does_not_run_cannot_be_killed(world: Any) -> None:
    identity = world.create(name="c1")
    with pytest.raises(Conflict) as refused:
        world.engine.container_kill("c1")
    assert refused.value.message == f"Cannot kill container: c1: Container {identity} is not running"
    with pytest.raises(NotFound, match="Cannot kill container: ghost: No such container: ghost"):
        world.engine.container_kill("ghost")


def test_the_signal_is_read_before_the_container_is_looked_for(world: Any) -> None:
    with pytest.raises(InvalidParameter) as refused:
        world.engine.container_kill("ghost", "NOPE")
    assert refused.value.message == "Invalid signal: NOPE"


def test_docker_init_hands_signals_on(world: Any) -> None:
    world.start("sleep", "1000", name="c1", host={"Init": True})
    assert [row[-1] for row in world.engine.container_top("c1")["Processes"]] == [
        "/sbin/docker-init -- sleep 1000",
        "sleep 1000",
    ]
    began = world.clock.now
    world.wait(world.engine.container_stop("c1"))
    assert world.clock.now - began < S
    assert world.state("c1")["ExitCode"] == 143


def test_a_container_that_sees_the_hosts_processes_ends_with_its_own_alone(world: Any) -> None:
    world.start("polite", name="c1", host={"PidMode": "host"})
    made = world.engine.exec_create("c1", {"Cmd": ["sleep", "1000"]})["Id"]
    world.engine.exec_start(made, detach=True)
    world.advance(S)
    others = len(world.machine.processes)
    assert len(world.engine.container_top("c1")["Processes"]) == 2
    world.wait(world.engine.container_stop("c1"))
    assert len(world.machine.processes) == others - 3  # its two, and the shim


# -- pausing -----------------------------------------------------------------------------------------------------------


def test_a_paused_container_does_nothing_until_it_is_unpaused(world: Any) -> None:
    world.start("sleep", "2", name="c1")
    world.engine.container_pause("c1")
    world.advance(10 * S)
    assert world.state("c1")["Status"] == "paused"
    world.engine.container_unpause("c1")
    world.wait(world.engine.container_wait("c1"))
    assert world.state("c1")["ExitCode"] == 0


def test_what_a_paused_container_refuses(world: Any) -> None:
    identity = world.start("sleep", "100", name="c1")
    world.engine.container_pause("c1")
    refusals = {
        "pause": lambda: world.engine.container_pause("c1"),
        "start": lambda: world.engine.container_start("c1"),
        "exec": lambda: world.engine.exec_create("c1", {"Cmd": ["env"]}),
        "attach": lambda: world.engine.container_attach("c1", stdout=True, stream=True),
        "remove": lambda: world.engine.container_remove("c1"),
    }
    texts = {}
    for action, request in refusals.items():
        with pytest.raises(Conflict) as refused:
            request()
        texts[action] = refused.value.message
    assert texts == {
        "pause": f"Container {identity} is already paused",
        "start": "cannot start a paused container, try unpause instead",
        "exec": "Container c1 is paused, unpause the container before exec",
        "attach": "container c1 is paused, unpause the container before attach",
        "remove": f"You cannot remove a paused container {identity}. "
        "Unpause and then stop the container before attempting removal or force remove",
    }


def test_a_signal_wakes_a_paused_container(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    world.engine.container_pause("c1")
    world.engine.container_kill("c1", "HUP")
    assert world.state("c1")["Status"] == "running"
    with pytest.raises(System, match="is not paused"):
        world.engine.container_unpause("c1")


# -- restarting --------------------------------------------------------------------------------------------------------


def test_a_restart_keeps_the_container_and_its_log(world: Any) -> None:
    world.run("say", "once", name="c1")
    world.wait(world.engine.container_restart("c1", timeout=0))
    world.wait(world.engine.container_wait("c1"))
    log = world.drain(world.engine.container_logs("c1", stdout=True))
    assert log == "once\nonce\n"
    assert world.engine.container_inspect("c1")["RestartCount"] == 0


def test_on_failure_tries_so_often_and_waits_twice_as_long_each_time(world: Any) -> None:
    world.start("say", "try", "4", name="c1", host={"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2}})
    world.advance(5 * S)
    document = world.engine.container_inspect("c1")
    assert (document["RestartCount"], document["State"]["Status"], document["State"]["ExitCode"]) == (2, "exited", 4)
    assert world.drain(world.engine.container_logs("c1", stdout=True)) == "try\n" * 3


def test_on_failure_is_content_with_success(world: Any) -> None:
    world.start("say", "fine", name="c1", host={"RestartPolicy": {"Name": "on-failure"}})
    world.advance(2 * S)
    assert world.state("c1")["Status"] == "exited"


def test_while_it_waits_to_be_restarted_it_counts_as_running(world: Any) -> None:
    world.start("say", "x", "1", name="c1", host={"RestartPolicy": {"Name": "always"}})
    while world.state("c1")["Status"] != "restarting":
        world.clock.step()
    state = world.state("c1")
    assert (state["Running"], state["Restarting"], state["Pid"], state["ExitCode"]) == (True, True, 0, 1)
    assert world.engine.container_list()[0]["Status"].startswith("Restarting (1) ")


def test_stopping_ends_the_restarts(world: Any) -> None:
    world.start("say", "x", "1", name="c1", host={"RestartPolicy": {"Name": "always"}})
    while world.state("c1")["Status"] != "restarting":
        world.clock.step()
    world.wait(world.engine.container_stop("c1"))
    world.advance(60 * S)
    assert world.state("c1")["Status"] == "exited"


# -- removing ----------------------------------------------------------------------------------------------------------


def test_a_running_container_is_removed_only_by_force(world: Any) -> None:
    identity = world.start("sleep", "100", name="c1")
    with pytest.raises(Conflict) as refused:
        world.engine.container_remove("c1")
    assert refused.value.message == (
        f"You cannot remove a running container {identity}. "
        "Stop the container before attempting removal or force remove"
    )
    world.wait(world.engine.container_remove("c1", force=True))
    assert world.engine.container_list(all=True) == []
    assert not world.machine.disk.exists(f"/var/lib/docker/containers/{identity}")


@pytest.mark.parametrize("running", [False, True])
def test_removing_twice_at_once_is_refused(world: Any, *, running: bool) -> None:
    (world.start if running else world.create)("sleep", "100", name="c1")
    removed = world.engine.container_remove("c1", force=True)
    with pytest.raises(Conflict, match="removal of container c1 is already in progress"):
        world.engine.container_remove("c1", force=True)
    world.wait(removed)


def test_rm_goes_by_itself_when_its_program_has_ended(world: Any) -> None:
    identity = world.create("say", "x", "5", host={"AutoRemove": True})
    removed = world.engine.container_wait(identity, "removed")
    world.wait(world.engine.container_start(identity))
    assert world.wait(removed)["StatusCode"] == 5
    assert world.engine.container_list(all=True) == []


def test_rm_goes_as_well_when_its_program_cannot_start(world: Any) -> None:
    identity = world.create("nosuch", host={"AutoRemove": True})
    with pytest.raises(InvalidParameter):
        world.wait(world.engine.container_start(identity))
    world.advance(S)
    assert world.engine.container_list(all=True) == []


def test_prune_takes_what_does_not_run(world: Any) -> None:
    world.start("sleep", "100", name="up")
    kept = world.create(name="kept", Labels={"keep": ""})
    gone = world.create(name="gone")
    assert world.engine.containers_prune({"label!": ["keep"]}) == {"ContainersDeleted": [gone], "SpaceReclaimed": 0}
    assert world.engine.container_list(all=True)[0]["Id"] == kept


# -- renaming ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("c1", "Renaming a container with the same name as its current name"),
        ("", "Neither old nor new names may be empty"),
        ("a b", "Error when allocating new name: Invalid container name (/a b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
    ],
)  # fmt: skip
def test_names_that_cannot_be_had(world: Any, name: str, message: str) -> None:
    world.create(name="c1")
    with pytest.raises(InvalidParameter) as refused:
        world.engine.container_rename("c1", name)
    assert refused.value.message == message


def test_a_renamed_container_gives_its_old_name_back(world: Any) -> None:
    world.create(name="c1")
    world.engine.container_rename("c1", "c2")
    world.create(name="c1")
    assert [c["Names"] for c in world.engine.container_list(all=True)] == [["/c1"], ["/c2"]]


# -- the state machine and the events ----------------------------------------------------------------------------------


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(Status)


def test_a_life_in_events(world: Any) -> None:
    world.start("polite", name="c1")
    world.wait(world.engine.container_stop("c1"))
    world.wait(world.engine.container_remove("c1"))
    assert world.actions("container", "network") == [
        "container create", "network connect", "container start", "container kill", "container die",
        "network disconnect", "container stop", "container destroy",
    ]  # fmt: skip


def test_an_event_tells_image_name_labels_and_what_the_action_adds(world: Any) -> None:
    feed = world.engine.events({"event": ["die"]})
    world.run("say", "x", "7", name="c1", Labels={"tier": "front"})
    document = world.wait(feed.read())
    assert list(document) == ["status", "id", "from", "Type", "Action", "Actor", "scope", "time", "timeNano"]
    attributes = {"exitCode": "7", "image": "alpine", "name": "c1", "tier": "front"}
    assert document["Actor"]["Attributes"] == attributes
