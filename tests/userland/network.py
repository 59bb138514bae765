"""Worlds with names and services, for tests of network programs."""

from __future__ import annotations

from simulator.clock import MS, S, Steps
from simulator.kernel.process import Process
from simulator.kernel.running import Program
from simulator.userland.httpd import httpd
from simulator.userland.outside import outside_dns
from simulator.versions import DEFAULT_VERSION
from tests.kernel.network import World

PAGE = "<html><body><h1>It works!</h1></body></html>\n"


class Site(World):
    """Machine "b" (10.0.0.2) serves names and files; machine "a" asks it and has some names of its own."""

    def __init__(self, *, seed: int = 0, engine: str = DEFAULT_VERSION) -> None:
        super().__init__(seed=seed, engine=engine)
        for machine in self.machines.values():
            machine.disk.make_directory("/etc")
            machine.disk.make_directory("/tmp")
            machine.disk.write("/etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost\n10.0.0.2 web www\n")
            machine.disk.write("/etc/host.conf", "multi on\n")
            machine.disk.write("/etc/resolv.conf", "nameserver 10.0.0.2\n")
        disk = self.machines["b"].disk
        disk.write("/etc/zone", "10.0.0.2 web.test\n10.0.0.3 two.test\n10.0.0.4 two.test\nfd00::1 six.test\n")
        disk.make_directory("/var/www", parents=True)
        disk.write("/var/www/index.html", PAGE)
        self.serve(outside_dns, "outside-dns", "10.0.0.2", "/etc/zone")

    def say(self, *texts: bytes, port: int = 81, read: bool = True, closes: bool = True) -> Process:
        """A server on "b" that gives each connection the next text; what it was asked is appended to /asked."""

        def program(process: Process) -> Steps:
            listener = process.socket("inet", "stream")
            listener.bind("", port)
            listener.listen(5)
            process.disk.write("/asked", b"")
            for text in texts:
                connection = yield listener.accept()
                if not read:
                    yield process.sleep(5 * MS)
                else:
                    process.disk.write("/asked", (yield connection.recv()), append=True)
                if text:
                    connection.send(text)
                if closes:
                    connection.close()
            yield process.sleep(1000 * S)

        return self.serve(program)

    @property
    def asked(self) -> str:
        return self.machines["b"].disk.read("/asked").decode()

    def serve(self, program: Program, *argv: str, machine: str = "b") -> Process:
        """Starts a service and lets it come up."""
        process = self.spawn(machine, program, *argv)
        self.advance(5 * MS)
        return process

    def web(self) -> Process:
        return self.serve(httpd, "httpd", "-f", "-p", "80", "-h", "/var/www")
