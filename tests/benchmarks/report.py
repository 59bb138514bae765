"""Runs the benchmarks and writes what they found into README, and into scale.svg what depends on a number.

    python -m tests.benchmarks.report [PYTEST ARGUMENT ...]     e.g. tests/benchmarks/bench_packets.py

Without arguments everything, which takes some minutes. Each row: a figure, its floor from the same run, their ratio.
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


def table(results: Results) -> str:
    """A row for each figure that has a floor or a bar."""
    figures: dict[str, dict[str, Any]] = {}
    floors: dict[str, dict[str, Any]] = {}
    for result in results:
        if "floor" in result["extra_info"]:
            (floors if result["extra_info"]["floor"] else figures)[result["group"]] = result
    return "\n".join([HEAD, *(_row(what, figure, floors.get(what)) for what, figure in figures.items())])


def _row(what: str, figure: dict[str, Any], floor: dict[str, Any] | None) -> str:
    best = figure["stats"]["min"]
    if floor is None:
        return f"| {what} | {_time(best)} | | | {figure['extra_info']['bar']} |"
    least = floor["stats"]["min"]
    told = f"{_time(least)}: {floor['extra_info']['floor']}"
    return f"| {what} | {_time(best)} | {told} | {best / least:.2f} | {figure['extra_info']['bar']} |"


def _time(seconds: float) -> str:
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def write(results: Results) -> None:
    """Puts the table between README's markers, and the plot beside this file if there is something to plot."""
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin and end, "README has no place for the table"
    README.write_text(f"{before}{begin}\n{table(results)}\n{end}{after}", encoding="utf-8")
    lines: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for result in results:
        if "beside" in result["extra_info"]:
            lines[result["group"]].append((result["extra_info"]["beside"], result["stats"]["min"]))
    if lines:
        (HERE / "scale.svg").write_text(plot(lines), encoding="utf-8")


if __name__ == "__main__":
    write(run(sys.argv[1:]))
