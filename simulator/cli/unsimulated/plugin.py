"""`docker plugin`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

CREATE = Command(
    usage="[OPTIONS] PLUGIN PLUGIN-DATA-DIR",
    options=(Option("compress", "bool", "Compress the context using gzip"),),
    least=2,
    most=None,
)

DISABLE = Command(
    usage="[OPTIONS] PLUGIN",
    options=(Option("force", "bool", "Force the disable of an active plugin", short="f"),),
    least=1,
    most=1,
)

ENABLE = Command(
    usage="[OPTIONS] PLUGIN",
    options=(Option("timeout", "int", "HTTP client timeout (in seconds)", default="30"),),
    least=1,
    most=1,
)

INSPECT = Command(
    usage="[OPTIONS] PLUGIN [PLUGIN...]",
    options=(Option("format", "string", "Format the output using the given Go template", short="f"),),
    least=1,
    most=None,
)

INSTALL = Command(
    usage="[OPTIONS] PLUGIN [KEY=VALUE...]",
    options=(
        Option("alias", "string", "Local name for plugin"),
        Option("disable", "bool", "Do not enable the plugin on install"),
        Option("disable-content-trust", "bool", "Skip image verification", default="true"),
        Option("grant-all-permissions", "bool", "Grant all permissions necessary to run the plugin"),
    ),
    least=1,
    most=None,
)

LS = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'enabled=true')", short="f"),
        Option("format", "string", "Pretty-print plugins using a Go template"),
        Option("no-trunc", "bool", "Don't truncate output"),
        Option("quiet", "bool", "Only display plugin IDs", short="q"),
    ),
)

PUSH = Command(
    usage="[OPTIONS] PLUGIN[:TAG]",
    options=(Option("disable-content-trust", "bool", "Skip image signing", default="true"),),
    least=1,
    most=1,
)

RM = Command(
    usage="[OPTIONS] PLUGIN [PLUGIN...]",
    options=(Option("force", "bool", "Force the removal of an active plugin", short="f"),),
    least=1,
    most=None,
)

SET = Command(
    usage="PLUGIN KEY=VALUE [KEY=VALUE...]",
    least=2,
    most=None,
)

UPGRADE = Command(
    usage="[OPTIONS] PLUGIN [REMOTE]",
    options=(
        Option("disable-content-trust", "bool", "Skip image verification", default="true"),
        Option("grant-all-permissions", "bool", "Grant all permissions necessary to run the plugin"),
        Option("skip-remote-check", "bool", "Do not check if specified remote plugin matches existing plugin image"),
    ),
    least=1,
    most=2,
)
