"""`evaluate inversions`: how pictures come back from noise, and what their edits keep."""

from __future__ import annotations

import argparse
import time
from typing import Any

from app.cli.evaluate_common import add_options, check_options, print_findings
from app.cli.lab import require_lab
from app.cli.output import DONE, ProgressBar, UsageError


def add_inversions(protocols: Any) -> None:
    """Declare the protocol."""
    parser = protocols.add_parser(
        "inversions", help="ways to invert a picture, and what edits keep, before compositing"
    )
    parser.add_argument(
        "--inversion",
        action="append",
        default=[],
        metavar="NAME",
        help="one of the ways; may be repeated; default: all, and direct against regularised",
    )
    parser.add_argument("--steps", type=int, metavar="N", help="default: the model's own")
    add_options(parser)
    parser.set_defaults(run=run_inversions)


def run_inversions(args: argparse.Namespace) -> int:
    """Invert and edit; print every figure with its interval."""
    check_options(args)
    if args.steps is not None and not 1 <= args.steps <= 200:
        raise UsageError(f"--steps cannot be {args.steps}.", "Give it 1 to 200.")
    require_lab()
    from inference.lab.evaluation.inversions import SWEPT, WAYS, evaluate_inversions
    from inference.lab.evaluation.starter.models import StarterModels
    from inference.models.store import ModelStore
    from inference.request.registry import method

    for name in args.inversion:
        if name not in WAYS:
            raise UsageError(f"There is no inversion {name}.", f"One of {', '.join(WAYS)}.")
    folder = StarterModels(args.models)
    models = ModelStore([folder.folder])
    models.require(method("pix2pix_zero"))
    bar, began = ProgressBar(), time.monotonic()
    try:
        found, curves = evaluate_inversions(
            models,
            folder.judge,
            args.seed,
            args.n,
            size=folder.side(),
            ways=args.inversion or tuple(WAYS),
            settings={"num_inference_steps": args.steps} if args.steps else None,
            on_edit=lambda done, total: bar.show("inverting", done / total),
        )
    finally:
        bar.clear()
    print_findings(
        args,
        "inversions",
        folder,
        found,
        began,
        rows=[curves.figure(other) for other in SWEPT[1:]] if curves else (),
        more={"curves": curves.report() if curves else None},
    )
    return DONE
