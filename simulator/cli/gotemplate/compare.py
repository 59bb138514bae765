"""eq, ne, lt, le, gt, ge of templates: values of one basic kind compare. See text/template/funcs.go."""

from __future__ import annotations

from simulator.cli.gotemplate.failure import CallFailure
from simulator.cli.gotemplate.printing import sprint_value, sprintf
from simulator.cli.gotemplate.values import Value, of_bool, unboxed

_BASIC = ("bool", "int", "uint", "float", "string")
_INTEGERS = ("int", "uint")
_BAD_TYPE = "invalid type for comparison"
_BAD_TYPES = "incompatible types for comparison"


def equal(first: Value | None, *others: Value | None) -> Value:
    if not others:
        raise CallFailure("missing argument for comparison")
    return of_bool(any(_same(unboxed(first), unboxed(other)) for other in others))


def not_equal(first: Value | None, second: Value | None) -> Value:
    return of_bool(not equal(first, second).data)


def less(first: Value | None, second: Value | None) -> Value:
    return of_bool(_is_less(unboxed(first), unboxed(second)))


def less_or_equal(first: Value | None, second: Value | None) -> Value:
    return of_bool(less(first, second).data or equal(first, second).data)


def greater(first: Value | None, second: Value | None) -> Value:
    return of_bool(not less_or_equal(first, second).data)


def greater_or_equal(first: Value | None, second: Value | None) -> Value:
    return of_bool(not less(first, second).data)


def _basic(value: Value | None) -> str:
    return value.kind if value is not None and value.kind in _BASIC else ""


def _same(left: Value | None, right: Value | None) -> bool:
    kinds = _basic(left), _basic(right)
    if kinds[0] != kinds[1] and not (kinds[0] in _INTEGERS and kinds[1] in _INTEGERS):
        if left is not None and right is not None:
            raise CallFailure(_BAD_TYPES)
        return False
    if kinds[0]:
        return left is not None and right is not None and bool(left.data == right.data)
    return _same_composite(left, right)


def _same_composite(left: Value | None, right: Value | None) -> bool:
    """Whether two values that are not of a basic kind are the same: nil, or equal structs."""
    if left is not None and right is not None and left.kind != right.kind:
        raise CallFailure(
            f"non-comparable types {sprintf('%s', [left])}: {left.type.name}, {right.type.name}: {sprint_value(right)}"
        )
    nothing = _is_nil(left), _is_nil(right)
    if any(nothing):
        return all(nothing)
    assert left is not None and right is not None
    if right.kind in ("slice", "map"):
        raise CallFailure(f"non-comparable type {sprintf('%s', [right])}: {right.type.name}")
    return bool(left.data == right.data)


def _is_nil(value: Value | None) -> bool:
    return value is None or (value.is_nil and value.kind in ("ptr", "interface", "slice", "map"))


def _is_less(left: Value | None, right: Value | None) -> bool:
    kinds = _basic(left), _basic(right)
    if not all(kinds):
        raise CallFailure(_BAD_TYPE)
    assert left is not None and right is not None
    if kinds[0] != kinds[1] and not (kinds[0] in _INTEGERS and kinds[1] in _INTEGERS):
        raise CallFailure(_BAD_TYPES)
    if kinds[0] == "bool":
        raise CallFailure(_BAD_TYPE)
    return bool(left.data < right.data)
