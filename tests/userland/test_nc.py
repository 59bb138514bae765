"""busybox nc and telnet."""

from __future__ import annotations

import pytest

from simulator.clock import MS, S, Steps
from simulator.kernel.process import Process
from simulator.userland.nc import nc
from simulator.userland.telnet import telnet, without_commands
from tests.userland.network import Site


def cat(process: Process) -> Steps:
    while data := (yield process.stdin.read()):
        process.write(data)
    return 0


def output(process: Process) -> str:
    written: bytearray = process.stdout.written  # type: ignore[attr-defined]
    return bytes(written).decode()


def test_what_one_reads_the_other_prints() -> None:
    site = Site()
    server = site.serve(nc, "nc", "-l", "-p", "5000")
    out = server.stdout
    assert site.run("a", nc, "nc", "web", "5000", stdin=b"hello\n") == ("", "", 0)
    site.until(server.exited)
    assert (bytes(out.written), server.status) == (b"hello\n", 0)  # type: ignore[attr-defined]


def test_a_listener_takes_one_connection_only() -> None:
    site = Site()
    site.serve(nc, "nc", "-l", "-p", "5000")
    site.run("a", nc, "nc", "web", "5000", stdin=b"x")
    assert site.run("a", nc, "nc", "web", "5000")[2] == 1


def test_a_program_behind_a_port_for_everyone() -> None:
    site = Site()
    site.machines["b"].disk.make_directory("/bin")
    site.machines["b"].disk.install("/bin/cat", cat)
    site.serve(nc, "nc", "-ll", "-p", "3306", "-e", "/bin/cat")
    for text in (b"select 1\n", b"select 2\n"):
        assert site.run("a", nc, "nc", "-w", "1", "web", "3306", stdin=text) == (text.decode(), "", 0)
    rows = [row for row in site.machines["b"].netns.sockets.list() if row.proto == "tcp"]
    assert [(row.local, row.state, row.program, row.backlog) for row in rows][:1] == [(("::", 3306), "LISTEN", "nc", 2)]


def test_a_program_behind_one_connection_takes_the_place_of_nc() -> None:
    site = Site()
    site.machines["b"].disk.make_directory("/bin")
    site.machines["b"].disk.install("/bin/cat", cat)
    server = site.serve(nc, "nc", "-lp", "3306", "-e", "cat")
    assert site.run("a", nc, "nc", "web", "3306", stdin=b"echo")[0] == "echo"
    site.until(server.exited)
    assert server.argv == ["cat"]


def test_a_program_that_is_not_there() -> None:
    site = Site()
    server = site.serve(nc, "nc", "-lp", "3306", "-e", "/no/such")
    err = server.stderr
    site.run("a", nc, "nc", "web", "3306")
    site.until(server.exited)
    text = bytes(err.written).decode()  # type: ignore[attr-defined]
    assert (text, server.status) == ("nc: can't execute '/no/such': No such file or directory\n", 1)


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (["nosuch", "80"], "nc: bad address 'nosuch'\n"),
        (["web", "5001"], "nc: can't connect to remote host (10.0.0.2): Connection refused\n"),
        (["10.0.0.77", "1"], "nc: can't connect to remote host (10.0.0.77): No route to host\n"),
        (["-w", "1", "10.0.0.77", "1"], "nc: timed out\n"),
        (["-w", "1", "-l", "-p", "7"], "nc: timed out\n"),
        (["::1", "80"], "nc: can't connect to remote host: Connection refused\n"),
        (["web", "http"], "nc: bad port 'http'\n"),
        (["web", "99999"], "nc: bad port '99999'\n"),
        (["web"], "nc: can't connect to remote host (10.0.0.2): Connection refused\n"),
        (["-f", "/dev/ttyS0"], "nc: docklab does not simulate -f\n"),
    ],
)
def test_outcomes(words: list[str], err: str) -> None:
    assert Site().run("a", nc, "nc", *words) == ("", err, 1)


def test_a_taken_port_is_refused() -> None:
    site = Site()
    site.web()
    assert site.run("b", nc, "nc", "-l", "-p", "80") == ("", "nc: bind: Address already in use\n", 1)


@pytest.mark.parametrize(("words", "status"), [([], 1), (["-z", "web", "80"], 1), (["--help"], 0)])
def test_help(words: list[str], status: int) -> None:
    _, err, code = Site().run("a", nc, "nc", *words)
    assert code == status and "Usage: nc [-iN] [-wN] [-l]" in err


def test_the_timeout_ends_with_the_connection() -> None:
    site = Site()
    site.serve(nc, "nc", "-l", "-p", "5000")
    client = site.spawn("a", nc, "nc", "-w", "1", "web", "5000", stdin=b"x")
    site.advance(500 * MS)
    site.until(client.exited, 5 * S)
    assert client.status == 0


def test_telnet_shows_what_the_server_says() -> None:
    site = Site()

    def greeter(process: Process) -> Steps:
        listener = process.socket("inet", "stream")
        listener.bind("", 23)
        listener.listen(1)
        connection = yield listener.accept()
        connection.send(b"\xff\xfd\x01hello\r\n")
        assert (yield connection.recv()) == b"\xff\xfc\x01"
        return 0

    site.serve(greeter)
    reading = site.spawn("a", telnet, "telnet", "web")
    reading.set_file(0, _silence(site))
    out = reading.stdout
    site.until(reading.exited)
    assert bytes(out.written).startswith(b"Connected to web\nhello\r\n")  # type: ignore[attr-defined]


def _silence(site: Site) -> object:
    from simulator.kernel.files import Pipe

    pipe = Pipe(site.clock)
    pipe.writer.hold()
    return pipe.reader


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (["web", "81"], "telnet: can't connect to remote host (10.0.0.2): Connection refused\n"),
        (["nosuch"], "telnet: bad address 'nosuch'\n"),
    ],
)
def test_telnet_outcomes(words: list[str], err: str) -> None:
    assert Site().run("a", telnet, "telnet", *words) == ("", err, 1)


@pytest.mark.parametrize(
    ("data", "text", "refusals"),
    [
        (b"plain", b"plain", b""),
        (b"a\xff\xffb", b"a\xffb", b""),
        (b"\xff\xfb\x03x", b"x", b"\xff\xfe\x03"),
        (b"\xff\xfd", b"", b""),
    ],
)
def test_commands_of_a_telnet_server_are_refused(data: bytes, text: bytes, refusals: bytes) -> None:
    assert without_commands(data) == (text, refusals)
