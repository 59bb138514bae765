"""What `iptables -L` prints: tables with columns of fixed width (print_header and print_rule in iptables)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from simulator.kernel.netfilter.addresses import Net
from simulator.kernel.netfilter.chain import Chain, ChainRule
from simulator.kernel.netfilter.options import NUMBERS, Names
from simulator.kernel.netfilter.protocols import ALWAYS_NAMED, NAME, protocol_name
from simulator.kernel.netfilter.rule import Header, Rule
from simulator.kernel.netfilter.targets import Jump
from simulator.userland.iptables.dialect import Dialect

KILO_FROM = 99_999  # numbers above are shortened


class Format(Struct, frozen=True):
    """How to list: -n, -v, -x, --line-numbers."""

    dialect: Dialect
    names: Names = NUMBERS
    verbose: bool = False
    exact: bool = False
    line_numbers: bool = False


def chain_lines(chain: Chain, how: Format) -> Iterator[str]:
    """A chain with its head, column titles and rules."""
    yield f"Chain {chain.name} ({_about(chain, how)})"
    yield _titles(how)
    yield from rule_lines(chain, how)


def rule_lines(chain: Chain, how: Format, only: int | None = None) -> Iterator[str]:
    """The rules of a chain, or one of them."""
    for number, entry in enumerate(chain.rules, 1):
        if only in (None, number):
            yield _line(entry, number, how)


def changed_line(rule: Rule, dialect: Dialect) -> str:
    """What -v prints of a rule that was added or removed: the same without columns."""
    header, how = rule.header, Format(dialect)
    parts = [
        rule.target.title if rule.target else "",
        f" {'!' if header.not_proto else ''}{protocol_name(header.proto)} opt {_fragment(header)}",
        f"in {_device(header.device_in, header.not_in, '*')} out {_device(header.device_out, header.not_out, '*')}",
        f" {'!' if header.not_source else ''}{_net(header.source, header, how)} ",
        f"-> {'!' if header.not_destination else ''}{_net(header.destination, header, how)}  ",
    ]
    return " ".join(parts) + _details(rule, NUMBERS)


def _about(chain: Chain, how: Format) -> str:
    if chain.policy is None:
        return f"{chain.references} references"
    if not how.verbose:
        return f"policy {chain.policy.value}"
    packets, octets = (number_text(number, exact=how.exact) for number in (chain.packets, chain.bytes))
    return f"policy {chain.policy.value} {packets} packets, {octets} bytes"


def _titles(how: Format) -> str:
    counters = "" if not how.verbose else "    pkts      bytes " if how.exact else " pkts bytes "
    devices = "in     out     " if how.verbose else ""
    number = "num  " if how.line_numbers else ""
    return f"{number}{counters}{'target':<9}  prot opt {devices}{'source':<19}  {'destination':<19} "


def _line(entry: ChainRule, number: int, how: Format) -> str:
    header = entry.rule.header
    text = f"{number:<4} " if how.line_numbers else ""
    if how.verbose:
        for count in (entry.packets, entry.bytes):
            text += f"{number_text(count, exact=how.exact):>{8 if how.exact else 5}} "
    text += f"{entry.rule.target.title if entry.rule.target else '':<9} "
    text += f"{'!' if header.not_proto else ' '}{_protocol(header, how):<4} {_fragment(header)} "
    if how.verbose:
        anything = "*" if how.names.numeric else "any"
        text += f" {_device(header.device_in, header.not_in, anything):<6} "
        text += f"{_device(header.device_out, header.not_out, anything):<6} "
    text += f"{'!' if header.not_source else ' '}{_net(header.source, header, how):<19} "
    text += f"{'!' if header.not_destination else ' '}{_net(header.destination, header, how):<19} "
    return text + _details(entry.rule, how.names)


def _details(rule: Rule, names: Names) -> str:
    """What the matches and the target add behind the columns."""
    goto = "[goto] " if isinstance(rule.target, Jump) and rule.target.goto else ""
    target = rule.target.listing(names) if rule.target else ""
    return goto + "".join(match.listing(names) for match in rule.matches) + target


def _protocol(header: Header, how: Format) -> str:
    proto = header.proto
    if not how.names.numeric:
        return protocol_name(proto)
    return NAME[proto] if proto in ALWAYS_NAMED and not how.dialect.numeric_protocols else str(proto)


def _fragment(header: Header) -> str:
    return {None: "--", True: "-f", False: "!f"}[header.fragment]


def _device(name: str, inverted: bool, anything: str) -> str:
    return f"{'!' if inverted else ''}{name or anything}"


def _net(net: Net | None, header: Header, how: Format) -> str:
    if net is None:
        everywhere = "0.0.0.0/0" if header.version == 4 else "::/0"
        return everywhere if how.names.numeric else "anywhere"
    suffix = "" if net.prefix in (32, 128) and net.prefix == {4: 32, 6: 128}[net.version] else net.suffix
    return how.names.host(net.base) + suffix


def number_text(number: int, *, exact: bool) -> str:
    """A counter, shortened to K, M, G, T unless exact: 99999, 100K, 9999K, 10M."""
    if exact or number <= KILO_FROM:
        return str(number)
    for unit in "KMG":
        number = (number + 500) // 1000
        if number <= 9999:
            return f"{number}{unit}"
    return f"{(number + 500) // 1000}T"


def listed_nets(chain: Chain, only: int | None = None) -> list[str]:
    """The addresses that a list shows, in its order: whose names are asked for without -n."""
    entries = [entry for number, entry in enumerate(chain.rules, 1) if only in (None, number)]
    nets = [net for entry in entries for net in (entry.rule.header.source, entry.rule.header.destination)]
    return [net.base for net in nets if net]
