"""`docker engine`, which 18.09 alone has: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

_CONTAINERD = Option("containerd", "string", "override default location of containerd endpoint")
_IMAGE = "Specify engine image"
_SAME_IMAGE = "Specify engine image (default uses the same image as currently running)"
_STORE = "docker.io/store/docker"

ACTIVATE = Command(
    usage="[OPTIONS]",
    options=(
        _CONTAINERD,
        Option("display-only", "bool", "only display license information and exit"),
        Option("engine-image", "string", _IMAGE),
        Option("format", "string", "Pretty-print licenses using a Go template"),
        Option("license", "string", "License File"),
        Option("quiet", "bool", "Only display available licenses by ID"),
        Option(
            "registry-prefix",
            "string",
            "Override the default location where engine images are pulled",
            default=_STORE,
        ),
        Option("version", "string", "Specify engine version (default is to use currently running version)"),
    ),
)

CHECK = Command(
    usage="[OPTIONS]",
    options=(
        _CONTAINERD,
        Option("downgrades", "bool", "Report downgrades (default omits older versions)"),
        Option("engine-image", "string", _SAME_IMAGE),
        Option("format", "string", "Pretty-print updates using a Go template"),
        Option("pre-releases", "bool", "Include pre-release versions"),
        Option("quiet", "bool", "Only display available versions", short="q"),
        Option(
            "registry-prefix",
            "string",
            "Override the existing location where engine images are pulled",
            default=_STORE,
        ),
        Option("upgrades", "bool", "Report available upgrades", default="true"),
    ),
)

UPDATE = Command(
    usage="[OPTIONS]",
    options=(
        _CONTAINERD,
        Option("engine-image", "string", _SAME_IMAGE),
        Option(
            "registry-prefix",
            "string",
            "Override the current location where engine images are pulled",
            default=_STORE,
        ),
        Option("version", "string", "Specify engine version"),
    ),
)
