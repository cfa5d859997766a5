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
        "storybook", help="draw scenes of the starter models' world, with gold edits"
    )
    parser.add_argument("output", type=Path, metavar="DIR")
    parser.add_argument("--count", type=int, default=16, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--size", type=int, default=128, metavar="PX")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write scenes, their captions, masks and gold edits into a new or empty folder."""
    if not 0 <= args.count <= 99_999:
        raise UsageError(f"--count cannot be {args.count}.", "Give it 0 to 99999.")
    if not 32 <= args.size <= 2048:
        raise UsageError(f"--size cannot be {args.size}.", "Give it 32 to 2048.")
    require_new_folder(args.output)
    require_lab()
    from inference.lab.storybook.export import write_storybook

    written = write_storybook(args.output, args.count, args.seed, args.size)
    if args.json:
        print_json({"folder": str(written), "count": args.count, "seed": args.seed})
    else:
        say(f"{args.count} scenes in {written}")
    return DONE
