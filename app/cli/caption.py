from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, UsageError, print_json, say
from app.cli.word_job import answer
from editor.formats import open_image
from inference.request.jobs import CaptionJob, CaptionReady
from inference.workflow.engine import Engine

MAX_COUNT = 16


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("caption", help="say what a picture shows")
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument("--count", type=int, default=4, metavar="N", help="captions in all")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the captions of a picture."""
    if not 1 <= args.count <= MAX_COUNT:
        raise UsageError(f"--count cannot be {args.count}.", f"Give it 1 to {MAX_COUNT}.")
    picture = open_image(args.image).image
    engine = Engine(model_store(args.models, args.model))
    ready = answer(engine, CaptionJob(picture, args.count), CaptionReady)
    if args.json:
        domain = ready.domain
        print_json(
            {
                "image": str(args.image),
                "caption": ready.caption,
                "alternatives": list(ready.alternatives),
                "model": ready.model,
                "domain": domain and {"fits": domain.fits, "score": domain.score},
                "warning": ready.warning and str(ready.warning),
            }
        )
        return DONE
    if ready.warning is not None:
        say(str(ready.warning), error=True)
    say(ready.caption)
    for other in ready.alternatives:
        say(f"  or: {other}")
    return DONE
