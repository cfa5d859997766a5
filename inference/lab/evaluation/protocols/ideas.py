"""`evaluate ideas`: prompts about concepts, how faithful and how polished, by kind of training."""

from __future__ import annotations

import time
from typing import Any, Final

from inference.lab.evaluation.protocol import (
    SEED,
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
    ReportRow,
    count,
)

INFO: Final = ProtocolInfo(
    name="ideas",
    summary="prompts about concepts: how faithful and how polished they are",
    paper="concept to prompt by fine-tuned GPT-2 (AAAI-24 student abstract)",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo(
            "--arm",
            "a causal language model, perhaps with a LoRA; may be repeated; :continued for one "
            "that was not trained on captions",
            metavar="NAME=FOLDER[+LORA]",
            repeated=True,
            required=True,
        ),
        OptionInfo(
            "--captions",
            "that concepts are taken from: .txt, or .jsonl",
            "path",
            metavar="FILE",
            required=True,
        ),
        count(40, "concepts", minimum=2),
        OptionInfo("--prompts", "about each concept", "integer", 5, minimum=1, maximum=24),
        OptionInfo("--pictures", "drawn by the starter's text-to-image model", "switch"),
        OptionInfo("--sampler-steps", "of each picture", "integer", 6, minimum=1, maximum=100),
        OptionInfo("--models", "starter models", "folder", metavar="DIR"),
        SEED,
    ),
)

_SHOWN: Final = 4
"""Concepts whose prompts stand in the report, unselected."""


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Every arm writes about every concept; arms are compared concept by concept.

    Raises:
        BadOption: the captions hold fewer than two concepts.
        NoArm: an arm's folder is missing.
        NoCaptions: the file holds no captions.
    """
    from inference.lab.evaluation.estimates import mean_over_sessions
    from inference.lab.evaluation.ideas.arms import IdeaArmSource
    from inference.lab.evaluation.ideas.concept_list import concept_list
    from inference.lab.evaluation.ideas.run import METRICS, IdeaExperiment
    from inference.lab.evaluation.partial import PartialResults
    from inference.lab.finetune.caption_examples import read_captions

    began = time.monotonic()
    concepts = concept_list(read_captions(options["captions"]), options["n"])
    if len(concepts) < 2:
        raise BadOption("The captions hold fewer than two concepts.", "Give more captions.")
    experiment = IdeaExperiment(
        tuple(IdeaArmSource.parse(text) for text in options["arm"]),
        concepts,
        options["prompts"],
        options["seed"],
        options["pictures"],
        options["sampler_steps"],
        options["models"],
    )
    facts = {
        "protocol": INFO.name,
        "concepts": list(concepts),
        "prompts": options["prompts"],
        "seed": options["seed"],
        "pictures": options["pictures"],
        "sampler_steps": options["sampler_steps"],
    }
    results = PartialResults(options["report"], facts)
    found = experiment.run(results, on_progress)
    rows = []
    for arm, values in found.items():
        metrics = {}
        for name in METRICS:
            sessions = [[one[name] for one in concept if name in one] for concept in values]
            if any(sessions):
                metrics[name] = mean_over_sessions(sessions)
        rows.append(ReportRow(arm, len(concepts), metrics).report())
    from inference.lab.evaluation.report.tables import difference_lines, row_lines

    differences = _differences(found)
    return ProtocolReport(
        f"pentimento evaluate {INFO.name}",
        options["seed"],
        len(concepts),
        list(found),
        rows,
        time.monotonic() - began,
        more={
            "differences": differences,
            "examples": {arm: experiment.texts(results, arm, _SHOWN) for arm in found},
        },
        lines=[*row_lines(rows, 20), *difference_lines(differences, 40)],
    )


def _differences(found: dict[str, list[list[dict[str, float]]]]) -> dict[str, dict[str, Any]]:
    """Each arm minus the first one, on means of the concepts that both wrote about."""
    from inference.lab.evaluation.ideas.run import METRICS
    from inference.lab.evaluation.traces.paired import paired_difference

    first, *others = found
    differences = {}
    for arm in others:
        both = [
            (mine, theirs)
            for mine, theirs in zip(found[arm], found[first], strict=True)
            if mine and theirs
        ]
        for name in METRICS:
            if name == "seconds" or not both or name not in both[0][0][0]:
                continue
            sides = [[_mean(one, name) for one in side] for side in zip(*both, strict=True)]
            differences[f"{arm}-{first}/{name}"] = paired_difference(*sides).report()
    return differences


def _mean(values: list[dict[str, float]], name: str) -> float:
    return sum(one[name] for one in values) / len(values)
