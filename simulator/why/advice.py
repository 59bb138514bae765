"""What may help a packet that died: for each drop code the commands that remove such causes, the likeliest first.

These are guesses from the state of the lab. Nobody sees one before it has been tried in a replay (see simulator.trial).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from simulator.engine.container import Container
from simulator.kernel.netns import NetNamespace
from simulator.lab import Lab
from simulator.trace import BridgeForwarded, PolicyApplied, RuleMatched
from simulator.why.case import Advice, Case
from simulator.why.road import Road


def candidates(lab: Lab, road: Road, line: str) -> list[Advice]:
    """What may help, the likeliest first."""
    if road.dropped is None:
        return []
    case = Case(lab, road, line, road.dropped)
    find = _BY_CODE.get(road.dropped.code)
    return list(dict.fromkeys(find(case))) if find else []


def _no_route(case: Case) -> Iterator[Advice]:
    sender, owner = case.sender, case.owner(case.destination)
    if sender:
        isolated = "none" in case.networks(sender)
        before = f"docker network disconnect none {sender.name} && " if isolated else ""
        for network in case.networks(owner) if owner else []:
            yield Advice(case.host, f"{before}docker network connect {network} {sender.name}")
        for attachment in sender.attachments.values():
            gateway = attachment.shown["Gateway"]
            if gateway:
                command = f"docker exec --privileged {sender.name} ip route add default via {gateway}"
                yield Advice(case.host, command)
        yield Advice(case.host, f"{before}docker network connect bridge {sender.name}")
    machine = case.died.machine
    plan = next((plan for plan in case.lab.layout.machines if plan.name == machine), None)
    if not case.died.netns:
        yield from _links_up(case)
    if plan and plan.gateway and not case.died.netns:
        yield Advice(machine, f"ip route add default via {plan.gateway}")
    yield from _published(case, owner)


def _published(case: Case, owner: Container | None) -> Iterator[Advice]:
    """The host's port in place of the container's address."""
    for entry in _bindings(owner) if owner else []:
        spelled = re.escape(case.destination) + r"(:\d+)?"
        instead = re.sub(spelled, f"{_card_address(case)}:{entry['HostPort']}", case.line, count=1)
        if instead != case.line:
            yield Advice(case.host, instead=instead)


def _bindings(container: Container) -> list[dict[str, str]]:
    """The HostIp and HostPort of a container's published ports."""
    return [entry for entries in (container.ports or {}).values() for entry in entries or []]


def _card_address(case: Case) -> str:
    devices = case.lab.machine(case.host).netns.listed()
    own = [address.ip for device in devices if device.name == "eth0" for address in device.addresses]
    return next((ip for ip in own if ":" not in ip), "")


def _neighbour_failed(case: Case) -> Iterator[Advice]:
    for container in case.containers:
        if not container.running:
            yield Advice(case.host, f"docker start {container.name}")
    for container in case.containers:
        if container.netns:
            for device in container.netns.listed():
                if not device.up:
                    command = f"docker exec --privileged {container.name} ip link set {device.name} up"
                    yield Advice(case.host, command)
    yield from _links_up(case)
    for container in case.containers:
        for ip in _addresses(container):
            if case.destination in case.line:
                yield Advice(case.host, instead=case.line.replace(case.destination, ip))


def _addresses(container: Container) -> list[str]:
    devices = container.netns.listed() if container.netns else []
    return [a.ip for device in devices for a in device.addresses if a.scope == "global" and a.version == 4]


def _links_up(case: Case) -> Iterator[Advice]:
    for name, machine in case.lab.machines.items():
        for device in machine.netns.listed():
            if not device.up:
                yield Advice(name, f"ip link set {device.name} up")


def _device_down(case: Case) -> Iterator[Advice]:
    yield case.there(f"ip link set {case.died.detail} up")
    yield from _neighbour_failed(case)


def _not_forwarding(case: Case) -> Iterator[Advice]:
    yield case.there("sysctl -w net.ipv4.ip_forward=1")
    yield from _published(case, case.owner(case.destination))


def _filtered(case: Case) -> Iterator[Advice]:
    sender, owner = case.sender, case.owner(case.destination)
    rule = next((p.record for p in reversed(case.road.phases) if isinstance(p.record, RuleMatched)), None)
    by_rule = "rule" in case.died.detail and rule is not None
    own = by_rule and rule is not None and not rule.made_by.startswith("docker")
    if own and rule is not None:
        program = "ip6tables" if ":" in case.destination else "iptables"
        table = "" if rule.table == "filter" else f"-t {rule.table} "
        yield case.there(f"{program} {table}{rule.rule.replace('-A ', '-D ', 1)}")
    if sender and owner:
        for network in case.networks(owner):
            if network not in case.networks(sender):
                yield Advice(case.host, f"docker network connect {network} {sender.name}")
    elif sender and by_rule and not own:
        yield Advice(case.host, f"docker network connect bridge {sender.name}")
    yield from _published(case, owner)
    yield from _accepting(case)


def _accepting(case: Case) -> Iterator[Advice]:
    """A rule of one's own in front, or another policy."""
    table, _, rest = case.died.detail.partition(" ")
    chain = rest.partition(":")[0]
    hooks = [p.record.hook for p in case.road.phases if isinstance(p.record, RuleMatched | PolicyApplied)]
    hook = hooks[-1] if hooks else chain
    source, destination = case.road.addresses
    if hook == "FORWARD":
        yield Advice(case.host, f"iptables -I DOCKER-USER -d {destination} -j ACCEPT")
        reached = _last_target(case)
        if reached:
            yield Advice(case.host, f"iptables -I DOCKER-USER -d {reached} -j ACCEPT")
    elif hook in ("INPUT", "OUTPUT"):
        end = f"-s {source}" if hook == "INPUT" else f"-d {destination}"
        yield case.there(f"iptables -I {hook} {end} -j ACCEPT")
    if "policy" in case.died.detail:
        yield case.there(f"iptables -t {table} -P {chain} ACCEPT")


def _last_target(case: Case) -> str:
    """Where DNAT had sent the packet."""
    for phase in reversed(case.road.phases):
        if phase.kind == "nat" and " becomes " in phase.text:
            return ".".join(phase.text.rpartition(" > ")[2].split(".")[:4])
    return ""


def _port_closed(case: Case) -> Iterator[Advice]:
    asked = re.search(r"(\d+)$", case.died.detail)
    number = asked.group(1) if asked else ""
    for container in case.containers:
        if not container.running:
            yield Advice(case.host, f"docker start {container.name}")
    spelled = f":{number}" if f":{number}" in case.line else f" {number}" if f" {number}" in case.line else ""
    for port in _listening(case.netns()):
        if spelled:
            yield Advice(case.host, instead=case.line.replace(spelled, f"{spelled[0]}{port}"))
        elif case.destination in case.line:
            yield Advice(case.host, instead=case.line.replace(case.destination, f"{case.destination}:{port}"))
        elif "localhost" in case.line:
            yield Advice(case.host, instead=case.line.replace("localhost", f"localhost:{port}"))
    if not case.died.netns and case.died.machine == case.host:
        yield from _on_every_address(case, number)
        for container in case.containers:
            for port in container.config.get("ExposedPorts") or {}:
                inside = port.partition("/")[0]
                yield Advice(case.host, f"docker run -d -p {number}:{inside} {container.config['Image']}")
        yield Advice(case.host, f"docker run -d -p {number}:80 httpd")


def _on_every_address(case: Case, number: str) -> Iterator[Advice]:
    """A container that publishes the port to one address alone, begun anew for all."""
    for container in case.containers:
        for port, entries in (container.ports or {}).items():
            if any(entry["HostPort"] == number for entry in entries or []):
                name, inside, image = container.name, port.partition("/")[0], container.config["Image"]
                again = f"docker run -d --name {name} -p {number}:{inside} {image}"
                yield Advice(case.host, f"docker rm -f {name} && {again}")


def _listening(netns: NetNamespace) -> list[int]:
    rows = [row for row in netns.sockets.list() if row.proto == "tcp" and row.state == "LISTEN"]
    return list(dict.fromkeys(int(row.local[1]) for row in rows if not row.local[0].startswith("127.")))


def _ttl(case: Case) -> Iterator[Advice]:
    without = re.sub(r" -t ?\d+| --ttl[= ]\d+", "", case.line)
    if without != case.line:
        yield Advice(case.host, instead=without)


def _too_big(case: Case) -> Iterator[Advice]:
    mtu = re.search(r"mtu (\d+)", case.died.detail)
    fits = int(mtu.group(1)) - 28 if mtu else 1472
    smaller = re.sub(r"-s ?\d+", f"-s {fits}", case.line)
    if smaller != case.line:
        yield Advice(case.host, instead=smaller)
    may_be_cut = re.sub(r" -M ?do", "", case.line)
    if may_be_cut != case.line:
        yield Advice(case.host, instead=may_be_cut)


def _echo_ignored(case: Case) -> Iterator[Advice]:
    yield case.there("sysctl -w net.ipv4.icmp_echo_ignore_all=0")


def _martian(case: Case) -> Iterator[Advice]:
    yield case.there("sysctl -w net.ipv4.conf.all.rp_filter=0")
    yield case.there("sysctl -w net.ipv4.conf.all.route_localnet=1")
    device = case.died.detail.rpartition(" on ")[2]
    yield case.there(f"sysctl -w net.ipv4.conf.{device}.rp_filter=0 net.ipv4.conf.all.rp_filter=0")


def _bridge_port(case: Case) -> Iterator[Advice]:
    yield Advice(case.died.machine, f"ip link set {case.died.detail} up")
    bridge = next((p.record for p in case.road.phases if isinstance(p.record, BridgeForwarded)), None)
    if bridge:
        yield Advice(case.died.machine, f"ip link set {bridge.bridge} up")


def _conntrack(case: Case) -> Iterator[Advice]:
    yield case.there("conntrack -F")


_BY_CODE: dict[str, Callable[[Case], Iterator[Advice]]] = {
    "NO_ROUTE": _no_route,
    "NEIGHBOUR_FAILED": _neighbour_failed,
    "DEVICE_DOWN": _device_down,
    "NO_CARRIER": _device_down,
    "NOT_FORWARDING": _not_forwarding,
    "FILTER_DROP": _filtered,
    "FILTER_REJECT": _filtered,
    "PORT_CLOSED": _port_closed,
    "TTL_EXCEEDED": _ttl,
    "TOO_BIG": _too_big,
    "ECHO_IGNORED": _echo_ignored,
    "MARTIAN": _martian,
    "BRIDGE_PORT_DOWN": _bridge_port,
    "NAT_FAILED": _conntrack,
}
