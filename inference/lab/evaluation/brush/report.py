"""What is reported of a run on MagicBrush's layout: tables, published rows, contact sheets."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from inference.lab.evaluation.brush.layout import BrushSession, BrushTurn, read_picture
from inference.lab.evaluation.brush.measures import BrushMeasures
from inference.lab.evaluation.brush.published import published_rows
from inference.lab.evaluation.brush.rows import (
    DO_NOTHING,
    GENERATED,
    MULTI,
    TARGET,
    BrushRow,
    BrushTable,
)
from inference.lab.evaluation.brush.run import BrushPlace, BrushRun
from inference.lab.evaluation.partial import ItemValues
from inference.lab.evaluation.protocol import Options, ProtocolReport, ReportRow
from inference.lab.evaluation.report.folder import file_name
from inference.lab.evaluation.report.tables import text_table
from inference.lab.evaluation.starter.figures import Example
from inference.lab.evaluation.starter.sheets import choose

_COMMAND: Final = "pentimento evaluate magicbrush"


def brush_report(
    run: BrushRun,
    tables: Sequence[BrushTable],
    measures: BrushMeasures,
    options: Options,
    models: Iterable[str],
) -> ProtocolReport:
    """The tables of a run that is complete.

    Args:
        run: what was measured.
        tables: what is gathered of it.
        measures: which columns there are.
        options: of the protocol.
        models: that took part, by id and digest.
    """
    rows = [
        replace(row, command=row_command(options, table, of))
        for table in tables
        for row, of in zip(run.rows(table), table.rows, strict=True)
    ]
    place = BrushPlace(options["report"], options["generated"])
    return ProtocolReport(
        whole_command(options),
        options["seed"],
        sum(row.n for row in rows),
        sorted(set(models)),
        [row.report() for row in rows],
        run.seconds(tables),
        more={"missing": measures.missing(), "reference": published_rows()},
        lines=[*_lines(rows, tables), *measures.missing()],
        examples=list(_examples(run, tables, place)),
    )


def whole_command(options: Options) -> str:
    """What was typed, with the names of folders alone."""
    words = [_COMMAND, options["directory"].resolve().name]
    for text in options["method"]:
        words += ["--method", shlex.quote(text)]
    for name in ("turns", "captions"):
        if options["table"] is None:
            words += [f"--{name}", options[name]]
    for name in ("table", "n"):
        if options[name] is not None:
            words += [f"--{name}", shlex.quote(str(options[name]))]
    words += _folders(options, ("generated", "dino", "models"))
    return " ".join((*words, "--seed", str(options["seed"])))


def row_command(options: Options, table: BrushTable, row: BrushRow) -> str:
    """The command that gives one row alone."""
    words = [_COMMAND, options["directory"].resolve().name]
    if row.method not in (DO_NOTHING, TARGET, GENERATED):
        words += ["--method", shlex.quote(row.written), "--captions", row.captions]
    words += ["--turns", table.turns]
    if table.first is not None:
        words += ["--n", str(table.first)]
    generated = ("generated",) if row.method == GENERATED else ()
    words += _folders(options, (*generated, "dino", "models"))
    return " ".join((*words, "--seed", str(options["seed"])))


def _folders(options: Options, names: Iterable[str]) -> list[str]:
    """The options that name a folder, and which model serves which role."""
    given = [(name, options[name]) for name in names if options[name] is not None]
    words = [word for name, path in given for word in (f"--{name}", shlex.quote(path.name))]
    return words + [word for text in options["model"] for word in ("--model", shlex.quote(text))]


def _lines(rows: Sequence[ReportRow], tables: Sequence[BrushTable]) -> Iterator[str]:
    for table in tables:
        start = f"{table.name}/"
        own = [row for row in rows if row.name.startswith(start)]
        if own:
            yield f"{table.name}: {table.turns} turns, n = {own[0].n}"
            yield from text_table(own, remove=start)


def _examples(run: BrushRun, tables: Sequence[BrushTable], place: BrushPlace) -> Iterator[Example]:
    """The best, the middle and the worst of each row by nearness to the target (L1)."""
    if place.report is None:
        return
    for table in tables:
        for row in table.rows:
            found = run.values(table, row)
            if row.method in (DO_NOTHING, TARGET) or not found:
                continue
            bare = [
                Example(str(number), -values["l1"], ())
                for number, (_, _, values) in enumerate(found)
            ]
            for group in choose(bare).values():
                for one in group:
                    example = _example(row, table, *found[int(one.figure)], place)
                    yield replace(example, of=len(found))


def _example(
    row: BrushRow,
    table: BrushTable,
    session: BrushSession,
    turn: BrushTurn,
    values: ItemValues,
    place: BrushPlace,
) -> Example:
    carried = table.turns == MULTI
    path = place.result(row, table.turns, turn)
    assert path is not None
    asked = [one.instruction for one in session.turns] if carried else [turn.instruction]
    first = session.turns[0].source if carried else turn.source
    return Example(
        f"{file_name(table.name)}-{file_name(row.name)}",
        -values["l1"],
        (read_picture(first), read_picture(path), read_picture(turn.target)),
        ("; ".join(asked), f"{turn.item}, L1 {values['l1']:.4f}"),
    )
