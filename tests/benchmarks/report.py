"""Runs the benchmarks and writes what they found into README, and into scale.svg what depends on a number.

    python -m tests.benchmarks.report [PYTEST ARGUMENT ...]     e.g. tests/benchmarks/bench_packets.py

Without arguments everything, which takes some minutes; rows of what was not measured stay as they are. Each row: a
figure, its floor from the same run, their ratio.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.benchmarks.plot import plot

HERE = Path(__file__).parent
README = HERE.parent.parent / "README.md"
BEGIN, END = "<!-- made by tests/benchmarks/report.py -->", "<!-- end -->"
HEAD = "| what | figure | floor | ratio | bar |\n|---|---|---|---|---|"
Results = list[dict[str, Any]]


def run(arguments: list[str]) -> Results:
    """The results of the benchmarks that these arguments choose."""
    chosen = arguments or [str(path) for path in sorted(HERE.glob("bench_*.py"))]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "results.json"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", *chosen, f"--benchmark-json={file}"]
        subprocess.run(command, check=True)
        found: Results = json.loads(file.read_text(encoding="utf-8"))["benchmarks"]
    return found


def rows(results: Results) -> dict[str, str]:
    """A row for each figure that has a floor or a bar, by what it is about."""
    figures: dict[str, dict[str, Any]] = {}
    floors: dict[str, dict[str, Any]] = {}
    for result in results:
        extra = result["extra_info"]
        if "floor" in extra:
            (floors if extra["floor"] else figures)[extra.get("row", result["group"])] = result
    return {what: _row(what, figure, floors.get(what)) for what, figure in figures.items()}


def rows_of(table: str) -> dict[str, str]:
    """The rows of a table that stands already."""
    return {line.split(" | ")[0].removeprefix("| "): line for line in table.splitlines() if line not in HEAD and line}


def _row(what: str, figure: dict[str, Any], floor: dict[str, Any] | None) -> str:
    """What stands below a figure is another benchmark, or was timed in turn with it."""
    extra, best = figure["extra_info"], figure["stats"]["min"]
    least, told = (
        (floor["stats"]["min"], floor["extra_info"]["floor"]) if floor else (extra.get("least"), extra.get("told"))
    )
    if least is None:
        return f"| {what} | {extra.get('shown', _time(best))} | | | {extra['bar']} |"
    return f"| {what} | {_time(best)} | {_time(least)}: {told} | {best / least:.2f} | {extra['bar']} |"


def _time(seconds: float) -> str:
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def write(results: Results, *, whole: bool) -> None:
    """Puts the table between README's markers, and the plot beside this file if there is something to plot."""
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    old, end, after = rest.partition(END)
    assert begin and end, "README has no place for the table"
    table = "\n".join([HEAD, *(({} if whole else rows_of(old)) | rows(results)).values()])
    README.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")
    lines: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for result in results:
        if "beside" in result["extra_info"]:
            lines[result["group"]].append((result["extra_info"]["beside"], result["stats"]["min"]))
    if lines:
        (HERE / "scale.svg").write_text(plot(lines), encoding="utf-8")


if __name__ == "__main__":
    write(run(sys.argv[1:]), whole=not sys.argv[1:])
