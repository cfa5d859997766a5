"""`evaluate inversions`: how pictures come back from noise, and what their edits keep."""

from __future__ import annotations

import math
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
    name="inversions",
    summary="ways to invert a picture, and what edits keep, before compositing",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo(
            "--inversion",
            "one of the ways; may be repeated; default: all, and direct against regularised",
            metavar="NAME",
            repeated=True,
        ),
        OptionInfo("--steps", "default: the model's own", "integer", None, minimum=1, maximum=200),
        count(5, "edits of each kind", maximum=10_000),
        SEED,
        MODELS,
        SHEETS,
    ),
)


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Invert and edit; see `evaluate_inversions`.

    Raises:
        BadOption: there is no such inversion.
        ModelMissing: a model is not there.
    """
    from inference.lab.evaluation.inversions import SWEPT, WAYS, evaluate_inversions
    from inference.lab.evaluation.models import digests_of, starter_models
    from inference.lab.evaluation.partial import PartialResults
    from inference.lab.evaluation.starter.models import StarterModels
    from inference.request.registry import method

    for name in options["inversion"]:
        if name not in WAYS:
            raise BadOption(f"There is no inversion {name}.", f"One of {', '.join(WAYS)}.")
    began, steps = time.monotonic(), options["steps"]
    folder = StarterModels(options["models"])
    models = starter_models(options["models"])
    models.require(method("pix2pix_zero"))
    facts = {
        "protocol": INFO.name,
        "seed": options["seed"],
        "steps": steps,
        "models": digests_of(models, ("clip", "text_to_image")),
    }
    found, curves = evaluate_inversions(
        models,
        folder.judge,
        options["seed"],
        options["n"],
        size=folder.side(),
        ways=options["inversion"] or tuple(WAYS),
        settings={"num_inference_steps": steps} if steps else None,
        results=PartialResults(options["report"], facts),
        on_edit=lambda done, total: on_progress("inverting", done / total),
    )
    compared = [curves.figure(other) for other in SWEPT[1:]] if curves else []
    return figures_report(
        INFO.name,
        options,
        [*found.rows(), *(figure for figure in compared if not math.isnan(figure.mean))],
        models=folder.names,
        seconds=time.monotonic() - began,
        examples=found.examples,
        more={"curves": curves.report() if curves else None},
    )
