"""Sequence numbers. RFC 9293, 3.4.

Inside the model a place in a stream is a *position*: 0 is the SYN, 1 the first byte, and positions never wrap, so
they compare as plain integers. Only on the wire are they numbers of 32 bits, counted from the initial one.
"""

from __future__ import annotations

MODULUS = 1 << 32


def to_wire(initial: int, position: int) -> int:
    """The sequence number of a position."""
    return (initial + position) % MODULUS


def to_position(initial: int, number: int, *, near: int) -> int:
    """The position, of those with this sequence number, that is nearest to `near`."""
    distance = (number - initial - near) % MODULUS
    return near + (distance - MODULUS if distance >= MODULUS // 2 else distance)
