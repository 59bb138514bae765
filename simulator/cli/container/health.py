"""--health-cmd and its kin: the HealthConfig of a container."""

from __future__ import annotations

from typing import Any

from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed

# Option, key of the document, and whether a negative value is refused here.
_SETTINGS = (
    ("health-interval", "Interval"),
    ("health-timeout", "Timeout"),
    ("health-retries", "Retries"),
    ("health-start-period", "StartPeriod"),
)
_ORDER = ("Test", "Interval", "Timeout", "StartPeriod", "Retries")


def health_config(options: Parsed) -> dict[str, Any] | None:
    """The Healthcheck of the request, None if nothing is said of it. Raises CommandError."""
    said = options["health-cmd"] or any(options[name] for name, _ in _SETTINGS)
    if options["no-healthcheck"]:
        if said:
            raise CommandError("--no-healthcheck conflicts with --health-* options")
        return {"Test": ["NONE"]}
    if not said:
        return None
    made: dict[str, Any] = {"Test": ["CMD-SHELL", options["health-cmd"]]} if options["health-cmd"] else {}
    for name, key in _SETTINGS:
        if options[name] < 0:
            raise CommandError(f"--{name} cannot be negative")
        made[key] = options[name]
    return {key: made[key] for key in _ORDER if made.get(key)}
