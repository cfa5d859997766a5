"""`evaluate upscale`: photographs reduced and enlarged again."""

from __future__ import annotations

import time
from typing import Any, Final

from inference.lab.evaluation.findings_report import figure_lines, figures_report
from inference.lab.evaluation.protocol import (
    INSTALLED,
    MODEL,
    MODELS,
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
)

INFO: Final = ProtocolInfo(
    name="upscale",
    summary="photographs reduced and enlarged again",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo("folder", "photographs", "folder", metavar="FOLDER", required=True),
        MODELS,
        MODEL,
        OptionInfo("--side", "longest side of the truth in pixels", "integer", 512),
        OptionInfo("--scale", "times smaller", "integer", 2, minimum=2, maximum=8),
        OptionInfo("--n", "at most (default: all)", "integer", 0),
    ),
)


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Measure against Pillow's bicubic; see `evaluate_upscale`.

    Raises:
        BadOption: the side is too small.
        ModelMissing: there is no upscaler.
    """
    from inference.lab.evaluation.models import digests_of
    from inference.lab.evaluation.partial import PartialResults
    from inference.lab.evaluation.upscale import UpscaleProtocol, evaluate_upscale
    from inference.models.loaded import LoadedUpscaler

    if 0 < options["side"] < 32:
        raise BadOption(f"--side cannot be {options['side']}.", "Give it 0, or 32 or more.")
    began = time.monotonic()
    models = options[INSTALLED]()
    model = models.load("upscaler", LoadedUpscaler)
    protocol = UpscaleProtocol(options["folder"], options["side"], options["scale"], options["n"])
    pictures: list[dict[str, Any]] = []

    def on_picture(name: str, gains: dict[str, float]) -> None:
        pictures.append({"file": name, "gain": {k: round(v, 2) for k, v in gains.items()}})
        on_progress(f"{len(pictures)} done", 0.0)

    facts = {"protocol": INFO.name, "models": digests_of(models, ("upscaler",))}
    results = PartialResults(options["report"], facts)
    rows = evaluate_upscale(protocol, model, lambda: None, on_picture, results).rows()
    return figures_report(
        INFO.name,
        options,
        rows,
        models=[model.found.id],
        seconds=time.monotonic() - began,
        n=len(pictures),
        more={"model": model.found.id, "pictures": pictures},
        lines=[line.replace("  [", " dB  [", 1) for line in figure_lines(rows, width=20, digits=2)],
    )
