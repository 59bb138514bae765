"""Options of log drivers: which there are, and what they take. Mirrors moby's daemon/logger and its json-file and local
drivers.

Names are looked at when a container is made, values only when its driver is needed, at its start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote_plus

from simulator.engine.errors import InvalidParameter, System
from simulator.engine.fields import Document

DRIVERS = frozenset({"json-file", "local", "none", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk"})

_OF_THE_LOGGER = frozenset({"mode", "max-buffer-size"})
_OPTIONS = {
    "json-file": frozenset({"max-file", "max-size", "compress", "labels", "labels-regex", "env", "env-regex", "tag"}),
    "local": frozenset({"max-file", "max-size", "compress"}),
}
_UNKNOWN = {
    "json-file": "unknown log opt '{}' for json-file log driver",
    "local": "unknown log opt '{}' for log driver local",
}
_SIZE = re.compile(r"(\d+(?:\.\d+)*) ?[kKmMgGtTpP]?[iI]?[bB]?")
_BOOLEANS = ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")


def check_logging(log: Document) -> None:
    """The LogConfig of a new container (logger.ValidateLogOpts). Raises InvalidParameter."""
    driver, options = log["Type"], log["Config"] or {}
    if driver == "none":
        return
    mode = options.get("mode", "")
    if mode not in ("", "blocking", "non-blocking"):
        raise InvalidParameter(f"logger: logging mode not supported: {mode}")
    if "max-buffer-size" in options and mode != "non-blocking":
        raise InvalidParameter("logger: max-buffer-size option is only supported with 'mode=non-blocking'")
    if not _SIZE.fullmatch(options.get("max-buffer-size", "0")):
        size = options["max-buffer-size"]
        raise InvalidParameter(f"error parsing option max-buffer-size: invalid size: '{size}'")
    if driver not in DRIVERS:
        raise InvalidParameter(f'error looking up logging plugin {driver}: plugin "{driver}" not found')
    for option in options:
        if driver in _OPTIONS and option not in _OPTIONS[driver] | _OF_THE_LOGGER:
            raise InvalidParameter(_UNKNOWN[driver].format(option))


def extra_attributes(config: Document, log: Document) -> str:
    """What `docker logs --details` shows: the labels and variables that the driver was told to keep."""
    options, labels = log["Config"] or {}, config["Labels"] or {}
    environment = dict(entry.split("=", 1) for entry in config["Env"] or [] if "=" in entry)
    kept: dict[str, str] = {}
    for option, values in (("labels", labels), ("env", environment)):
        names, pattern = options.get(option, "").split(","), options.get(f"{option}-regex")
        for name, value in values.items():
            if name in names or (pattern and re.search(pattern, name)):
                kept[name] = value
    if options.get("tag"):
        kept["tag"] = options["tag"]
    return ",".join(f"{quote_plus(name)}={quote_plus(kept[name])}" for name in sorted(kept))


def check_values(log: Document) -> None:
    """What the driver itself finds wrong when a container starts. Raises System."""
    wrong = _wrong(log["Config"] or {}) if log["Type"] == "json-file" else ""
    if wrong:
        raise System(f"failed to initialize logging driver: {wrong}")


def _wrong(options: Mapping[str, str]) -> str:
    size, count, compress = (options.get(name) for name in ("max-size", "max-file", "compress"))
    if size is not None:
        match = _SIZE.fullmatch(size)
        if not match:
            return f"invalid size: '{size}'"
        if not float(match[1]):
            return "max-size must be a positive number"
    if count is not None:
        if not re.fullmatch(r"[+-]?[0-9]+", count):
            return f'strconv.Atoi: parsing "{count}": invalid syntax'
        if int(count) < 1:
            return "max-file cannot be less than 1"
    if compress is not None and compress not in _BOOLEANS:
        return f'strconv.ParseBool: parsing "{compress}": invalid syntax'
    if compress in _BOOLEANS[:6] and (size is None or int(count or 1) == 1):
        return "compress cannot be true when max-file is less than 2 or max-size is not set"
    return ""
