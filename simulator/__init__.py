"""docklab: Docker networking in user space.

The rooms, from the ground up; each may use only those before it (tests/test_layers.py holds the arrows):

    clock, trace, versions   time and chance; what happened; what differs between versions of Docker
    kernel                   what Linux does: devices, bridges, neighbours, routes, IP, TCP, netfilter, processes, files
    userland                 what runs in processes: the shell, ping, curl, ip, iptables ...
    engine                   what dockerd does, speaking the documents of the Docker Engine API
    images                   what is on the disks of alpine, httpd, mysql, centos, and of the machines themselves
    cli                      what the docker client does
    lab                      machines, cables and an engine as one world
    session, lesson          recorded sessions and lessons, typed into a lab
    journal, sandbox, why    what was typed and how to come back to it; the road of packets and advice that was tried
    server, testing          the Docker Engine API for real clients; fixtures and faults for tests
    ui                       the screens
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.lab import Lab

__all__ = ["Lab"]


def __getattr__(name: str) -> Any:
    """Lab is imported when somebody asks for it, so that `docklab --help` need not."""
    if name == "Lab":
        from simulator.lab import Lab

        return Lab
    raise AttributeError(name)
