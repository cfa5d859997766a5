"""`evaluate traces`: which edit comes next, on simulated artists and on what people wrote."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from inference.lab.evaluation.protocol import (
    SEED,
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
    count,
)

if TYPE_CHECKING:
    from inference.lab.evaluation.traces.comparison import TraceFindings

INFO: Final = ProtocolInfo(
    name="traces",
    summary="which edit comes next, with the path as context and without",
    paper="editing prompts with GPT-k (arXiv 2305.11317)",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo(
            "--arm",
            "a causal language model, perhaps with a LoRA for it; may be repeated",
            metavar="NAME=FOLDER[+LORA]",
            repeated=True,
        ),
        count(300, "places of simulated traces; 0 for none", minimum=0),
        OptionInfo(
            "--pictures", "renderer, text-to-image or both", default="renderer", metavar="M"
        ),
        OptionInfo(
            "--context",
            "prompt, path, caption or shuffled",
            repeated=True,
            metavar="C",
        ),
        OptionInfo("--memoryless", "artists whose path helps nobody", "switch"),
        OptionInfo("--first", "the first edits, from the first prompt alone", "switch"),
        OptionInfo(
            "--written",
            "traces that people wrote; may be repeated; only the held-out ones are measured",
            "path",
            metavar="FILE",
            repeated=True,
        ),
        OptionInfo("--written-n", "places of each such file; default: all", "integer"),
        OptionInfo("--models", "starter models", "folder", metavar="DIR"),
        SEED,
    ),
)


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Ask every arm at every place in every context, and compare the contexts place by place.

    Raises:
        BadOption: there is no such context or picture model, or two files would share their rows.
        NoArm: an arm's folder is missing.
        BadTraces: a file holds no traces.
    """
    from inference.lab.evaluation.partial import PartialResults
    from inference.lab.evaluation.traces.run import (
        PICTURES,
        ArmSource,
        TraceExperiment,
        facts,
        part_of,
    )
    from inference.lab.evaluation.traces.trace_items import TRACE_CONTEXTS

    began = time.monotonic()
    contexts = tuple(options["context"]) or TRACE_CONTEXTS
    if not set(contexts) <= set(TRACE_CONTEXTS):
        raise BadOption("There is no such context.", f"Say {', '.join(TRACE_CONTEXTS)}.")
    pictures = PICTURES if options["pictures"] == "both" else (options["pictures"],)
    if not set(pictures) <= set(PICTURES):
        raise BadOption("There is no such picture model.", f"Say {', '.join(PICTURES)} or both.")
    if options["n"] == 1:
        raise BadOption("One place is too few.", "Give --n 0, or 2 or more.")
    parts = [part_of(file) for file in options["written"]]
    if len(set(parts)) < len(parts):
        raise BadOption("Two files of --written begin with the same name.", "Rename one of them.")
    experiment = TraceExperiment(
        arms=tuple(ArmSource.parse(text) for text in options["arm"]),
        n=options["n"],
        seed=options["seed"],
        pictures=pictures,
        contexts=contexts,
        memoryless=options["memoryless"],
        first=options["first"],
        written=tuple(options["written"]),
        most=options["written_n"],
        starter=options["models"],
    )
    results = PartialResults(options["report"], {"protocol": INFO.name, **facts(experiment)})
    found = experiment.run(results, on_progress)
    return ProtocolReport(
        f"pentimento evaluate {INFO.name}",
        options["seed"],
        options["n"],
        [source.name for source in experiment.arms],
        [row for part in found for row in _rows(part)],
        time.monotonic() - began,
        more={
            name: {key: value for part in found for key, value in getattr(part, name).items()}
            for name in ("kinds", "differences")
        }
        | {"slices": [part.report()["slices"] for part in found]},
        lines=[line for part in found for line in _lines(part)],
    )


def _rows(found: TraceFindings) -> list[dict[str, Any]]:
    rows = []
    for name, figures in found.rows.items():
        metrics = {
            one.name: {"mean": one.mean, "low": one.low, "high": one.high, "n": one.n}
            for one in figures
        }
        rows.append({"name": name, "n": max((one.n for one in figures), default=0), **metrics})
    return rows


def _lines(found: TraceFindings) -> list[str]:
    lines = [
        f"{row:<44} {one.name:<14} {one.mean:8.3f}  [{one.low:.3f}, {one.high:.3f}]  n = {one.n}"
        for row, figures in found.rows.items()
        for one in figures
    ]
    lines += [
        f"{name:<44} {d['mean']:+8.3f}  [{d['low']:.3f}, {d['high']:.3f}]  p = {d['p']:.4f}"
        for name, d in found.differences.items()
    ]
    return lines
