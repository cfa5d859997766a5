"""`evaluate ranking`: how often the best candidate comes first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

from inference.lab.evaluation.protocol import (
    MODELS,
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
)

INFO: Final = ProtocolInfo(
    name="ranking",
    summary="how often the best candidate comes first",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo("--groups", "of known quality", "integer", 500, maximum=100_000),
        OptionInfo("--edits", "made by a model", "integer", 100, maximum=100_000),
        OptionInfo(
            "--damage",
            "of sound and damaged candidates at 768 px, for each kind of damage",
            "integer",
            0,
            maximum=100_000,
        ),
        OptionInfo("--mixed", "of results of several methods", "integer", 0, maximum=100_000),
        OptionInfo("--seed", "of all groups", "integer", 2),
        OptionInfo("--steps", "for --edits", "integer", 10, minimum=1, maximum=200),
        MODELS,
        OptionInfo("--judge", "default: judge beside them", kind="folder", metavar="DIR"),
    ),
)

_COUNTS: Final = ("groups", "edits", "damage", "mixed")
_ROLES: Final = ("clip", "instruct_pix2pix", "text_to_image")


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """How often the ranking, chance and single figures put the best candidate first.

    Raises:
        BadOption: nothing is to be ranked.
        ModelMissing: there is no CLIP model.
    """
    from inference.lab.evaluation.models import digests_of, starter_models
    from inference.lab.evaluation.partial import PartialResults
    from inference.lab.evaluation.ranking.report import evaluate_folder

    if not any(options[name] for name in _COUNTS):
        raise BadOption("Nothing is to be ranked.", "Give --groups or --edits.")
    began = time.monotonic()
    facts = {
        "protocol": INFO.name,
        "seed": options["seed"],
        "steps": options["steps"],
        "judge": options["judge"].name if options["judge"] is not None else None,
        "models": digests_of(starter_models(options["models"]), _ROLES),
    }
    found = evaluate_folder(
        options["models"],
        **{name: options[name] for name in _COUNTS},
        seed=options["seed"],
        steps=options["steps"],
        judge=options["judge"],
        results=PartialResults(options["report"], facts),
        on_group=lambda done, total: on_progress("ranking", done / total),
    )
    more = {name: value for name, value in found.items() if name != "seed"}
    return ProtocolReport(
        f"pentimento evaluate {INFO.name}",
        options["seed"],
        sum(options[name] for name in _COUNTS),
        [found["model"]["id"]],
        list(_rows(found)),
        time.monotonic() - began,
        more=more,
        lines=list(_lines(found)),
    )


def _parts(found: dict[str, Any]) -> dict[str, Any]:
    named = {name: found[name] for name in ("made", "mixed") if found.get(name)}
    return {**found["rendered"], **named}


def _rows(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each way of choosing and each kind of damage."""
    for part, figures in _parts(found).items():
        for way, row in figures["ways"].items():
            yield _row(f"{part}.{way}", row["share"], row["interval"], figures["groups"])
    for kind, figures in (found["damaged"] or {}).items():
        name = f"damaged.{kind}"
        yield _row(name, figures["share"], figures["interval"], figures["groups"])


def _row(name: str, share: float, interval: list[float], groups: int) -> dict[str, Any]:
    metric = {"mean": share, "low": interval[0], "high": interval[1]}
    return {"name": name, "metric": metric, "n": groups, "interval": "bootstrap"}


def _lines(found: dict[str, Any]) -> Iterator[str]:
    for part, figures in _parts(found).items():
        yield f"{part}: {figures['groups']} groups"
        width = max(10, *map(len, figures["ways"]))
        for way, row in figures["ways"].items():
            low, high = row["interval"]
            line = f"  {way:<{width}} {row['share']:.3f}  [{low:.3f}, {high:.3f}]"
            if "ours_more_by" in row:
                low, high = row["difference_interval"]
                line += f"  ours more by {row['ours_more_by']:+.3f}  [{low:+.3f}, {high:+.3f}]"
            yield line
    for kind, figures in (found["damaged"] or {}).items():
        low, high = figures["interval"]
        yield f"{kind}: a sound one first in {figures['share']:.3f}  [{low:.3f}, {high:.3f}]"
    if found.get("artist"):
        yield _artist_line(found["artist"])
    yield from found["notes"]


def _artist_line(found: dict[str, Any]) -> str:
    low, high = found["difference_interval"]
    return (
        f"artist after {found['choices']} choices: first place agrees in {found['learnt']:.3f}, "
        f"by default in {found['default']:.3f}, more by {found['learnt_more_by']:+.3f}  "
        f"[{low:+.3f}, {high:+.3f}]"
    )
