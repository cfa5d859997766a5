from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, ProgressBar, UsageError, print_json, say
from editor.formats import open_image
from editor.messages import Message
from editor.model.image import Image
from editor.model.ranking import Ranking
from editor.model.score import BORROWED, Gates, Score
from editor.ranking.rank import rank
from editor.ranking.reasons import code_and_values, why_not_by_clip
from inference.models.store import ModelStore
from inference.workflow.scoring import ClipJudge, picture_scores

MAX_COUNT = 256

_BORROWED = (
    "The bar is InstructPix2Pix's, made for ViT-L/14; this CLIP model is another and may measure "
    "on another scale."
)


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "rank",
        help="order pictures by how well they carry out an edit",
        description="Order pictures by how well CLIP says they carry out an edit of SOURCE, "
        "best first, each with its reason.",
    )
    parser.add_argument("source", type=Path, metavar="SOURCE", help="the picture before")
    parser.add_argument(
        "candidates", type=Path, nargs="+", metavar="CANDIDATE", help="pictures after"
    )
    parser.add_argument("--source-prompt", required=True, metavar="T", help="caption before")
    parser.add_argument("--target-prompt", required=True, metavar="T", help="caption after")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the order, best first."""
    if len(args.candidates) > MAX_COUNT:
        raise UsageError(f"{len(args.candidates)} pictures are too many.", f"Give {MAX_COUNT}.")
    for name in ("source_prompt", "target_prompt"):
        if not getattr(args, name).strip():
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} is empty.", "Say what the picture shows.")
    result = ranked(args, model_store(args.models, args.model))
    if args.json:
        print_json(result)
        return DONE
    for entry in result["candidates"]:
        mark = " " if entry["passed"] else "·"
        say(f"{entry['rank']:>2}{mark} {entry['file']}")
        if entry["reason"]:
            say(f"    {entry['reason']}")
        figures = ("direction", "image", "source", "target")
        known = [(n, entry["scores"][n]) for n in figures if entry["scores"][n] is not None]
        if known:
            say("    " + ", ".join(f"{name} {value:.3f}" for name, value in known))
    if not all(entry["passed"] for entry in result["candidates"]):
        say("\n· below the bar")
    if result["warning"]:
        say(result["warning"])
    return DONE


def ranked(args: argparse.Namespace, models: ModelStore) -> dict[str, Any]:
    """The result as JSON values (`resources/schemas/rank.json`)."""
    bar = ProgressBar()
    try:
        judge = ClipJudge(models)
        scores = picture_scores(
            judge,
            open_image(args.source).image,
            _opened(args.candidates, bar),
            args.source_prompt,
            args.target_prompt,
        )
    finally:
        bar.clear()
    ranking: Ranking = rank(scores)
    gates = scores[0].gates
    domain = judge.last_domain
    return {
        "source": str(args.source),
        "candidates": [
            {
                "rank": place.rank,
                "file": str(args.candidates[int(place.key)]),
                "passed": place.passed,
                "reason": place.reason,
                "clauses": [_clause(clause) for clause in place.clauses],
                "scores": scores[int(place.key)].figures(),
            }
            for place in ranking.places
        ],
        "gates": _gates(gates) if gates is not None else None,
        "domain": domain and {"fits": domain.fits, "score": domain.score},
        "warning": _warning(judge, gates, scores),
    }


def _warning(judge: ClipJudge, gates: Gates | None, scores: Sequence[Score]) -> str | None:
    by_effect = why_not_by_clip(scores)
    if by_effect is not None:
        return " ".join(str(one) for one in (judge.failure, by_effect) if one is not None)
    return _BORROWED if gates is not None and gates.origin == BORROWED else None


def _opened(files: Sequence[Path], bar: ProgressBar) -> Iterator[Image]:
    for number, file in enumerate(files):
        bar.show("loading", number / len(files))
        yield open_image(file).image
    bar.show("scoring", 0.0)


def _gates(gates: Gates) -> dict[str, Any]:
    values = asdict(gates)
    names = ("image", "direction", "caption", "most", "damage", "origin", "target_weight")
    return {name: values[name] for name in names}


def _clause(clause: Message) -> dict[str, Any]:
    code, values = code_and_values(clause)
    return {"code": code, "values": values}
