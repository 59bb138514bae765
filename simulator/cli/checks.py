"""Checks of single option values: what docker/cli/opts validates while it reads the command line.

Each gives the value as it counts from then on, or raises ValueError with the text that follows the option's name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.golang.nat import parsed_ip
from simulator.golang.reference import reference_from_text

if TYPE_CHECKING:
    from simulator.kernel.process import Process

_BLANKS = " \t"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]*[a-zA-Z0-9])"
_DOMAIN = re.compile(rf"({_LABEL}(?:\.{_LABEL})*)\.?\s*")
_SYSCTLS = (
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
    "kernel.shmmni", "kernel.shm_rmid_forced",
)  # fmt: skip
_CGROUP_RULE = re.compile(r"[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}")


def environment(text: str, process: Process) -> str:
    """NAME=value; a bare NAME takes the value that the client has itself, if it has one."""
    name, equals, _ = text.partition("=")
    if not name:
        raise ValueError(f"invalid environment variable: {text}")
    if not equals and name in process.env:
        return f"{name}={process.env[name]}"
    return text


def label(text: str, process: Process) -> str:
    key = text.partition("=")[0].lstrip(_BLANKS)
    if not key:
        raise ValueError(f"invalid label '{text}': empty name")
    if any(blank in key for blank in _BLANKS):
        raise ValueError(f"label '{key}' contains whitespaces")
    return text


def image_name(text: str, process: Process) -> str:
    reference_from_text(text)
    return text


def link(text: str, process: Process) -> str:
    if not text:
        raise ValueError("empty string specified for links")
    if text.count(":") > 1:
        raise ValueError(f"bad format for links: {text}")
    return text


def ip_address(text: str, process: Process) -> str:
    address = parsed_ip(text.strip())
    if address is None:
        raise ValueError(f"{text} is not an ip address")
    return str(address)


def dns_search(text: str, process: Process) -> str:
    domain = text.strip(" ")
    if domain == ".":
        return domain
    match = _DOMAIN.fullmatch(domain)
    if not re.search("[a-zA-Z]", domain) or not match or len(match[1]) >= 255:
        raise ValueError(f"{domain} is not a valid domain")
    return match[1]


def extra_host(text: str, process: Process) -> str:
    """name:address, where the address may be host-gateway."""
    name, colon, address = text.partition(":")
    if not colon or not name:
        raise ValueError(f'bad format for add-host: "{text}"')
    if address != "host-gateway" and parsed_ip(address.strip()) is None:
        raise ValueError(f'invalid IP address in add-host: "{address}"')
    return text


def attached_stream(text: str, process: Process) -> str:
    if text.lower() not in ("stdin", "stdout", "stderr"):
        raise ValueError("valid streams are STDIN, STDOUT and STDERR")
    return text.lower()


def sysctl(text: str, process: Process) -> str:
    name, equals, _ = text.partition("=")
    if not equals or not (name in _SYSCTLS or name.startswith(("net.", "fs.mqueue."))):
        raise ValueError(f"sysctl '{text}' is not whitelisted")
    return text


def cgroup_rule(text: str, process: Process) -> str:
    if not _CGROUP_RULE.fullmatch(text):
        raise ValueError(f"invalid device cgroup format '{text}'")
    return text
