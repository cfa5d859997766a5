"""What protocols on the starter models' own edits have in common: options, sheets and rows."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.output import UsageError, print_json, say
from app.cli.staging import FolderInTheWay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inference.lab.evaluation.starter.figures import Figure, Findings
    from inference.lab.evaluation.starter.models import StarterModels


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare --n, --seed, --models, --sheets and --json."""
    parser.add_argument("--n", type=int, default=5, metavar="N", help="edits of each kind")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of edits, words and noise"
    )
    parser.add_argument("--models", type=Path, metavar="DIR", help="other models than the shipped")
    parser.add_argument("--sheets", type=Path, metavar="DIR", help="write contact sheets")
    parser.add_argument("--json", action="store_true")


def check_options(args: argparse.Namespace) -> None:
    """Refuse what cannot be measured.

    Raises:
        UsageError: a number is out of range, or there is no such folder.
        FolderInTheWay: a file lies where the sheets should go.
    """
    if not 1 <= args.n <= 10_000 or args.seed < 0:
        raise UsageError("--n or --seed is out of range.", "Give --n 1 to 10000, --seed 0 or more.")
    if args.models is not None and not args.models.is_dir():
        raise UsageError(f"There is no folder {args.models}.", "Name a folder that exists.")
    if args.sheets is not None and args.sheets.exists() and not args.sheets.is_dir():
        raise FolderInTheWay(f"{args.sheets} is a file.", "Name a folder.")


def print_findings(
    args: argparse.Namespace,
    protocol: str,
    folder: StarterModels,
    found: Findings,
    began: float,
    *,
    rows: Sequence[Figure] = (),
    more: Mapping[str, Any] | None = None,
) -> None:
    """Write the sheets, if they are wanted, and print the rows, as text or as JSON.

    Args:
        args: from the options above.
        protocol: its name on the command line.
        folder: what was measured.
        found: figures and examples.
        began: `time.monotonic` at the start.
        rows: further figures.
        more: further keys of the JSON.
    """
    if args.sheets is not None:
        from inference.lab.evaluation.starter.sheets import write_sheets

        for path in write_sheets(found.examples, args.sheets):
            say(str(path), error=True)
    figures = [*found.rows(), *rows]
    if args.json:
        print_json(
            {
                "command": f"pentimento evaluate {protocol}",
                "seed": args.seed,
                "n": args.n,
                "models": folder.names,
                "rows": [row.report() for row in figures],
                **(more or {}),
                "seconds": round(time.monotonic() - began, 1),
            }
        )
        return
    for row in figures:
        say(f"{row.name:<56} {row.mean:8.3f}  [{row.low:.3f}, {row.high:.3f}]  n = {row.n}")
