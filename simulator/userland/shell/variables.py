"""The variables of a shell: values, export and readonly marks, local ones, arrays, and the order of `env`.

Scope is dynamic, as in all three shells: `local` keeps the old variable until the function returns. The order in which
a child sees its environment follows each shell's hash table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from simulator.userland.program import MEMORY
from simulator.userland.shell.errors import too_large

Array: TypeAlias = dict[int | str, str]

BASH_BUCKETS = 1024
ASH_BUCKETS = 39


class ReadonlyVariable(Exception):
    """An assignment to a readonly variable."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Variable(Struct, frozen=True):
    """`value` is None for a name that is only marked; `array` is set instead for an indexed or associative array."""

    value: str | None = None
    array: Array | None = None
    exported: bool = False
    readonly: bool = False
    integer: bool = False
    associative: bool = False

    @property
    def text(self) -> str | None:
        """The value of $name: of an array its element 0."""
        return self.value if self.array is None else self.array.get("0" if self.associative else 0)


class Variables(Struct):
    """`computed` gives the variables that change by themselves ($RANDOM), `lists` the arrays that do ($PIPESTATUS)."""

    dialect: str
    table: dict[str, Variable] = field(default_factory=dict)
    computed: dict[str, Callable[[], str]] = field(default_factory=dict)
    lists: dict[str, Callable[[], Sequence[str]]] = field(default_factory=dict)
    frames: list[dict[str, Variable | None]] = field(default_factory=list)

    def copy(self) -> Variables:
        return Variables(self.dialect, dict(self.table), frames=[dict(frame) for frame in self.frames])

    def get(self, name: str) -> str | None:
        variable = self.table.get(name)
        if variable is not None:
            return variable.text
        if name in self.lists:
            return next(iter(self.lists[name]()), None)
        return self.computed[name]() if name in self.computed else None

    def array(self, name: str) -> Array | None:
        variable = self.table.get(name)
        if variable is None and name in self.lists:
            return dict(enumerate(self.lists[name]()))
        if variable is None:
            text = self.get(name)
            return None if text is None else {0: text}
        if variable.array is not None:
            return variable.array
        return None if variable.value is None else {0: variable.value}

    def find(self, name: str) -> Variable:
        return self.table.get(name, Variable())

    def set(self, name: str, value: str) -> None:
        """Raises ShellError for a value that memory does not hold."""
        if len(value) > MEMORY:
            raise too_large(len(value))
        variable = self._writable(name)
        if variable.array is not None:
            self.set_element(name, "0" if variable.associative else 0, value)
        else:
            self.table[name] = replace(variable, value=value)
            self.computed.pop(name, None)

    def set_array(self, name: str, values: Array) -> None:
        self.table[name] = replace(self._writable(name), value=None, array=dict(values))

    def set_element(self, name: str, key: int | str, value: str) -> None:
        values = dict(self.array(name) or {})
        if isinstance(key, int) and key < 0:
            key += max((index for index in values if isinstance(index, int)), default=-1) + 1
        values[key] = value
        ordered = values if self.find(name).associative else dict(sorted(values.items(), key=lambda pair: int(pair[0])))
        self.table[name] = replace(self._writable(name), value=None, array=ordered)

    def mark(self, name: str, **marks: Any) -> None:
        """Sets or clears exported, readonly, integer, associative."""
        self.table[name] = replace(self.find(name), **marks)

    def unset(self, name: str, key: int | str | None = None) -> None:
        variable = self._writable(name)
        if key is not None and variable.array is not None:
            self.table[name] = replace(variable, array={k: v for k, v in variable.array.items() if k != key})
        else:
            self.table.pop(name, None)
            self.computed.pop(name, None)

    def push(self) -> None:
        """Begins a function: local variables belong to it."""
        self.frames.append({})

    def pop(self) -> None:
        """Ends a function: what its local variables hid is back."""
        for name, before in self.frames.pop().items():
            if before is None:
                self.table.pop(name, None)
            else:
                self.table[name] = before

    def localize(self, name: str) -> None:
        """Makes the name local to the function that runs; bash's begins unset, ash's keeps its value."""
        frame = self.frames[-1]
        if name not in frame:
            before = self.table.get(name)
            if before is not None and before.readonly:
                raise ReadonlyVariable(name)
            frame[name] = before
            if self.dialect == "bash":
                self.table[name] = Variable(exported=before.exported if before else False)

    def environment(self) -> dict[str, str]:
        """What a child gets, in the order of the shell's hash table."""
        last = {"_"} if self.dialect == "bash" else set()
        buckets: dict[int, list[str]] = {}
        for name, variable in self.table.items():
            if variable.exported and variable.value is not None and name not in last:
                bucket = buckets.setdefault(self._bucket(name), [])
                bucket.insert(0 if self.dialect == "bash" else len(bucket), name)
        names = [name for number in sorted(buckets) for name in buckets[number]]
        names += [name for name in last if self.find(name).value is not None]
        return {name: self.table[name].value or "" for name in names}

    def names(self) -> Iterator[str]:
        yield from sorted(self.table)

    def _bucket(self, name: str) -> int:
        return bash_bucket(name) if self.dialect == "bash" else ash_bucket(name)

    def _writable(self, name: str) -> Variable:
        variable = self.find(name)
        if variable.readonly:
            raise ReadonlyVariable(name)
        return variable


def bash_bucket(name: str) -> int:
    """Where bash keeps a variable: FNV-1 of its name, in 32 bits."""
    code = 2166136261
    for byte in name.encode("utf-8", "surrogateescape"):
        code = (code * 16777619 & 0xFFFFFFFF) ^ byte
    return code & (BASH_BUCKETS - 1)


def ash_bucket(name: str) -> int:
    """Where ash and dash keep a variable."""
    letters = name.encode("utf-8", "surrogateescape")
    return ((letters[0] << 4) + sum(letters)) % ASH_BUCKETS if letters else 0
