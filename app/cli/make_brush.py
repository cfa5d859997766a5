from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import DONE, ProgressBar, UsageError, print_json, say
from app.cli.staging import require_new_folder


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "make-brush", help="draw Storybook-Brush: gold edits in the layout of MagicBrush"
    )
    parser.add_argument("output", type=Path, metavar="DIR")
    parser.add_argument("--sessions", type=int, default=535, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--size", type=int, default=128, metavar="PX")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write sessions of edits, their masks and captions into a new or empty folder."""
    if not 1 <= args.sessions <= 99_999:
        raise UsageError(f"--sessions cannot be {args.sessions}.", "Give it 1 to 99999.")
    if args.seed < 0:
        raise UsageError(f"--seed cannot be {args.seed}.", "Give it 0 or more.")
    if not 32 <= args.size <= 2048:
        raise UsageError(f"--size cannot be {args.size}.", "Give it 32 to 2048.")
    require_new_folder(args.output)
    require_lab()
    from inference.lab.evaluation.brush.make import turn_count, write_brush

    bar = ProgressBar()
    try:
        written = write_brush(
            args.output,
            args.sessions,
            args.seed,
            args.size,
            lambda done, total: bar.show("drawing", done / total),
        )
    finally:
        bar.clear()
    turns = sum(map(turn_count, range(args.sessions)))
    if args.json:
        print_json(
            {
                "folder": str(written),
                "sessions": args.sessions,
                "turns": turns,
                "seed": args.seed,
                "size": args.size,
            }
        )
    else:
        say(f"{args.sessions} sessions with {turns} turns in {written}")
    return DONE
