"""Plots of a report, drawn without a display."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from inference.lab.evaluation.protocol import CurvePlot
from inference.lab.evaluation.report.tables import JsonRow

_ROW_HEIGHT: Final = 0.28
_DPI: Final = 110
_MOST_ROWS: Final = 60
"""More rows than these are no plot that anyone reads."""
_MARKERS: Final = "osD^vPX*"


def plot_columns(rows: Sequence[JsonRow], columns: Sequence[str], title: str, path: Path) -> bool:
    """Means with their intervals, a field for each column and a line for each row.

    Args:
        rows: of one table, from top to bottom.
        columns: to draw; empty ones are left out.
        title: above all.
        path: of the PNG.

    Returns:
        False where there is nothing to draw.
    """
    known = [name for name in columns if any(row.get(name) is not None for row in rows)]
    if not known or len(rows) > _MOST_ROWS:
        return False
    figure = _figure(2.6 + 1.9 * len(known), 1.0 + _ROW_HEIGHT * len(rows))
    fields = figure.subplots(1, len(known), sharey=True, squeeze=False)[0]
    names = [str(row["name"]).rpartition("/")[2] for row in rows]
    for field, column in zip(fields, known, strict=True):
        for place, row in enumerate(rows):
            value = row.get(column)
            if value is None:
                continue
            reach = [[value["mean"] - value["low"]], [value["high"] - value["mean"]]]
            field.errorbar(
                value["mean"], place, xerr=[[max(0.0, r[0])] for r in reach],
                fmt="o", color="#2f5d8a", ecolor="#8fb0cf", markersize=4, capsize=2,
            )  # fmt: skip
        field.set_title(column, fontsize=9)
        field.tick_params(labelsize=8)
        field.locator_params(axis="x", nbins=4)
        field.grid(axis="x", color="#e3e3e3", linewidth=0.7)
        field.spines[["top", "right"]].set_visible(False)
    fields[0].set_yticks(range(len(names)), names, fontsize=8)
    fields[0].invert_yaxis()
    figure.suptitle(title, fontsize=10)
    figure.savefig(path, dpi=_DPI)
    return True


def plot_curves(plot: CurvePlot, path: Path) -> None:
    """Curves with a marker and a label at each point."""
    figure = _figure(6.4, 4.6)
    axes = figure.subplots()
    for number, curve in enumerate(plot.curves):
        x, y = zip(*curve.points, strict=True)
        marker = _MARKERS[number % len(_MARKERS)]
        axes.plot(x, y, marker=marker, markersize=5, linewidth=1.3, label=curve.name)
        for label, at in zip(curve.labels, curve.points, strict=False):
            axes.annotate(label, at, xytext=(4, 4), textcoords="offset points", fontsize=7)
    axes.set_xlabel(plot.x, fontsize=9)
    axes.set_ylabel(plot.y, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.grid(color="#e3e3e3", linewidth=0.7)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False)
    axes.set_title(plot.name, fontsize=10)
    figure.savefig(path, dpi=_DPI)


def _figure(width: float, height: float) -> Any:
    """A figure of that many inches on matplotlib's own canvas: no pyplot, so no display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
