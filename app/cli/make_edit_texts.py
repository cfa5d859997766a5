from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import DONE, ProgressBar, UsageError, print_json, say
from app.cli.staging import FolderInTheWay
from app.cli.train_options import model_folder


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "make-edit-texts", help="captions, instructions and captions after them, to make pairs of"
    )
    parser.add_argument("output", type=Path, metavar="FILE", help=".jsonl")
    parser.add_argument(
        "--model", metavar="M", help="writes them, trained by train edit-texts; else the grammar"
    )
    parser.add_argument(
        "--captions", type=Path, metavar="FILE", help="to edit; else storybook captions"
    )
    parser.add_argument("--count", type=int, default=500, metavar="N")
    parser.add_argument("--word-filter", type=Path, metavar="FILE", help="other unwanted words")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write triples into a new file."""
    if args.count < 1 or args.seed < 0:
        raise UsageError("A number is out of range.", "Give --count 1 or more, --seed 0 or more.")
    if args.captions is not None and args.model is None:
        raise UsageError("--captions needs --model.", "Name a model that writes the edits.")
    if args.output.exists():
        raise FolderInTheWay(f"{args.output} is there already.", "Name a new file.")
    require_lab()
    model = None if args.model is None else model_folder(args.model)
    from inference.lab.finetune.edit_texts.make import EditTextOptions, make_edit_texts

    bar = ProgressBar()
    try:
        report = make_edit_texts(
            EditTextOptions(model, args.captions, args.count, args.word_filter, args.seed),
            args.output,
            lambda share: bar.show("writing", share),
        )
    finally:
        bar.clear()
    if args.json:
        print_json({"file": str(args.output), "seed": args.seed, **report})
    else:
        say(f"{report['triples']} of {report['captions']} captions with an edit in {args.output}")
    return DONE
