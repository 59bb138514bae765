"""Which network programs there are, for images to install: name to "module:function".

`BUSYBOX_NET` is what busybox 1.35 has as Debian builds it (Alpine and the stand-ins), `HOST_NET` what the Docker host
and the machine beyond it have (Debian 12), `INETUTILS` the ping of images built on Debian. A program is imported when
it first runs.
"""

from __future__ import annotations

_HERE = "simulator.userland"

BUSYBOX_NET: dict[str, str] = {
    name: f"{_HERE}.{place}"
    for name, place in {
        "arp": "arp.busybox:arp",
        "arping": "arping:arping",
        "brctl": "brctl.busybox:brctl",
        "httpd": "httpd:httpd",
        "ifconfig": "ifconfig.busybox:ifconfig",
        "ip": "ip.busybox:ip",
        "ipneigh": "ip.busybox:ipneigh",
        "nc": "nc:nc",
        "netstat": "netstat.busybox:netstat",
        "nsenter": "nsenter:busybox_nsenter",
        "nslookup": "nslookup:nslookup",
        "ping": "ping.busybox:ping",
        "ping6": "ping.busybox:ping6",
        "route": "route.busybox:route",
        "sysctl": "sysctl:busybox_sysctl",
        "telnet": "telnet:telnet",
        "traceroute": "traceroute.busybox:traceroute",
        "traceroute6": "traceroute.busybox:traceroute6",
        "wget": "wget:wget",
    }.items()
}

HOST_NET: dict[str, str] = {
    name: f"{_HERE}.{place}"
    for name, place in {
        "arp": "arp.nettools:arp",
        "brctl": "brctl.utils:brctl",
        "bridge": "bridge:bridge",
        "conntrack": "conntrack:conntrack",
        "curl": "curl:curl",
        "getent": "getent:getent",
        "ifconfig": "ifconfig.nettools:ifconfig",
        "ip": "ip.iproute:ip",
        "ip6tables": "iptables:ip6tables",
        "ip6tables-restore": "iptables:ip6tables_restore",
        "ip6tables-save": "iptables:ip6tables_save",
        "iptables": "iptables:iptables",
        "iptables-restore": "iptables:iptables_restore",
        "iptables-save": "iptables:iptables_save",
        "netstat": "netstat.nettools:netstat",
        "nsenter": "nsenter:nsenter",
        "ping": "ping.iputils:ping",
        "ping4": "ping.iputils:ping4",
        "ping6": "ping.iputils:ping6",
        "route": "route.nettools:route",
        "ss": "ss.command:ss",
        "sysctl": "sysctl:sysctl",
        "tcpdump": "tcpdump:tcpdump",
        "traceroute": "traceroute.modern:traceroute",
        "traceroute6": "traceroute.modern:traceroute6",
    }.items()
}

INETUTILS: dict[str, str] = {"ping": f"{_HERE}.ping.inetutils:ping"}
