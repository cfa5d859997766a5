"""`pentimento train instruct-pix2pix`: an editor learns from a folder of pairs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import DONE, UsageError
from app.cli.train_options import (
    add_learning,
    add_run,
    begin,
    check_learning,
    model_folder,
    print_outcome,
)


def add_editor(trainings: Any) -> None:
    """Declare the training."""
    editor = trainings.add_parser(
        "instruct-pix2pix",
        help="a text-to-image model learns to edit pictures by instructions",
        description="Train InstructPix2Pix on a folder of pairs, from Stable Diffusion 1.5's "
        "architecture. Calling it again goes on from the checkpoint.",
    )
    editor.add_argument("pairs", type=Path, metavar="DIR", help="of make-pairs, or published ones")
    editor.add_argument("--model", required=True, metavar="M", help="a folder, or an installed id")
    editor.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    editor.add_argument("--name", default="instruct-pix2pix", metavar="NAME", help="of the run")
    editor.add_argument("--side", type=int, default=0, metavar="PX", help="default: the model's")
    editor.add_argument("--pairs", dest="count", type=int, default=0, metavar="N", help="of DIR")
    editor.add_argument("--train-text", action="store_true", help="the text tower learns too")
    add_learning(editor, steps=10_000, rate=1e-4, batch=32, of="pairs")
    add_run(editor)
    editor.set_defaults(run=run_editor)


def run_editor(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print where the model lies and its held-out loss."""
    check_learning(args)
    if min(args.side, args.count) < 0:
        raise UsageError("--side or --pairs is out of range.", "Give 0 or more.")
    require_lab()
    model = model_folder(args.model)
    begin(args)
    from inference.lab.training.run_pairs import PairsTraining, run_pairs

    training = PairsTraining(
        model=model,
        pairs=args.pairs,
        output=args.output,
        name=args.name,
        side=args.side,
        count=args.count,
        steps=args.steps,
        learning_rate=args.learning_rate,
        batch_size=args.batch,
        train_text=args.train_text,
        seed=args.seed,
    )
    values = run_pairs(training, minutes=args.minutes)
    return DONE if values is None else print_outcome(args, values)
