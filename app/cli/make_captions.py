from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import DONE, UsageError, print_json, say
from app.cli.staging import FolderInTheWay


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "make-captions", help="captions with topics, to train prompts about concepts on"
    )
    parser.add_argument("output", type=Path, metavar="FILE", help=".jsonl")
    parser.add_argument("--count", type=int, default=20_000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write captions of random scenes and a topic of each into a new file."""
    if not 1 <= args.count <= 100_000 or args.seed < 0:
        raise UsageError("A number is out of range.", "Give --count 1 to 100000, --seed 0 or more.")
    if args.output.suffix.lower() != ".jsonl":
        raise UsageError(f"{args.output.name} is no .jsonl file.", "Name a file that ends so.")
    if args.output.exists():
        raise FolderInTheWay(f"{args.output} is there already.", "Name a new file.")
    require_lab()
    from inference.lab.storybook.topics import write_topics

    write_topics(args.output, args.count, args.seed)
    if args.json:
        print_json({"file": str(args.output), "count": args.count, "seed": args.seed})
    else:
        say(f"{args.count} captions in {args.output}")
    return DONE
