from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import DONE, UsageError, print_json, say
from app.cli.staging import require_new_folder


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "make-instructpe", help="prompts, instructions and prompts after them, to train chat on"
    )
    parser.add_argument("output", type=Path, metavar="DIR")
    parser.add_argument("--storybook", type=int, default=20_000, metavar="N", help="records tried")
    parser.add_argument("--held-out", type=int, default=400, metavar="N")
    parser.add_argument("--words", type=Path, metavar="DIR", help="folder of real prompts")
    parser.add_argument("--typed", type=int, default=8_000, metavar="N", help="edits of them tried")
    parser.add_argument("--word-filter", type=Path, metavar="FILE", help="other unwanted words")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the records into a new or empty folder."""
    if min(args.storybook, args.held_out, args.typed, args.seed) < 0:
        raise UsageError("A number is below 0.", "Give 0 or more.")
    require_new_folder(args.output)
    require_lab()
    from inference.lab.finetune.instructpe.make import InstructPeOptions, make_instructpe

    options = InstructPeOptions(
        args.storybook, args.held_out, args.words, args.typed, args.word_filter, args.seed
    )
    report = make_instructpe(options, args.output)
    if args.json:
        print_json({"folder": str(args.output), "seed": args.seed, **report})
        return DONE
    for name, count in report["records"].items():
        say(f"{count:>7} {name}")
    say(f"In {args.output}")
    return DONE
