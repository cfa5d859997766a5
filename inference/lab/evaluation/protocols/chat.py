"""`evaluate chat`: target prompts for instructions, measured on texts and on drawn pictures."""

from __future__ import annotations

import time
from pathlib import Path
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
    from inference.lab.evaluation.chat.run import ChatExperiment, PartFigures

INFO: Final = ProtocolInfo(
    name="chat",
    summary="target prompts for instructions, before and after learning by rewards",
    paper="DiffChat (arXiv 2403.04997)",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo(
            "--arm",
            "a causal language model, perhaps with a LoRA, or the best of N answers; may be "
            "repeated; NAME@SEED for seeds of one group",
            metavar="NAME=FOLDER[+LORA][*N]",
            repeated=True,
            required=True,
        ),
        OptionInfo("--records", "of make-instructpe", "folder", metavar="DIR", required=True),
        OptionInfo("--origin", "only records of this origin", default="", metavar="T"),
        count(500, "requests of each part", minimum=2),
        OptionInfo("--part", "plain, full or held-out; default: all", repeated=True, metavar="P"),
        OptionInfo(
            "--pictures",
            "text-to-image, renderer, both or none",
            default="text-to-image",
            metavar="M",
        ),
        OptionInfo("--rewards", "model of train rewards", "folder", metavar="DIR"),
        OptionInfo("--sampler-steps", "of each picture", "integer", 6, minimum=1, maximum=100),
        OptionInfo("--heads", "other heads than the starter's", "folder", metavar="DIR"),
        OptionInfo(
            "--compare", "two groups; may be repeated", repeated=True, metavar="FIRST,SECOND"
        ),
        OptionInfo(
            "--survey",
            "write answers of the first compared groups for survey make",
            "path",
            metavar="DIR",
        ),
        OptionInfo("--models", "starter models", "folder", metavar="DIR"),
        SEED,
    ),
)

_TEXT: Final = ("integrity", "passes", "words", "predicted", "seconds")
_PICTURE: Final = ("total", "aesthetics", "preference", "shown", "cosine", "picture_seconds")


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Answer the requests with every arm, draw the answers, measure, and compare the groups.

    Raises:
        BadOption: there is no such part, picture model or group.
        NoArm: an arm's folder is missing.
        NoRecords: there are no requests.
    """
    from inference.lab.evaluation.chat.arms import ChatArmSource
    from inference.lab.evaluation.chat.comparison import differences, outcomes, seed_means, variety
    from inference.lab.evaluation.chat.pictures import PICTURES
    from inference.lab.evaluation.chat.run import PARTS, ChatExperiment
    from inference.lab.evaluation.partial import PartialResults

    began = time.monotonic()
    asked = {"both": PICTURES, "none": ()}.get(options["pictures"], (options["pictures"],))
    parts = tuple(options["part"]) or PARTS
    if not set(asked) <= set(PICTURES):
        raise BadOption("There is no such picture model.", f"Say {', '.join(PICTURES)} or both.")
    if not set(parts) <= set(PARTS):
        raise BadOption("There is no such part.", f"Say {', '.join(PARTS)}.")
    arms = tuple(ChatArmSource.parse(text) for text in options["arm"])
    pairs = _pairs(options["compare"], [one.name for one in arms])
    experiment = ChatExperiment(
        arms,
        options["records"],
        options["origin"],
        options["n"],
        options["seed"],
        parts,
        asked,
        options["rewards"],
        options["sampler_steps"],
        options["heads"],
        options["models"],
    )
    results = PartialResults(options["report"], _facts(experiment))
    found = experiment.run(results, on_progress)
    files = []
    if options["survey"] is not None:
        if not pairs:
            raise BadOption("A survey compares two groups.", "Give another --arm.")
        files = experiment.write_survey(found, pairs[0], options["survey"], _SURVEYED)
    more: dict[str, Any] = {"differences": {}, "outcomes": {}, "seeds": {}}
    for part in found:
        name = _table(part)
        for key, value in differences(part.values, pairs).items():
            more["differences"][f"{name}/{key}"] = value
        for key, counts in outcomes(part.values, pairs).items():
            more["outcomes"][f"{name}/{key}"] = counts
        metric = "total" if part.pictures else "integrity"
        more["seeds"][f"{name}/{metric}"] = seed_means(part.values, metric)
    more["variety"] = {
        f"{part.part}/{arm}": round(variety(prompts), 2)
        for part in found
        if not part.pictures
        for arm, prompts in part.prompts.items()
    }
    more["answers"] = {
        f"{part.part}/{arm}": prompts[:_SHOWN]
        for part in found
        if not part.pictures
        for arm, prompts in part.prompts.items()
    }
    from inference.lab.evaluation.report.tables import row_lines

    rows = [row for part in found for row in _rows(part)]
    return ProtocolReport(
        f"pentimento evaluate {INFO.name}",
        options["seed"],
        options["n"],
        [one.name for one in arms],
        rows,
        time.monotonic() - began,
        more=more,
        lines=[*row_lines(rows, 36), *_compared(more)],
        files=files,
    )


_SHOWN: Final = 20
"""The first answers of each arm in the report, unselected."""


_SURVEYED: Final = 20
"""Requests of a survey: 40 pictures are what a person rates in a quarter of an hour."""


def _pairs(texts: list[str], arms: list[str]) -> list[tuple[str, str]]:
    """The groups to be compared: those asked for, else each group with the first one.

    Raises:
        BadOption: a pair names no two groups.
    """
    from inference.lab.evaluation.chat.comparison import groups_of

    groups = list(groups_of(arms))
    if not texts:
        return [(one, groups[0]) for one in groups[1:]]
    found = []
    for text in texts:
        first, _, second = text.partition(",")
        if first not in groups or second not in groups:
            raise BadOption(f"{text} names no two groups.", f"There are {', '.join(groups)}.")
        found.append((first, second))
    return found


def _facts(experiment: ChatExperiment) -> dict[str, Any]:
    """What the values depend on besides row and item."""
    heads: Path | None = experiment.heads
    return {
        "protocol": INFO.name,
        "seed": experiment.seed,
        "origin": experiment.origin,
        "sampler_steps": experiment.sampler_steps,
        "heads": None if heads is None else heads.name,
    }


def _table(part: PartFigures) -> str:
    return f"{part.part}-{part.pictures}" if part.pictures else f"{part.part}-texts"


def _rows(part: PartFigures) -> list[dict[str, Any]]:
    from inference.lab.evaluation.estimates import mean_over_sessions
    from inference.lab.evaluation.protocol import ReportRow

    names = _PICTURE if part.pictures else _TEXT
    rows = []
    for arm, values in part.values.items():
        metrics = {
            name: mean_over_sessions([[one[name]] for one in values])
            for name in names
            if name in values[0]
        }
        rows.append(ReportRow(f"{_table(part)}/{arm}", len(values), metrics).report())
    return rows


def _compared(more: dict[str, Any]) -> list[str]:
    from inference.lab.evaluation.report.tables import difference_lines

    lines = difference_lines(more["differences"], 60)
    lines += [f"{name:<60} variety {number:.1f}" for name, number in more["variety"].items()]
    return lines + [
        f"{name:<60} win {o['win']}, tie {o['tie']}, lose {o['lose']}"
        for name, o in more["outcomes"].items()
    ]
