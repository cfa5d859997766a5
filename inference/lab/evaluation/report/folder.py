"""The report of a protocol as a folder: JSON, CSV, Markdown, plots and contact sheets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from editor.formats.whole_file import whole_file
from inference.lab.evaluation.protocol import ProtocolReport
from inference.lab.evaluation.report.plots import plot_columns, plot_curves
from inference.lab.evaluation.report.tables import JsonRow, columns_of, csv_text, markdown_table
from inference.lab.evaluation.starter.sheets import write_sheets

JSON: Final = "report.json"
PLOTS: Final = "plots"
SHEETS: Final = "sheets"

_PER_PLOT: Final = 6


def file_name(text: str) -> str:
    """A name as a file's."""
    return re.sub(r"[^\w.@-]+", "-", text)


def write_report(report: ProtocolReport, folder: Path, typed: str = "") -> list[Path]:
    """Write everything that a report holds; files of an earlier report are replaced.

    Args:
        report: of any protocol.
        folder: made where it is missing.
        typed: the command with its options; "" for the report's own.

    Returns:
        The files.

    Raises:
        DiskFull, ExpectedError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    values = report.report()
    plots = list(_plots(report, folder / PLOTS))
    sheets = write_sheets(report.examples, folder / SHEETS) if report.examples else []
    written = {
        JSON: json.dumps(values, indent=1, ensure_ascii=False) + "\n",
        "rows.csv": csv_text(report.rows, typed or report.command),
        "report.md": "\n".join(
            [
                f"# {typed or report.command}",
                *_markdown(report, values, [*plots, *sheets], folder),
                "",
            ]
        ),
    }
    for name, text in written.items():
        with whole_file(folder / name) as file:
            file.write(text.encode())
    return [*(folder / name for name in written), *plots, *sheets]


def tables_of(rows: Sequence[JsonRow]) -> dict[str, list[JsonRow]]:
    """The rows by table: what stands before the slash of their names, "" for none."""
    tables: dict[str, list[JsonRow]] = {}
    for row in rows:
        name, slash, _ = str(row["name"]).rpartition("/")
        tables.setdefault(name if slash else "", []).append(row)
    return tables


def _plots(report: ProtocolReport, folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables_of(report.rows).items():
        columns = columns_of(rows)
        for start in range(0, len(columns), _PER_PLOT):
            part = f"-{start // _PER_PLOT + 1}" if len(columns) > _PER_PLOT else ""
            path = folder / f"{file_name(name or 'rows')}{part}.png"
            if plot_columns(rows, columns[start : start + _PER_PLOT], name, path):
                yield path
    for plot in report.plots:
        path = folder / f"{file_name(plot.name)}.png"
        plot_curves(plot, path)
        yield path


def _markdown(
    report: ProtocolReport, values: Mapping[str, Any], pictures: Sequence[Path], folder: Path
) -> Iterator[str]:
    yield ""
    yield (
        f"Seed {report.seed}, n = {report.n}, {report.seconds:.0f} s. Means with 95 % intervals. "
        f"Models: {', '.join(report.models) or 'none'}."
    )
    for name, rows in tables_of(report.rows).items():
        yield ""
        if name:
            yield f"## {name}"
            yield ""
        yield from markdown_table(rows, remove=f"{name}/")
        commands = [row for row in rows if row.get("command")]
        if commands:
            yield ""
            yield "Each row by itself:"
            yield ""
            for row in commands:
                yield f"- {str(row['name']).rpartition('/')[2]}: `{row['command']}`"
    for sentence in values.get("missing", ()):
        yield ""
        yield sentence
    if values.get("reference"):
        yield ""
        yield "## Reference"
        yield ""
        yield from _reference(values["reference"])
    yield ""
    for path in pictures:
        place = path.relative_to(folder).as_posix()
        yield f"![{path.stem}]({place})"


def _reference(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Rows of papers: plain numbers."""
    columns = list(dict.fromkeys(name for row in rows for name in row if name != "name"))
    yield f"| name | {' | '.join(columns)} |"
    yield f"|{'---|' * (len(columns) + 1)}"
    for row in rows:
        fields = (f"{row[column]:.4f}" if column in row else "" for column in columns)
        yield f"| {row['name']} | {' | '.join(fields)} |"
