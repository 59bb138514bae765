"""A plot of cost against number as SVG: both axes logarithmic, one line for each question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 300  # pixels of the plot alone; the legend is below
LEFT, RIGHT, TOP, BOTTOM, LEGEND = 60, 20, 16, 40, 16
COLOURS = ("#1b6ca8", "#c0392b", "#27884a", "#8e44ad", "#b9770e", "#16a085", "#555555")

Points = Sequence[tuple[int, float]]
Scale = Callable[[float], float]


def plot(lines: Mapping[str, Points]) -> str:
    """The picture of these lines: (number, seconds) for each point."""
    points = [point for line in lines.values() for point in line]
    across = _scale([number for number, _ in points], LEFT, WIDTH - RIGHT)
    down = _scale([seconds for _, seconds in points], HEIGHT - BOTTOM, TOP)
    size = f'width="{WIDTH}" height="{HEIGHT + LEGEND * (len(lines) + 1)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
        *(_text(across(number), HEIGHT - 18, f"{number:,}") for number in sorted({number for number, _ in points})),
        *_grid(down, [seconds for _, seconds in points]),
    ]
    for index, (name, line) in enumerate(sorted(lines.items())):
        parts += _line(name, sorted(line), COLOURS[index % len(COLOURS)], HEIGHT + LEGEND * index, across, down)
    return "\n".join([*parts, "</svg>", ""])


def _scale(values: Iterable[float], low: float, high: float) -> Scale:
    """From a value to a pixel, whole powers of ten at both ends."""
    known = list(values)
    first, last = floor(log10(min(known))), ceil(log10(max(known)))
    return lambda value: low + (log10(value) - first) / max(last - first, 1) * (high - low)


def _grid(down: Scale, seconds: Sequence[float]) -> list[str]:
    powers = range(floor(log10(min(seconds))), ceil(log10(max(seconds))) + 1)
    return [
        part
        for power in powers
        for part in (
            f'<path d="M{LEFT} {down(10**power):.0f}H{WIDTH - RIGHT}" stroke="#ddd"/>',
            _text(LEFT - 30, down(10**power) + 4, f"{10**power * 1000:g} ms"),
        )
    ]


def _line(name: str, points: Points, colour: str, at: float, across: Scale, down: Scale) -> list[str]:
    places = [(across(number), down(seconds)) for number, seconds in points]
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>' for x, y in places),
        f'<rect x="{LEFT}" y="{at - 8:.0f}" width="12" height="3" fill="{colour}"/>',
        f'<text x="{LEFT + 20}" y="{at:.0f}">{name}</text>',
    ]


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="#555">{text}</text>'
