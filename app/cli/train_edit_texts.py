"""`pentimento train edit-texts`: a language model learns to write edits of captions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import UsageError, say
from app.cli.train_options import (
    add_learning,
    add_run,
    add_tuning,
    begin,
    check_learning,
    model_folder,
    print_outcome,
)


def add_edit_texts(trainings: Any) -> None:
    """Declare the training."""
    texts = trainings.add_parser(
        "edit-texts",
        help="a language model learns to write edits of captions",
        description="Fine-tune a causal language model on captions, instructions and captions "
        "after them. Calling it again goes on from the checkpoint.",
    )
    texts.add_argument("--model", required=True, metavar="M", help="a folder, or an installed id")
    texts.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    texts.add_argument("--name", default="edit-texts", metavar="NAME", help="of the run")
    texts.add_argument("--grammar", type=int, default=700, metavar="N", help="of the storybook")
    texts.add_argument(
        "--texts", type=Path, action="append", default=[], metavar="FILE", help="more; repeatable"
    )
    texts.add_argument(
        "--human", type=float, default=0.125, metavar="S", help="share that people wrote"
    )
    texts.add_argument(
        "--measured", type=int, default=300, metavar="N", help="held-out captions for the rates"
    )
    add_tuning(texts)
    add_learning(texts, steps=600, rate=5e-4, batch=16, of="texts")
    add_run(texts)
    texts.set_defaults(run=run_edit_texts)


def run_edit_texts(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print the rates on held-out captions."""
    check_learning(args, "rank", "blocks")
    if args.grammar < 0 or args.measured < 0 or not 0 <= args.human <= 1:
        raise UsageError("A number is out of range.", "Give 0 or more; --human a share of 1.")
    require_lab()
    model = model_folder(args.model)
    begin(args)
    from inference.lab.finetune import run_edit_texts as edit_texts

    training = edit_texts.EditTextTraining(
        model=model,
        output=args.output,
        name=args.name,
        grammar=args.grammar,
        texts=tuple(args.texts),
        human=args.human,
        tuned=args.tune,
        rank=args.rank,
        blocks=args.blocks,
        steps=args.steps,
        learning_rate=args.learning_rate,
        batch_size=args.batch,
        seed=args.seed,
        measured=args.measured,
    )
    values = edit_texts.run_edit_texts(training, minutes=args.minutes)
    code = print_outcome(args, values)
    if not args.json:
        _say_rates(values["rates"])
    return code


def _say_rates(rates: dict[str, Any]) -> None:
    for origin, found in rates.items():
        for name in ("parsed", "true"):
            if found is not None and name in found:
                share = found[name]
                say(
                    f"{origin}, {name}: {share['mean']:.3f} "
                    f"[{share['low']:.3f}, {share['high']:.3f}], n = {found['n']}"
                )
