"""The lab of the recorded sessions, in small: a Docker host, a container on docker0, a machine beyond. All real."""

from __future__ import annotations

from simulator.clock import US, Clock, S
from simulator.images.host import NETWORKS, PROTOCOLS
from simulator.kernel import sysctl
from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Card, connect
from simulator.kernel.files import MemoryFile, OpenFile
from simulator.kernel.machine import Machine
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.kernel.running import Program
from simulator.kernel.tty import Tty
from simulator.kernel.veth import Veth, veth_pair
from simulator.trace import Trace
from simulator.versions import version

HOSTS = "127.0.0.1\tlocalhost\n127.0.1.1\tdocker-host\n::1\t\tlocalhost ip6-localhost\n10.0.2.2\toutside.test\n"
SERVICES = "ssh\t\t22/tcp\nhttp\t\t80/tcp\twww\nhttp-alt\t8080/tcp\twebcache\n"
CONTAINER_HOSTS = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n172.17.0.2\ta1\n"


class DockerHost:
    """Without IPv6 only what a test sends is on the wires; with it, devices have link-local addresses."""

    def __init__(self, *, ipv6: bool = False, engine: str = "20.10") -> None:
        self.clock, self.trace = Clock(seed=1), Trace()
        self.ipv6 = ipv6
        self.machine = self._machine("docker-host", engine)
        self.outside = self._machine("outside", engine)
        self.host = self.machine.netns
        self._cable()
        self.docker0 = Bridge(self.host, "docker0", mac="02:42:2e:30:5e:93")
        self.docker0.set_up()
        self.docker0.add_address("172.17.0.1/16", broadcast="172.17.255.255")
        sysctl.write(self.host, sysctl.FORWARD, "1")
        self.containers: dict[str, NetNamespace] = {}
        self.container("a1", "172.17.0.2")

    def _machine(self, name: str, engine: str) -> Machine:
        machine = Machine(name, self.clock, self.trace, version=version(engine))
        self._quiet(machine.netns)
        machine.netns.loopback.set_up()
        machine.disk.make_directory("/etc")
        machine.disk.make_directory("/bin")
        machine.disk.install("/bin/ip", "simulator.userland.ip.iproute:ip")
        machine.disk.write("/etc/hosts", HOSTS)
        machine.disk.write("/etc/host.conf", "multi on\n")
        machine.disk.write("/etc/services", SERVICES)
        machine.disk.write("/etc/protocols", PROTOCOLS)
        machine.disk.write("/etc/networks", NETWORKS)
        return machine

    def _quiet(self, netns: NetNamespace) -> None:
        if not self.ipv6:
            netns.sysctl["net.ipv6.conf.default.disable_ipv6"] = "1"
            netns.sysctl["net.ipv6.conf.lo.disable_ipv6"] = "1"

    def _cable(self) -> None:
        own = Card(self.host, "eth0", mac="08:00:27:d1:e8:e8")
        other = Card(self.outside.netns, "eth0", mac="52:54:00:12:35:02")
        connect(own, other, delay=60 * US)
        for card, addresses in ((own, ["10.0.2.15"]), (other, ["10.0.2.2", "10.0.2.3"])):
            card.set_up()
            for address in addresses:
                card.add_address(f"{address}/24", broadcast="10.0.2.255")
        self.host.fib.default("10.0.2.2", own)

    def container(self, name: str, address: str) -> Veth:
        """A container's namespace on docker0; the device is eth0 inside."""
        netns = self.containers[name] = self.machine.new_netns(name)
        self._quiet(netns)
        netns.loopback.set_up()
        mac = "02:42:" + ":".join(f"{int(octet):02x}" for octet in address.split("."))
        inner, outer = veth_pair(self.host, f"c-{name}", f"veth{name}", mac=mac, peer_mac="66:d6:46:08:db:c8")
        self.docker0.attach(outer)
        self.host.move_device(inner, netns, name="eth0")
        outer.set_up()
        inner.set_up()
        inner.add_address(f"{address}/16", broadcast="172.17.255.255")
        netns.fib.default("172.17.0.1", inner)
        return inner

    # -- processes --------------------------------------------------------------------------------------------------

    def spawn(self, program: Program, *argv: str, where: str = "host", tty: Tty | None = None) -> Process:
        """A program of the host, of the machine outside, or in a container."""
        machine = self.outside if where == "outside" else self.machine
        screen = MemoryFile(self.clock)
        files: dict[int, OpenFile] | None = None if tty else {0: MemoryFile(self.clock), 1: screen, 2: screen}
        netns = self.containers.get(where, machine.netns)
        process = machine.spawn(list(argv), program=program, files=files, tty=tty, netns=netns)
        if where in self.containers:
            process.capabilities = frozenset({"NET_RAW", "NET_BIND_SERVICE"})
        return process

    def run(
        self,
        program: Program,
        command: str,
        *,
        where: str = "host",
        limit: int = 100 * S,
        admin: bool = True,
        tty: Tty | None = None,
    ) -> tuple[str, int]:
        """Runs a program to its end; what it printed (standard output and error) and its status."""
        process = self.spawn(program, *command.split(), where=where, tty=tty)
        if admin:
            process.capabilities = None
        screen = process.stdout
        end = self.clock.now + limit
        while process.status is None and self.clock.peek() <= end:
            self.clock.step()
        assert process.status is not None, f"{command} does not end"
        if tty:
            return tty.output().decode().replace("\r\n", "\n"), process.status
        assert isinstance(screen, MemoryFile)
        return screen.written.decode(), process.status

    def advance(self, duration: int) -> None:
        self.clock.run(until=self.clock.now + duration)
