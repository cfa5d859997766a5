"""Rows as text, CSV and Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inference.lab.evaluation.protocol import ReportRow

_FACTS = {"name", "n", "interval", "command"}
"""Keys of a row that are no columns."""

JsonRow = Mapping[str, Any]
"""A row as in ``resources/schemas/evaluate.json``."""


def columns_of(rows: Sequence[JsonRow]) -> list[str]:
    """Every column of some rows, in the order in which they come."""
    return list(dict.fromkeys(name for row in rows for name in row if name not in _FACTS))


def csv_text(rows: Sequence[JsonRow], command: str = "") -> str:
    """A line for each row: mean, low and high of each column, empty where it is empty.

    Args:
        rows: of all tables.
        command: that gives them all, for rows that have none of their own.
    """
    columns = columns_of(rows)
    parts = ("mean", "low", "high")
    heads = [f"{column}.{part}" for column in columns for part in parts]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "n", *heads, "command"])
    for row in rows:
        values = [_part(row, column, part) for column in columns for part in parts]
        writer.writerow([row["name"], row.get("n", ""), *values, row.get("command", command)])
    return text.getvalue()


def markdown_table(rows: Sequence[JsonRow], *, remove: str = "") -> list[str]:
    """Lines of a table with ``mean [low, high]`` in each field.

    Args:
        rows: of one table.
        remove: what names begin with and is left out.
    """
    columns = columns_of(rows)
    lines = [f"| name | n | {' | '.join(columns)} |", f"|{'---|' * (len(columns) + 2)}"]
    for row in rows:
        fields = [_field(row.get(column)) for column in columns]
        name = str(row["name"]).removeprefix(remove)
        lines.append(f"| {name} | {row.get('n', '')} | {' | '.join(fields)} |")
    return lines


def text_table(rows: Sequence[ReportRow], *, remove: str = "") -> Iterator[str]:
    """Means in columns, for a terminal; a dot where a column is empty."""
    columns = list(dict.fromkeys(name for row in rows for name in row.metrics))
    width = max((len(row.name.removeprefix(remove)) for row in rows), default=0)
    widths = [max(len(column), 7) for column in columns]
    heads = (column.rjust(size) for column, size in zip(columns, widths, strict=True))
    yield f"{'':<{width}}  {'  '.join(heads)}".rstrip()
    for row in rows:
        fields = []
        for column, size in zip(columns, widths, strict=True):
            value = row.metrics.get(column)
            fields.append((number(value.mean) if value is not None else ".").rjust(size))
        yield f"{row.name.removeprefix(remove):<{width}}  {'  '.join(fields)}"


def number(value: float) -> str:
    """Four digits behind the point, two from 10 on."""
    return f"{value:.2f}" if abs(value) >= 10 else f"{value:.4f}"


def _part(row: JsonRow, column: str, part: str) -> str:
    value = row.get(column)
    return "" if value is None else repr(value[part])


def _field(value: Mapping[str, float] | None) -> str:
    if value is None:
        return ""
    mean, low, high = (number(value[part]) for part in ("mean", "low", "high"))
    of = f" (n = {value['n']})" if "n" in value else ""
    return f"{mean} [{low}, {high}]{of}"


def row_lines(rows: Sequence[JsonRow], width: int) -> list[str]:
    """A line for each row of a report's JSON: its name, n, and every figure with its interval."""
    lines = []
    for row in rows:
        figures = (
            f"{name} {value['mean']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
            for name, value in row.items()
            if isinstance(value, dict)
        )
        lines.append(f"{row['name']:<{width}} n = {row['n']}  {'  '.join(figures)}")
    return lines


def difference_lines(differences: Mapping[str, Mapping[str, float]], width: int) -> list[str]:
    """A line for each paired difference: mean, 95 % interval and p."""
    return [
        f"{name:<{width}} {d['mean']:+.3f} [{d['low']:+.3f}, {d['high']:+.3f}]  p = {d['p']:.4f}"
        for name, d in differences.items()
    ]
