"""Which network program stands behind which name: busybox's applets, the tools of a Debian host, and inetutils.

Values are references "module:function", imported when the program first runs. Everything else is in `applets`.
"""

from __future__ import annotations

PACKAGE = "simulator.userland"

# module: the programs in it that are the same for whoever has them
_COMMON = {
    "conntrack": "conntrack",
    "curl": "curl",
    "iptables": "ip6tables iptables",
}
_BUSYBOX = {
    "httpd": "httpd",
    "ifconfig.busybox": "ifconfig",
    "ip.busybox": "ip ipneigh",
    "nc": "nc",
    "nslookup": "nslookup",
    "ping.busybox": "ping ping6",
    "telnet": "telnet",
    "wget": "wget",
}
_HOST = {
    "ifconfig.nettools": "ifconfig",
    "ip.iproute": "ip",
    "nc": "nc",
    "ping.iputils": "ping ping4 ping6",
}
_INETUTILS = {"ping.inetutils": "ping"}

# Names that Python cannot give to a function.
_DASHED = {
    f"{tool}-{verb}": f"{PACKAGE}.iptables:{tool}_{verb}" for tool in ("iptables", "ip6tables") for verb in ("save", "restore")
}


def _table(*modules: dict[str, str]) -> dict[str, str]:
    return {name: f"{PACKAGE}.{module}:{name}" for part in modules for module, names in part.items() for name in names.split()}


BUSYBOX_NET: dict[str, str] = _table(_BUSYBOX)
HOST_NET: dict[str, str] = _table(_COMMON, _HOST) | _DASHED
INETUTILS: dict[str, str] = _table(_INETUTILS)
