"""`evaluate methods`: every editing method on the same edits, against gold."""

from __future__ import annotations

import argparse
import time
from typing import Any

from app.cli.evaluate_common import add_options, check_options, print_findings
from app.cli.lab import require_lab
from app.cli.output import DONE, ProgressBar, UsageError, say


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
    parser.add_argument(
        "--write-gains",
        action="store_true",
        help="write gains.json beside the models, without --method: Auto leaves out what gains "
        "nothing",
    )
    add_options(parser)
    parser.set_defaults(run=run_methods)


def run_methods(args: argparse.Namespace) -> int:
    """Measure each method; print every figure with its interval."""
    check_options(args)
    if args.write_gains and args.method:
        raise UsageError(
            "--write-gains measures every method.", "Leave out --method or --write-gains."
        )
    require_lab()
    from inference.lab.evaluation.methods import (
        Arm,
        editing_methods,
        evaluate_methods,
        is_compared,
    )
    from inference.lab.evaluation.starter.models import StarterModels
    from inference.models.store import ModelStore
    from inference.request.registry import method

    folder = StarterModels(args.models)
    models = ModelStore([folder.folder])
    arms = [Arm.parse(text) for text in args.method] or editing_methods(models)
    for arm in arms:
        if not is_compared(method(arm.method)):
            raise UsageError(
                f"{arm.method} does not repaint whole pictures.", "Name a method that does."
            )
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
    if args.write_gains:
        from inference.lab.evaluation.method_gains import method_gains, write_gains

        command = f"pentimento evaluate methods --n {args.n} --seed {args.seed} --write-gains"
        for path in write_gains(models, method_gains(found.rows(), arms), command):
            say(str(path), error=True)
    print_findings(args, "methods", folder, found, began)
    return DONE
