"""`evaluate methods`: every editing method on the same edits, against gold."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import DONE, ProgressBar, UsageError, print_json, say
from app.cli.staging import FolderInTheWay


def add_methods(protocols: Any) -> None:
    """Declare the protocol."""
    parser = protocols.add_parser("methods", help="editing methods on the same edits, against gold")
    parser.add_argument(
        "--method",
        action="append",
        default=[],
        metavar="M[:NAME=VALUE,...]",
        help="a row of the table, with settings; may be repeated; default: all that are there",
    )
    parser.add_argument("--n", type=int, default=5, metavar="N", help="edits of each kind")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of edits and noise")
    parser.add_argument("--models", type=Path, metavar="DIR", help="other models than the shipped")
    parser.add_argument("--sheets", type=Path, metavar="DIR", help="write contact sheets")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run_methods)


def run_methods(args: argparse.Namespace) -> int:
    """Measure each method; print every figure with its interval."""
    if not 1 <= args.n <= 10_000 or args.seed < 0:
        raise UsageError("--n or --seed is out of range.", "Give --n 1 to 10000, --seed 0 or more.")
    if args.models is not None and not args.models.is_dir():
        raise UsageError(f"There is no folder {args.models}.", "Name a folder that exists.")
    if args.sheets is not None and args.sheets.exists() and not args.sheets.is_dir():
        raise FolderInTheWay(f"{args.sheets} is a file.", "Name a folder.")
    require_lab()
    from inference.lab.evaluation.methods import Arm, editing_methods, evaluate_methods
    from inference.lab.evaluation.starter.models import StarterModels
    from inference.models.store import ModelStore
    from inference.request.registry import method

    folder = StarterModels(args.models)
    models = ModelStore([folder.folder])
    arms = [Arm.parse(text) for text in args.method] or editing_methods(models)
    for arm in arms:
        if method(arm.method).parametric or method(arm.method).begins:
            raise UsageError(f"{arm.method} draws no edits.", "Name a method that repaints.")
        models.require(method(arm.method))
    bar, began = ProgressBar(), time.monotonic()
    try:
        found = evaluate_methods(
            models,
            folder.judge,
            arms,
            args.seed,
            args.n,
            on_edit=lambda done, total: bar.show("editing", done / total),
        )
    finally:
        bar.clear()
    if args.sheets is not None:
        from inference.lab.evaluation.starter.sheets import write_sheets

        for path in write_sheets(found.examples, args.sheets):
            say(str(path), error=True)
    rows = found.rows()
    if args.json:
        print_json(
            {
                "command": "pentimento evaluate methods",
                "seed": args.seed,
                "n": args.n,
                "models": folder.names,
                "rows": [row.report() for row in rows],
                "seconds": round(time.monotonic() - began, 1),
            }
        )
        return DONE
    for row in rows:
        say(f"{row.name:<56} {row.mean:8.3f}  [{row.low:.3f}, {row.high:.3f}]  n = {row.n}")
    return DONE
