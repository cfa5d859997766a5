from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from app.cli.marked_change import marked
from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, UsageError, print_json, say
from app.cli.word_job import answer
from editor.errors import ModelMissing
from editor.formats import open_image
from editor.messages import Message
from editor.model.edit import Suggestion
from editor.model.prompt_edit.prompt_edit import OP_KINDS
from inference.language.path import caption_of_path, read_path
from inference.request.jobs import PathStep, SuggestionsReady, SuggestJob
from inference.workflow.engine import Engine

MAX_COUNT = 24


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "suggest",
        help="propose what could be said next",
        description="Propose next edits of a picture, from its caption and the path to it.",
    )
    parser.add_argument("--image", type=Path, metavar="I", help="the picture; it is captioned")
    parser.add_argument("--prompt", default="", metavar="T", help="its caption, if you know it")
    parser.add_argument(
        "--instruction", default="", metavar="T", help="what is asked; it is read and comes first"
    )
    parser.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help='a document, or JSON [{"instruction", "prompt", "accepted"}], oldest first',
    )
    parser.add_argument(
        "--keep", action="append", default=[], metavar="T", help="words of the caption that stay"
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="T", help="words that must not come in"
    )
    parser.add_argument(
        "--kind", action="append", default=[], choices=OP_KINDS, help="of a suggestion; repeatable"
    )
    parser.add_argument("--count", type=int, default=5, metavar="N", help="suggestions in all")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another gives others")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print suggestions; without a model that could make them that is an error that says so."""
    began = time.monotonic()
    if not 1 <= args.count <= MAX_COUNT:
        raise UsageError(f"--count cannot be {args.count}.", f"Give it 1 to {MAX_COUNT}.")
    if not 0 <= args.seed < 2**31:
        raise UsageError(f"--seed cannot be {args.seed}.", "Give it 0 or a larger number.")
    path: tuple[PathStep, ...] = ()
    refused: tuple[str, ...] = ()
    if args.history is not None:
        path, refused = read_path(args.history)
    picture = open_image(args.image).image if args.image is not None else None
    caption = args.prompt or (caption_of_path(path) if picture is None else "")
    if picture is None and not caption:
        raise UsageError("There is nothing to start from.", "Give --image, --prompt or --history.")
    job = SuggestJob(
        picture,
        caption,
        path,
        refused,
        args.instruction,
        count=args.count,
        seed=args.seed,
        pinned=tuple(args.keep),
        forbidden=tuple(args.without),
        wanted=tuple(args.kind),
    )
    ready = answer(Engine(model_store(args.models, args.model)), job, SuggestionsReady)
    if ready.missing:
        raise ModelMissing(ready.note or "A model is missing.", Message("do.add_model"))
    if args.json:
        print_json(
            {
                "caption": ready.caption,
                "path": [
                    {"instruction": s.instruction, "prompt": s.prompt, "accepted": s.accepted}
                    for s in path
                ],
                "suggestions": [entry(s) for s in ready.suggestions],
                "note": ready.note and str(ready.note),
                "seconds": round(time.monotonic() - began, 4),
            }
        )
        return DONE
    say(f"Caption: {ready.caption}")
    for suggestion in ready.suggestions:
        marks = ", ".join(marked(change) for change in suggestion.edit.changes)
        say(f"{suggestion.text}\n    {marks}\n    {suggestion.reason}")
    if ready.note:
        say(str(ready.note))
    return DONE


def entry(suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion as JSON values."""
    return {
        "kind": suggestion.kind,
        "text": suggestion.text,
        "source_prompt": suggestion.instruction.source_prompt,
        "target_prompt": suggestion.instruction.target_prompt,
        "ops": [
            {
                "op": op.op,
                "source": list(op.source),
                "target": list(op.target),
                "subject": op.subject,
            }
            for op in suggestion.edit.ops
        ],
        "reason": str(suggestion.reason),
    }
