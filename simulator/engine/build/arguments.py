"""Build arguments: what ARG declares, and what --build-arg gives it. Mirrors moby's builder/dockerfile/buildargs.go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simulator.engine.build.words import environment

# Declared everywhere, and no part of an image's history.
BUILT_IN = (
    "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy",
)  # fmt: skip


class Arguments:
    """The arguments as one stage sees them."""

    def __init__(self, given: Mapping[str, str | None], before: Mapping[str, str | None] | None = None) -> None:
        """`given` is what the request says, `before` what stands before the first FROM."""
        self.given = given
        self.before = dict(before or {})
        self._declared: dict[str, str | None] = {}

    def declare(self, name: str, default: str | None) -> None:
        self._declared[name] = default

    @property
    def declared(self) -> Iterable[str]:
        return self._declared.keys()

    def values(self) -> dict[str, str]:
        """What may be used, by name."""
        return self._values(self._declared)

    def values_before(self) -> dict[str, str]:
        """What FROM may use."""
        return self._values(self.before)

    def entries(self, env: Iterable[str]) -> list[str]:
        """`NAME=value` of all that the environment does not hide, in order."""
        hidden = environment(env)
        return [f"{name}={value}" for name, value in sorted(self.values().items()) if name not in hidden]

    def remembered(self, entries: Iterable[str]) -> list[str]:
        """Those that count when a step is looked for in the cache."""
        names = {entry: entry.partition("=")[0] for entry in entries}
        return sorted(entry for entry, name in names.items() if name in self._declared or name not in BUILT_IN)

    def _values(self, declared: Mapping[str, str | None]) -> dict[str, str]:
        names = [*declared, *BUILT_IN]
        found = {name: self._value(name, declared) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, name: str, declared: Mapping[str, str | None]) -> str | None:
        given = self.given.get(name)
        if given is not None:
            return given
        default = declared.get(name)
        return self.before.get(name) if default is None else default
