"""`evaluate methods`: every editing method on the same edits, against gold."""

from __future__ import annotations

import time
from typing import Final

from inference.lab.evaluation.findings_report import SHEETS, figures_report
from inference.lab.evaluation.protocol import (
    MODELS,
    SEED,
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
    count,
)

INFO: Final = ProtocolInfo(
    name="methods",
    summary="editing methods on the same edits, against gold",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo(
            "--method",
            "a row of the table, with settings; may be repeated; default: all that are there",
            metavar="M[:NAME=VALUE,...]",
            repeated=True,
        ),
        OptionInfo(
            "--write-gains",
            "write gains.json beside the models, without --method: Auto leaves out what gains "
            "nothing",
            "switch",
        ),
        count(5, "edits of each kind", maximum=10_000),
        OptionInfo("--side", "of the pictures in pixels", "integer", 768, "PX", 32, 4096),
        SEED,
        MODELS,
        SHEETS,
    ),
)


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Measure each method; see `evaluate_methods`.

    Raises:
        BadOption: options that do not fit together, or a method that repaints no whole pictures.
        ModelMissing: a model is not there.
    """
    from inference.lab.evaluation.methods import (
        Arm,
        editing_methods,
        evaluate_methods,
        is_compared,
    )
    from inference.lab.evaluation.models import digests_of, starter_models
    from inference.lab.evaluation.partial import PartialResults
    from inference.lab.evaluation.starter.models import StarterModels
    from inference.request.registry import method

    if options["write_gains"] and options["method"]:
        raise BadOption(
            "--write-gains measures every method.", "Leave out --method or --write-gains."
        )
    began = time.monotonic()
    folder = StarterModels(options["models"])
    models = starter_models(options["models"])
    arms = [Arm.parse(text) for text in options["method"]] or editing_methods(models)
    for arm in arms:
        if not is_compared(method(arm.method)):
            raise BadOption(
                f"{arm.method} does not repaint whole pictures.", "Name a method that does."
            )
        models.require(method(arm.method))
    roles = ["clip", *(role for arm in arms for role in method(arm.method).roles)]
    facts = {
        "protocol": INFO.name,
        "seed": options["seed"],
        "side": options["side"],
        "models": digests_of(models, roles),
    }
    found = evaluate_methods(
        models,
        folder.judge,
        arms,
        options["seed"],
        options["n"],
        size=options["side"],
        results=PartialResults(options["report"], facts),
        on_edit=lambda done, total: on_progress("editing", done / total),
    )
    report = figures_report(
        INFO.name,
        options,
        found.rows(),
        models=folder.names,
        seconds=time.monotonic() - began,
        examples=found.examples,
    )
    if options["write_gains"]:
        from inference.lab.evaluation.method_gains import method_gains, write_gains

        n, seed = options["n"], options["seed"]
        command = f"pentimento evaluate methods --n {n} --seed {seed} --write-gains"
        gains = method_gains(found.rows(), arms)
        report.files = [*report.files, *write_gains(models, gains, command)]
    return report
