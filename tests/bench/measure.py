"""What every benchmark shares: alternating arms, medians, rows for the table.

Each `*_bench.py` is a program of its own: `python -m tests.bench.NAME_bench --json FILE` writes a
list of rows and prints them. Both arms of a ratio run in turn, A B A B, in one run, because other
work on the machine changes from minute to minute.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

WARM_UPS = 3
RUNS = 7
MIB = "MiB"


@dataclass(frozen=True)
class Times:
    """Median and range of one arm."""

    median: float
    low: float
    high: float
    runs: int
    unit: str = "s"

    @classmethod
    def of(cls, values: Sequence[float], unit: str = "s") -> Times:
        return cls(statistics.median(values), min(values), max(values), len(values), unit)

    @property
    def text(self) -> str:
        """The median with its unit."""
        scale, unit = self._scale
        return f"{self.median * scale:.4g} {unit}".strip()

    def __str__(self) -> str:
        scale, _ = self._scale
        if self.low == self.high:
            return self.text
        return f"{self.text} ({self.low * scale:.4g}–{self.high * scale:.4g})"

    @property
    def _scale(self) -> tuple[float, str]:
        return (1000.0, "ms") if self.unit == "s" and self.median < 1 else (1.0, self.unit)


@dataclass
class Row:
    """One line of the table: a goal, both arms, their ratio, whether the goal is met.

    `better` says what the ratio is: "more" = baseline ÷ ours, must be at least the target;
    "less" = ours ÷ baseline, must be at most the target. `limit` is an absolute bound on ours.
    """

    goal: str
    what: str
    ours: Times
    baseline: Times | None
    target: float | None = None
    better: str = "more"
    limit: float | None = None
    note: str = ""
    ratio: float = field(init=False, default=float("nan"))
    met: bool = field(init=False, default=True)

    def __post_init__(self) -> None:
        if self.baseline is not None:
            ours, other = self.ours.median or 1e-12, self.baseline.median or 1e-12
            self.ratio = other / ours if self.better == "more" else ours / other
            if self.target is not None:
                more = self.better == "more"
                self.met = self.ratio >= self.target if more else self.ratio <= self.target
        if self.limit is not None:
            self.met = self.met and self.ours.median <= self.limit

    def cells(self) -> list[str]:
        """The table's columns as text."""
        wanted = []
        if self.target is not None:
            wanted.append(f"{'≥' if self.better == 'more' else '≤'} {self.target:g}×")
        if self.limit is not None:
            wanted.append(f"≤ {Times(self.limit, 0, 0, 1, self.ours.unit).text}")
        ratio = "" if self.baseline is None else f"{self.ratio:.3g}×"
        judged = self.target is not None or self.limit is not None
        verdict = ("yes" if self.met else "NO") if judged else "–"
        baseline = "" if self.baseline is None else str(self.baseline)
        return [self.goal, self.what, str(self.ours), baseline, ratio, ", ".join(wanted), verdict]


HEADINGS = ["goal", "what", "ours", "baseline", "ratio", "target", "met"]


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown, columns aligned."""
    lines = [HEADINGS, *[row.cells() for row in rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    text = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(text)


def alternate(
    arms: dict[str, Callable[[], Any]],
    *,
    runs: int = RUNS,
    warm_ups: int = WARM_UPS,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Times]:
    """Time the arms in turn, each `runs` times after `warm_ups`.

    `time.thread_time` as `clock` leaves out what other work on the machine costs, for arms that
    neither wait nor use another thread.
    """
    taken: dict[str, list[float]] = {name: [] for name in arms}
    for turn in range(warm_ups + runs):
        for name, arm in arms.items():
            began = clock()
            arm()
            spent = clock() - began
            if turn >= warm_ups:
                taken[name].append(spent)
    return {name: Times.of(values) for name, values in taken.items()}


def load() -> str:
    """The load average now, for the note: these machines are shared."""
    return "/".join(f"{x:.1f}" for x in os.getloadavg()) if hasattr(os, "getloadavg") else "?"


def main(collect: Callable[[argparse.Namespace], list[Row]]) -> None:
    """Entry of a benchmark: `--json FILE`, `--runs N`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args()
    rows = collect(asked)
    print(table(rows))
    for row in rows:
        if row.note:
            print(f"- {row.what}: {row.note}")
    if asked.json is not None:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), "utf-8")
