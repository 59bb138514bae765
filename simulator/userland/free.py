"""free: memory, by what /proc/meminfo says (free(1)). A lab's machines have the figures of one, whatever runs on them."""

from __future__ import annotations

from collections.abc import Callable

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, Style

LONG = {
    "bytes": "b", "kibi": "k", "mebi": "m", "gibi": "g", "human": "h", "total": "t", "wide": "w", "lohi": "l",
    "si": "si",
}  # fmt: skip
SCALES = {"b": 1 / 1024, "k": 1, "m": 1024, "g": 1 << 20}
HEADINGS = ("total", "used", "free", "shared", "buff/cache", "available")
PROCPS = Style("gnu")


def free(process: Process) -> Steps:
    given = BUSYBOX.options(process, "bkmgh")
    letter = given.last_of("bkmgh") or "k"
    rows = _figures(process, lambda size: _short(size) if letter == "h" and size else _plain(size, letter))
    _print(process, rows, first="Mem: {:>15}", cell="{:>12}", heading="{:>19}", head_cell="{:>12}")
    return 0
    yield


def gnu_free(process: Process) -> Steps:
    given = PROCPS.options(process, "bkmghltwvs:c:", long=LONG)
    letter = given.last_of("bkmgh") or "k"
    rows = _figures(process, lambda size: _binary(size) if letter == "h" else _plain(size, letter))
    _print(process, rows, first="Mem: {:>15}", cell="{:>12}", heading="{:>20}", head_cell="{:>12}")
    return 0
    yield


def _plain(size: int, letter: str) -> str:
    return str(int(size / SCALES.get(letter, 1)))


def _short(size: int) -> str:
    """24684092 kB as 23.5G, the way busybox writes it."""
    unit, tenths = "K", size * 10
    for unit in "KMGT":
        if tenths < 10240:
            break
        tenths = (tenths + 512) // 1024
    return f"{tenths // 10}.{tenths % 10}{unit}"


def _binary(size: int) -> str:
    """24684092 kB as 23Gi, the way procps writes it."""
    if not size:
        return "0B"
    amount, unit = float(size), "Ki"
    for unit in ("Ki", "Mi", "Gi", "Ti"):
        if amount < 1000:
            break
        amount /= 1024
    return f"{amount:.1f}{unit}" if amount < 10 else f"{int(amount)}{unit}"


def _figures(process: Process, show: Callable[[int], str]) -> list[list[str]]:
    text = process.disk.read("/proc/meminfo", process).decode()
    memory = {line.partition(":")[0]: int(line.split()[1]) for line in text.splitlines()}
    total, unused, available = memory["MemTotal"], memory["MemFree"], memory["MemAvailable"]
    cached = max(0, available - unused)
    return [
        [show(size) for size in (total, total - available, unused, 0, cached, available)],
        [show(0)] * 3,
    ]


def _print(process: Process, rows: list[list[str]], *, first: str, cell: str, heading: str, head_cell: str) -> None:
    process.print(heading.format(HEADINGS[0]) + "".join(head_cell.format(name) for name in HEADINGS[1:]))
    for label, row in zip(("Mem:", "Swap:"), rows, strict=True):
        start = first.replace("Mem: ", f"{label} " if len(label) == 4 else label, 1)
        process.print(start.format(row[0]) + "".join(cell.format(figure) for figure in row[1:]))
