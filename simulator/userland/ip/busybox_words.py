"""How busybox's ip reads its words and words its refusals; the rest is iproute2's code, which it once was."""

from __future__ import annotations

import errno

from simulator.kernel.errors import strerror
from simulator.userland.ip.words import Complaint, Words

_COMPLAINTS = (
    ("Command line is not complete", 'command line is not complete, try "help"'),
    ("Cannot find device ", "can't find device '{}'"),
    ("Device ", "can't find device '{}'"),
    ('Error: either "', 'either "{0}" is duplicate, or "{1}" is garbage'),
    ("Error: inet address", 'an inet address is expected rather than "{}"'),
    ("Error: inet6 address", 'an inet6 address is expected rather than "{}"'),
    ("Error: any valid prefix", 'an inet prefix is expected rather than "{}"'),
    ('Not enough information: "dev"', 'need "dev IFACE"'),
    ("Flush requires arguments", "flush requires an argument"),
    ('"ip route flush"', '"ip route flush" requires an argument'),
    ("need at least a destination", "need at least destination address"),
    ("Error: inet prefix", 'an inet prefix is expected rather than "{}"'),
    ('Error: argument "', "invalid argument '{}' to 'ip'"),
)


def reworded(text: str) -> str:
    """What iproute2 says in busybox's words."""
    quoted = text.split('"')[1::2]
    if text.startswith("RTNETLINK answers"):
        return text
    if "nud state is bad" in text:
        return f"invalid argument '{quoted[0]}' to 'nud state'"
    for beginning, pattern in _COMPLAINTS:
        if text.startswith(beginning):
            names = quoted[1:] if beginning.startswith(("Not", '"ip')) else quoted
            return pattern.format(*(names or [""]))
    return text.removesuffix(".")


def kernel_refusal(refusal: OSError) -> Complaint:
    return Complaint(f"RTNETLINK answers: {strerror(refusal.errno or 0)}", 2)


def invalid(word: str) -> Complaint:
    return Complaint(f'Error: argument "{word}" is wrong')


def command(words: Words, names: str) -> str:
    """The command among these that the next word is the beginning of; show without a word. Raises Complaint."""
    if not words:
        return "show"
    word = words.take()
    for name in names.split():
        if name.startswith(word):
            return "show" if name == "list" else name
    raise invalid(word)


_SENTENCES = {
    "Error: ipv4: Address already assigned.": errno.EEXIST,
    "Error: ipv6: address already assigned.": errno.EEXIST,
    "Error: ipv4: Address not found.": errno.EADDRNOTAVAIL,
    "Error: ipv6: address not found.": errno.EADDRNOTAVAIL,
    "Error: ipv6: IPv6 is disabled on this device.": errno.EACCES,
    "Error: Nexthop has invalid gateway.": errno.ENETUNREACH,
    "Error: Nexthop device is not up.": errno.ENETDOWN,
    "Error: Invalid prefsrc address.": errno.EINVAL,
    "Error: Invalid prefix for given prefix length.": errno.EINVAL,
}


def plain(complaint: Complaint) -> Complaint:
    """The kernel's own sentences are not for busybox: it shows the errno."""
    number = _SENTENCES.get(complaint.text)
    return complaint if number is None else Complaint(f"RTNETLINK answers: {strerror(number)}", 2)
