"""`evaluate gallery`: obvious instructions on every sample, and readers' answers counted."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.cli.edit_driver import CliEditDriver
from app.cli.lab import require_lab
from app.cli.model_options import model_store
from app.cli.output import DONE, Failed, ProgressBar, UsageError, print_json, say
from editor.errors import ExpectedError
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.ranking.rank import rank
from editor.render import composite
from inference.request.edit_job import EditJob
from inference.workflow.edit_run import RankingMade
from inference.workflow.engine import Engine

CANDIDATES = 4


def add_gallery(protocols: Any) -> None:
    """Declare `evaluate gallery` and `evaluate judgement`."""
    gallery = protocols.add_parser(
        "gallery", help="obvious instructions on every sample, first results at full size"
    )
    gallery.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    gallery.add_argument("--asks", type=Path, metavar="FILE", help="other sentences")
    gallery.add_argument("--seed", type=int, default=0, metavar="N")
    gallery.add_argument("--models", type=Path, metavar="DIR", help="other models than the shipped")
    gallery.add_argument("--sheets", type=Path, metavar="DIR", help="one sheet for each sample")
    gallery.add_argument("--side", type=int, default=768, metavar="PX", help="of pictures on them")
    gallery.add_argument(
        "--blind", type=Path, metavar="DIR", help="pairs for readers, mixed with gold and smears"
    )
    gallery.add_argument("--key", type=Path, metavar="FILE", help="says which pair is what")
    gallery.add_argument("--json", action="store_true")
    gallery.set_defaults(run=run_gallery)
    judgement = protocols.add_parser("judgement", help="a reader's answers about the gallery")
    judgement.add_argument("answers", type=Path, metavar="ANSWERS", help="lines “001: yes”")
    judgement.add_argument("key", type=Path, metavar="KEY", help="of evaluate gallery")
    judgement.add_argument("--json", action="store_true")
    judgement.set_defaults(run=run_judgement)


def run_gallery(args: argparse.Namespace) -> int:
    """Make the gallery, and what is asked for of sheets and pairs."""
    if args.seed < 0:
        raise UsageError(f"--seed cannot be {args.seed}.", "Give it 0 or more.")
    if not 64 <= args.side <= 2048:
        raise UsageError(f"--side cannot be {args.side}.", "Give it 64 to 2048.")
    if (args.blind is None) != (args.key is None):
        raise UsageError("--blind and --key go together.", "Give both or neither.")
    require_lab()
    from inference.lab.evaluation.gallery.asks import ASKS, read_asks
    from inference.lab.evaluation.gallery.blind import blind_cases, write_blind
    from inference.lab.evaluation.gallery.run import figures, make_gallery
    from inference.lab.evaluation.gallery.sheets import write_gallery_sheets
    from inference.lab.evaluation.starter.models import StarterModels

    began = time.monotonic()
    asks = read_asks(args.asks or ASKS)
    bar = ProgressBar()
    shown = []
    try:
        for one in make_gallery(asks, _editor(args.models, args.seed, bar), args.output):
            shown.append(one)
            bar.show("gallery", len(shown) / len(asks))
    finally:
        bar.clear()
    models = StarterModels(args.models)
    found = figures(shown, models.judge)
    if args.sheets is not None:
        for path in write_gallery_sheets(shown, args.sheets, args.side):
            say(str(path), error=True)
    if args.blind is not None:
        write_blind(blind_cases(shown, args.seed), args.blind, args.key)
    rows = found.rows()
    report = {
        "command": "pentimento evaluate gallery",
        "seed": args.seed,
        "n": len(shown),
        "models": models.names,
        "rows": [row.report() for row in rows],
        "seconds": round(time.monotonic() - began, 1),
    }
    if args.json:
        print_json(report)
        return DONE
    for row in rows:
        say(f"{row.name:<32} {row.mean:8.3f}  [{row.low:.3f}, {row.high:.3f}]  n = {row.n}")
    say(f"In {args.output}")
    return DONE


def _editor(models: Path | None, seed: int, bar: ProgressBar) -> Callable[[Image, str], Any]:
    """The program as a function of a picture and a sentence."""
    from inference.lab.evaluation.gallery.run import FirstResult

    engine = Engine(model_store(models))

    def edit(source: Image, text: str) -> FirstResult:
        began = time.monotonic()
        driver = CliEditDriver(engine, bar)
        try:
            run = driver(EditJob((Instruction(text),), source, None, count=CANDIDATES, seed=seed))
        except Failed as failed:
            raise ExpectedError(str(failed.message), str(failed.fix or "")) from failed
        scores = [run.scores[c.key] for c in driver.made.candidates]
        driver.step(RankingMade(rank(scores)))
        first = driver.run.ranking.places[0]
        request = next(r for r in driver.run.requests if r.key == first.key)
        patch = next(c.patch for c in driver.made.candidates if c.key == first.key)
        return FirstResult(
            composite.render(source, patch, None).array()[..., :3],
            request.method,
            str(run.sentences.get(first.key) or run.prepared[0].sentence or ""),
            first.reason,
            time.monotonic() - began,
        )

    return edit


def run_judgement(args: argparse.Namespace) -> int:
    """Count a reader's answers; says whether they count."""
    require_lab()
    from inference.lab.evaluation.gallery.blind import BadJudgement, count_judgement

    try:
        key = json.loads(args.key.read_text("utf-8"))
        answers = args.answers.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BadJudgement("The answers or the key cannot be read.", "Name both files.") from error
    judgement = count_judgement(key, answers)
    report = {
        "counts": judgement.counts,
        "kept": dict(judgement.kept),
        "shown": {origin: list(key.values()).count(origin) for origin in judgement.kept},
        "not_kept": list(judgement.refused),
    }
    if args.json:
        print_json(report)
        return DONE
    for origin, kept in judgement.kept.items():
        say(f"{origin:<8} {kept} of {list(key.values()).count(origin)} kept")
    say("The judgement counts." if judgement.counts else "The judgement does not count.")
    return DONE
