"""seq: numbers from first to last."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, Style, encode

LONG = {"separator=": "s", "equal-width": "w", "format=": "f"}
CHUNK_LINES = 2000


def seq(process: Process) -> Steps:
    return (yield from _seq(process, BUSYBOX))


def gnu_seq(process: Process) -> Steps:
    return (yield from _seq(process, GNU))


def _seq(process: Process, style: Style) -> Steps:
    words = process.argv[1:]
    numbers = next((i for i, word in enumerate(words) if word[:1] == "-" and word[1:2].isdigit()), len(words))
    argv = [process.argv[0], *words[:numbers], *(["--"] if numbers < len(words) else []), *words[numbers:]]
    given = style.options(process, "s:wf:", long=LONG, permute=False, argv=argv)
    if not 1 <= len(given.operands) <= 3:
        extra = f"extra operand ‘{given.operands[3]}’" if len(given.operands) > 3 else "missing operand"
        style.refuse(process, extra if style.gnu else "")
    values = [_number(process, style, word) for word in given.operands]
    first, step = (values[0] if len(values) > 1 else Decimal(1)), (values[1] if len(values) > 2 else Decimal(1))
    last = values[-1]
    if step == 0:
        return style.complain(process, f"invalid Zero increment value: ‘{given.operands[1]}’") if style.gnu else 0
    places = max(0, -min(int(value.as_tuple().exponent) for value in (first, step)))
    width = max(len(_shown(value, places)) for value in (first, last)) if "w" in given else 0
    yield from _write(process, (first, step, last), places, width, given.get("s", "\n"))
    return 0


def _number(process: Process, style: Style, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        if style.gnu:
            style.refuse(process, f"invalid floating point argument: ‘{text}’")
        style.complain(process, f"invalid number '{text}'")
        process.exit(1)
    return value


def _shown(value: Decimal, places: int) -> str:
    return f"{value:.{places}f}"


def _write(
    process: Process, numbers: tuple[Decimal, Decimal, Decimal], places: int, width: int, separator: str
) -> Steps:
    value, step, last = numbers
    lines: list[str] = []
    begun = False
    while (value <= last) if step > 0 else (value >= last):
        shown = _shown(value, places)
        sign = "-" if shown.startswith("-") else ""
        lines.append(sign + shown[len(sign) :].rjust(width - len(sign), "0"))
        value += step
        if len(lines) >= CHUNK_LINES:
            process.write(encode((separator if begun else "") + separator.join(lines)))
            begun, lines = True, []
            yield process.stdout.drain()
    if lines or begun:
        process.write(encode((separator if begun and lines else "") + separator.join(lines) + "\n"))
