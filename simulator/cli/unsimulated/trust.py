"""`docker trust`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

KEY_GENERATE = Command(
    usage="NAME",
    options=(Option("dir", "string", "Directory to generate key in, defaults to current directory"),),
    least=1,
    most=1,
)

KEY_LOAD = Command(
    usage="[OPTIONS] KEYFILE",
    options=(Option("name", "string", "Name for the loaded key", default="signer"),),
    least=1,
    most=1,
)

SIGNER_ADD = Command(
    usage="OPTIONS NAME REPOSITORY [REPOSITORY...] ",
    options=(Option("key", "list", "Path to the signer's public key file"),),
    least=2,
    most=None,
)

SIGNER_REMOVE = Command(
    usage="[OPTIONS] NAME REPOSITORY [REPOSITORY...]",
    options=(
        Option("force", "bool", "Do not prompt for confirmation before removing the most recent signer", short="f"),
    ),
    least=2,
    most=None,
)

INSPECT = Command(
    usage="IMAGE[:TAG] [IMAGE[:TAG]...]",
    options=(Option("pretty", "bool", "Print the information in a human friendly format"),),
    least=1,
    most=None,
)

REVOKE = Command(
    usage="[OPTIONS] IMAGE[:TAG]",
    options=(Option("yes", "bool", "Do not prompt for confirmation", short="y"),),
    least=1,
    most=1,
)

SIGN = Command(
    usage="IMAGE:TAG",
    options=(Option("local", "bool", "Sign a locally tagged image"),),
    least=1,
    most=1,
)
