"""Rows of figures with their intervals, and the examples that contact sheets show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
from scipy.stats import binomtest

from editor.model.image import Pixels

Interval = Literal["wilson", "bootstrap"]

CONFIDENCE: Final = 0.95
_RESAMPLES: Final = 2000


def wilson(right: int, count: int) -> tuple[float, float]:
    """Wilson's score interval of a share, 95 % (Wilson 1927); 0..1."""
    found = binomtest(right, count).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def bootstrap(values: Sequence[float]) -> tuple[float, float]:
    """Percentile interval of the mean, 95 %, from 2,000 resamples of a fixed seed."""
    sample = np.asarray(values, float)
    rng = np.random.default_rng(len(sample))
    means = sample[rng.integers(len(sample), size=(_RESAMPLES, len(sample)))].mean(1)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(means, (tail, 1 - tail))
    return float(low), float(high)


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        name: what was measured, e.g. ``"captioner.joint"``.
        n: how many examples it is the mean of.
        interval: "wilson" for shares, "bootstrap" for means of other values.
        mean, low, high: the figure and its 95 % interval.
    """

    name: str
    n: int
    interval: Interval
    mean: float
    low: float
    high: float

    def report(self) -> dict[str, Any]:
        """The row as in the JSON report."""
        metric = {"mean": self.mean, "low": self.low, "high": self.high}
        rounded = {name: round(value, 4) for name, value in metric.items()}
        return {"name": self.name, "metric": rounded, "n": self.n, "interval": self.interval}


@dataclass(frozen=True)
class Example:
    """One example of a figure, for a contact sheet.

    Attributes:
        figure: the figure it belongs to.
        merit: how good it is; sheets show the best, the middle and the worst.
        pictures: from left to right, each (S, S, 3) uint8 sRGB.
        words: lines below the pictures.
        of: examples that it was chosen from, where only those that a sheet shows are given.
    """

    figure: str
    merit: float
    pictures: tuple[Pixels, ...]
    words: tuple[str, ...] = ()
    of: int = 0


@dataclass
class Findings:
    """What an evaluator found: figures in the order they were first named, and examples."""

    examples: list[Example] = field(default_factory=list)
    _right: dict[str, list[bool]] = field(default_factory=dict)
    _values: dict[str, list[float]] = field(default_factory=dict)
    _names: dict[str, None] = field(default_factory=dict)

    def share(self, name: str, right: bool) -> None:
        """Count one example of a share."""
        self._names.setdefault(name)
        self._right.setdefault(name, []).append(bool(right))

    def value(self, name: str, value: float) -> None:
        """Add one value of a mean."""
        self._names.setdefault(name)
        self._values.setdefault(name, []).append(float(value))

    def show(self, figure: str, merit: float, *pictures: Pixels, words: Sequence[str] = ()) -> None:
        """Keep an example for the contact sheets."""
        self.examples.append(Example(figure, float(merit), pictures, tuple(words)))

    def rows(self) -> list[Figure]:
        """All figures with their intervals."""
        rows = []
        for name in self._names:
            if name in self._right and name in self._values:
                raise ValueError(f"{name} is a share and a mean at once")
            if name in self._right:
                outcomes = self._right[name]
                low, high = wilson(sum(outcomes), len(outcomes))
                rows.append(
                    Figure(name, len(outcomes), "wilson", sum(outcomes) / len(outcomes), low, high)
                )
            else:
                values = self._values[name]
                low, high = bootstrap(values)
                mean = float(np.mean(values))
                rows.append(Figure(name, len(values), "bootstrap", mean, low, high))
        return rows
