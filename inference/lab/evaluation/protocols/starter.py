"""`evaluate starter`: the starter models on storybook scenes."""

from __future__ import annotations

from typing import Final

from inference.lab.evaluation.findings_report import SHEETS, figure_lines
from inference.lab.evaluation.protocol import (
    MODELS,
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
    count,
)

INFO: Final = ProtocolInfo(
    name="starter",
    summary="the starter models on storybook scenes",
    implementation=f"{__name__}:measure_starter",
    options=(
        OptionInfo("--seed", "of scenes and noise", "integer", 0),
        count(500, "scenes per figure"),
        OptionInfo("--steps", "denoising steps", "integer", 10, minimum=1, maximum=200),
        MODELS,
        OptionInfo("--only", "may be repeated", metavar="PART", repeated=True),
        OptionInfo(
            "--full-size",
            "repaints at 768 px against gold; alone, or beside the parts of --only",
            "switch",
        ),
        OptionInfo(
            "--photographs", "pictures that are no storybook scenes", "folder", metavar="DIR"
        ),
        SHEETS,
    ),
)


def measure_starter(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Measure the starter models that are there; see `starter.report.evaluate`.

    Raises:
        BadOption: there is no such part.
    """
    from inference.lab.evaluation.partial import PartialResults
    from inference.lab.evaluation.starter.models import StarterModels
    from inference.lab.evaluation.starter.report import FULL_SIZE, PARTS, evaluate
    from inference.lab.evaluation.starter.sheets import write_sheets

    only = tuple(options["only"])
    unknown = [part for part in only if part not in PARTS]
    if unknown:
        raise BadOption(f"There is no part {unknown[0]}.", f"One of {', '.join(PARTS)}.")
    facts = {
        "protocol": INFO.name,
        **{name: options[name] for name in ("seed", "n", "steps")},
        "models": StarterModels(options["models"]).digests() if options["report"] else {},
    }
    found = evaluate(
        options["models"],
        seed=options["seed"],
        n=options["n"],
        steps=options["steps"],
        parts=(*only, FULL_SIZE) if options["full_size"] else only or PARTS,
        photographs=options["photographs"],
        results=PartialResults(options["report"], facts),
        on_part=on_progress,
    )
    values = found.report()
    rows = values.pop("rows")
    common = {name: values.pop(name) for name in ("command", "seed", "n", "models", "seconds")}
    folder = options["sheets"]
    return ProtocolReport(
        **common,
        rows=rows,
        more=values,
        lines=[*figure_lines(found.rows), *found.missing],
        examples=found.examples,
        files=write_sheets(found.examples, folder) if folder is not None else (),
    )
