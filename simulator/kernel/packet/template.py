"""scapy layers by template: made once by their class, then copied with other values in their fields.

Making a layer from nothing looks up and sets some 25 attributes. Only `fields` and the neighbours in the stack of
layers differ between two layers of a class, so a copy shares the rest and takes half the time.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from simulator.kernel.packet.scapy_layers import FlagsField, Layer


class Template:
    """Makes layers like the one it was given. What the layers share, nobody may change in place.

    Values are numbers, bytes and addresses in their canonical spelling, as scapy keeps them; flags it wraps.
    """

    def __init__(self, layer: Layer) -> None:
        self._class = type(layer)
        slots = {name: slot for base in self._class.__mro__ for name, slot in vars(base).items() if _is_slot(slot)}
        self._set_fields = slots.pop("fields").__set__
        self._shared = [(slot.__set__, slot.__get__(layer)) for slot in slots.values() if _is_set(slot, layer)]
        self._attributes = list(vars(layer).items())  # the few that a class attribute of scapy's hides from their slot
        self._fields = layer.fields
        flags = {name: field for name, field in layer.fieldtype.items() if isinstance(field, FlagsField)}
        self._flags = [(name, cache(partial(field.any2i, layer))) for name, field in flags.items()]

    def __call__(self, **values: Any) -> Layer:
        layer = object.__new__(self._class)
        for set_slot, value in self._shared:
            set_slot(layer, value)
        for name, value in self._attributes:
            object.__setattr__(layer, name, value)
        for name, wrap in self._flags:
            if name in values:
                values[name] = wrap(values[name])
        self._set_fields(layer, {**self._fields, **values})
        return layer


_set_payload, _set_underlayer = vars(Layer)["payload"].__set__, vars(Layer)["underlayer"].__set__


def stack(above: Layer, below: Layer) -> Layer:
    """Puts a layer below a header that names its kind already, and gives the header.

    scapy's add_payload does the same, and first looks for fields of the header that nobody has set.
    """
    _set_payload(above, below)
    _set_underlayer(below, above)
    return above


def _is_slot(attribute: Any) -> bool:
    return type(attribute).__name__ == "member_descriptor"


def _is_set(slot: Any, layer: Layer) -> bool:
    try:
        slot.__get__(layer)
    except AttributeError:
        return False
    return True
