"""The versions of Docker that a lab can have, and all in which they differ.

A difference is a field here with one value per version; code asks the field, never the version's name.
"""

from __future__ import annotations

from msgspec import Struct


class Version(Struct, frozen=True):
    """One version of Docker Engine, and what the host it came with looks like."""

    name: str
    engine: str  # what `docker version` prints
    api: str
    minimum_api: str
    table_width: int  # columns of the client's tables are at least this wide
    help: str  # which help texts the client has
    ipv6_bindings: bool  # -p 80:80 publishes on [::] as well
    default_bridge_gateway: bool  # whether inspect shows the gateway of the network `bridge`
    loopback_qlen: int  # txqueuelen of lo, which follows the kernel
    enhanced_dad: bool  # duplicate address detection carries a nonce (RFC 7527; Linux 4.10)
    syn_linear_timeouts: int  # SYNs that are sent again after a second each before the wait doubles (Linux 6.5)
    stable_privacy: bool  # cards make their link-local address at random (NetworkManager, RFC 7217)
    kernel: str
    kernel_build: str  # `uname -v`
    operating_system: str
    curl: str
    ping_connect: str  # how iputils' ping begins to say that there is no road: "ping: connect"
    ping_too_long: str  # and that a packet is too long
    iptables: str  # iptables' own version text
    go: str
    git_commit: str
    built: str
    standalone_ash: bool  # ash finds the applets of its own binary before it looks into $PATH, as Debian builds it
    debian_images: bool  # whether httpd, mysql and nginx are built on Debian, or are stand-ins on busybox
    docker_hub: bool  # whether the host that its outputs were recorded on could reach Docker Hub
    runc_config_error: str  # how a container is told that runc would not make; {} is runc's reason
    runc_create_error: str  # and a program that did not start
    runc_exec_error: str


VERSIONS: dict[str, Version] = {
    "18.09": Version(
        name="18.09",
        engine="18.09.0",
        api="1.39",
        minimum_api="1.12",
        table_width=20,
        help="18.09",
        ipv6_bindings=False,
        default_bridge_gateway=False,
        loopback_qlen=1,
        enhanced_dad=False,
        syn_linear_timeouts=0,
        stable_privacy=True,
        kernel="3.10.0-862.el7.x86_64",
        kernel_build="#1 SMP Fri Apr 20 16:44:24 UTC 2018",
        operating_system="CentOS Linux 7 (Core)",
        curl="7.29.0",
        ping_connect="connect",
        ping_too_long="Message too long",
        iptables="v1.4.21",
        go="go1.10.4",
        git_commit="4d60db4",
        built="Wed Nov  7 00:48:22 2018",
        standalone_ash=False,
        debian_images=True,
        docker_hub=True,
        runc_config_error="OCI runtime create failed: {}: unknown",
        runc_create_error=(
            'OCI runtime create failed: container_linux.go:348: starting container process caused "{}": unknown'
        ),
        runc_exec_error=(
            'OCI runtime exec failed: exec failed: container_linux.go:348: starting container process caused "{}": unknown'
        ),
    ),
    "20.10": Version(
        name="20.10",
        engine="20.10.24+dfsg1",
        api="1.41",
        minimum_api="1.12",
        table_width=10,
        help="20.10",
        ipv6_bindings=True,
        default_bridge_gateway=True,
        loopback_qlen=1000,
        enhanced_dad=True,
        syn_linear_timeouts=4,  # the recordings were made on a kernel newer than Debian 12 has
        stable_privacy=False,
        kernel="6.1.0-18-amd64",
        kernel_build="#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)",
        operating_system="Debian GNU/Linux 12 (bookworm)",
        curl="7.88.1",
        ping_connect="ping: connect",
        ping_too_long="message too long",
        iptables="v1.8.9 (nf_tables)",
        go="go1.19.8",
        git_commit="297e128",
        built="Thu May 18 08:38:34 2023",
        standalone_ash=True,
        debian_images=False,
        docker_hub=False,
        runc_config_error="failed to create shim task: OCI runtime create failed: runc create failed: {}: unknown",
        runc_create_error=(
            "failed to create shim task: OCI runtime create failed: runc create failed: "
            "unable to start container process: {}: unknown"
        ),
        runc_exec_error="OCI runtime exec failed: exec failed: unable to start container process: {}: unknown",
    ),
}
DEFAULT_VERSION = "20.10"


def version(name: str) -> Version:
    """The version of this name. Raises ValueError with one clear line for any other."""
    if name not in VERSIONS:
        raise ValueError(f"docklab has no engine '{name}'; it has {', '.join(VERSIONS)}")
    return VERSIONS[name]
