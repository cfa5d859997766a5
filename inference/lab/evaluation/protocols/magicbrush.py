"""`evaluate magicbrush`: editing methods on sessions in MagicBrush's layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from inference.lab.evaluation.protocol import (
    INSTALLED,
    MODEL,
    MODELS,
    SEED,
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
)

if TYPE_CHECKING:
    from inference.lab.evaluation.brush.rows import BrushTable

INFO: Final = ProtocolInfo(
    name="magicbrush",
    summary="single and carried-on turns in MagicBrush's layout, or Storybook-Brush's",
    paper="MagicBrush (Zhang et al. 2023)",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo("directory", "the data: see make-brush", "folder", metavar="DIR", required=True),
        OptionInfo(
            "--method",
            "a row of the table, with settings; may be repeated",
            metavar="M[:NAME=VALUE,...]",
            repeated=True,
        ),
        OptionInfo("--turns", "single, multi or both", default="single", metavar="WAY"),
        OptionInfo(
            "--captions",
            "exact, before (the one after by the language model) or automatic",
            default="exact",
            metavar="WHOSE",
        ),
        OptionInfo("--n", "the first turns, or sessions of multi; default: all", "integer"),
        OptionInfo(
            "--table", "rows and tables of a file instead: TOML, or storybook-brush", metavar="FILE"
        ),
        OptionInfo(
            "--generated",
            "also measure results of another program, ID/ID_1.png, ID/ID_inde_2.png, ...",
            "folder",
            metavar="DIR",
        ),
        OptionInfo("--dino", "a ViTModel of DINO for its column", "folder", metavar="DIR"),
        SEED,
        MODELS,
        MODEL,
    ),
)

_SHIPPED_TABLE: Final = "storybook-brush"


def tables_of(options: Options) -> tuple[BrushTable, ...]:
    """What is measured.

    Raises:
        BadOption: options that do not fit together.
    """
    from pathlib import Path

    from inference.lab.evaluation.brush.rows import (
        GENERATED,
        TABLE,
        TURNS,
        named_tables,
        read_tables,
    )

    if options["table"] is not None:
        if options["method"] or options["generated"] is not None:
            raise BadOption("--table says which rows are measured.", "Leave out the others.")
        shipped = options["table"] == _SHIPPED_TABLE
        return read_tables(TABLE if shipped else Path(options["table"]))
    turns = TURNS if options["turns"] == "both" else (options["turns"],)
    if not set(turns) <= set(TURNS):
        raise BadOption(f"There are no turns {options['turns']}.", "Say single, multi or both.")
    methods = list(options["method"])
    if options["generated"] is not None:
        methods.append(GENERATED)
    return named_tables(methods, turns, options["n"] or None, options["captions"])


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport | None:
    """Edit every turn with every row, measure, and gather the tables.

    Under ``accelerate launch`` each process takes its share of the sessions and the first one
    gathers what all have written to the report folder.

    Raises:
        BadOption: options that do not fit together, or several processes without a report folder.
    """
    from inference.lab.evaluation.brush.editor import BrushEditor, roles_of
    from inference.lab.evaluation.brush.layout import SESSIONS, read_brush
    from inference.lab.evaluation.brush.measures import BrushMeasures
    from inference.lab.evaluation.brush.report import brush_report
    from inference.lab.evaluation.brush.rows import DO_NOTHING, GENERATED, TARGET
    from inference.lab.evaluation.brush.run import BrushPlace, BrushRun
    from inference.lab.evaluation.models import digests_of
    from inference.lab.evaluation.partial import PartialResults, file_digest
    from inference.lab.evaluation.processes import this_process

    tables = tables_of(options)
    share = this_process()
    report = options["report"]
    if share.number > 1 and report is None:
        raise BadOption("Several processes meet in a report folder.", "Name one with --report.")
    models = options[INSTALLED]()
    sessions = read_brush(options["directory"])
    dino: Any = None
    if options["dino"] is not None:
        from inference.lab.evaluation.dino import DinoFeatures

        dino = DinoFeatures(options["dino"])
    rows = [
        row
        for table in tables
        for row in table.rows
        if row.method not in (DO_NOTHING, TARGET, GENERATED)
    ]
    facts = {
        "protocol": INFO.name,
        "data": file_digest(options["directory"] / SESSIONS),
        "seed": options["seed"],
        "models": digests_of(models, roles_of(rows)),
        "dino": options["dino"].name if options["dino"] is not None else None,
    }
    if options["generated"] is not None:  # the others do not depend on it
        facts["generated"] = str(options["generated"].resolve())
    results = PartialResults(report, facts, share.index)
    measures = BrushMeasures(models, dino)
    run = BrushRun(
        sessions,
        BrushEditor(models, rows),
        measures,
        results,
        BrushPlace(report, options["generated"]),
        options["seed"],
    )
    run.measure(tables, share, lambda name, done, total: on_progress(name, done / total))
    share.wait()
    if share.index > 0:
        share.leave()
        return None
    results.read()
    found = brush_report(run, tables, measures, options, facts["models"].values())
    share.leave()
    return found
