"""The report of protocols whose figures are `Findings`: a row for each figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from inference.lab.evaluation.protocol import OptionInfo, Options, ProtocolReport
from inference.lab.evaluation.starter.figures import Example, Figure
from inference.lab.evaluation.starter.sheets import write_sheets

SHEETS: Final = OptionInfo(
    "--sheets", "write contact sheets: best, middle, worst", "path", metavar="DIR"
)


def figures_report(
    name: str,
    options: Options,
    figures: Sequence[Figure],
    *,
    models: Sequence[str],
    seconds: float,
    n: int | None = None,
    examples: Sequence[Example] = (),
    more: Mapping[str, Any] | None = None,
    lines: Sequence[str] | None = None,
) -> ProtocolReport:
    """The report; contact sheets are written where ``--sheets`` asks for them.

    Args:
        name: of the protocol.
        options: of the protocol; those for ``--n`` and ``--seed`` are reported.
        figures: a row for each.
        models: that took part.
        seconds: that it took.
        n: where it is no option.
        examples: for the sheets, of this run; what an earlier run measured left none.
        more: further keys of the JSON.
        lines: for a person; None for a line for each figure.
    """
    folder = options.get("sheets")
    return ProtocolReport(
        f"pentimento evaluate {name}",
        options.get("seed", 0),
        options["n"] if n is None else n,
        list(models),
        [figure.report() for figure in figures],
        seconds,
        more=more or {},
        lines=list(figure_lines(figures)) if lines is None else lines,
        examples=examples,
        files=write_sheets(examples, folder) if folder is not None else (),
    )


def figure_lines(figures: Sequence[Figure], *, width: int = 56, digits: int = 3) -> Iterator[str]:
    """A line for each figure with its interval."""
    for row in figures:
        mean, low, high = (f"{value:.{digits}f}" for value in (row.mean, row.low, row.high))
        yield f"{row.name:<{width}} {mean:>{digits + 5}}  [{low}, {high}]  n = {row.n}"
