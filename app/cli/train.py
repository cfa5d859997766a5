from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import UsageError
from app.cli.train_chat import add_chat
from app.cli.train_edit_texts import add_edit_texts
from app.cli.train_editor import add_editor
from app.cli.train_options import (
    add_learning,
    add_run,
    add_tuning,
    begin,
    check_learning,
    model_folder,
    print_outcome,
)
from inference.language.caption_tags import CAPTION_FORMS

CONTEXTS = ("prompt", "path", "caption")
KINDS = ("insert", "delete", "swap", "replace", "mixed")

MOST_EPOCHS = 1000


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("train", help="fine-tune models on your own data")
    trainings = parser.add_subparsers(metavar="TRAINING", required=True)
    suggest = trainings.add_parser(
        "suggest",
        help="a language model learns from traces which edit comes next",
        description="Fine-tune a causal language model on traces. Calling it again goes on from "
        "the checkpoint.",
    )
    suggest.add_argument("--model", required=True, metavar="M", help="a folder, or an installed id")
    suggest.add_argument(
        "--traces",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="repeatable",
    )
    suggest.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    suggest.add_argument("--name", default="suggest", metavar="NAME", help="of the run")
    add_tuning(suggest)
    suggest.add_argument("--context", action="append", choices=CONTEXTS, help="default: all three")
    suggest.add_argument("--kind", action="append", choices=KINDS, help="default: all edits")
    suggest.add_argument(
        "--after",
        type=float,
        default=0.0,
        metavar="S",
        help="share of captions after edits",
    )
    add_learning(suggest, steps=600, rate=3e-4, batch=48, of="examples")
    add_run(suggest)
    suggest.set_defaults(run=run_suggest)
    _add_captions(trainings)
    add_chat(trainings)
    add_edit_texts(trainings)
    add_editor(trainings)


def _add_captions(trainings: Any) -> None:
    captions = trainings.add_parser(
        "captions",
        help="a language model learns to write captions or prompts",
        description="Fine-tune a causal language model on captions. Calling it again goes on from "
        "the checkpoint.",
    )
    captions.add_argument(
        "--model", required=True, metavar="M", help="a folder, or an installed id"
    )
    captions.add_argument(
        "--captions", type=Path, required=True, metavar="FILE", help=".txt, one a line, or .jsonl"
    )
    captions.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    captions.add_argument("--name", default="captions", metavar="NAME", help="of the run")
    captions.add_argument("--form", choices=CAPTION_FORMS, default="tags")
    captions.add_argument("--tune", choices=("last", "lora"), default="last")
    captions.add_argument(
        "--fraction", type=float, default=0.125, metavar="S", help="share of the blocks that learn"
    )
    captions.add_argument("--rank", type=int, default=8, metavar="N", help="of the LoRA")
    captions.add_argument("--epochs", type=float, default=1, metavar="N")
    captions.add_argument("--learning-rate", type=float, default=5e-5, metavar="R")
    captions.add_argument("--batch", type=int, default=64, metavar="N", help="captions a step")
    captions.add_argument("--word-filter", type=Path, metavar="FILE", help="other unwanted words")
    captions.add_argument("--seed", type=int, default=0, metavar="N")
    add_run(captions)
    captions.set_defaults(run=run_captions)


def run_suggest(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print where the model lies."""
    check_learning(args, "rank", "blocks")
    if not 0 <= args.after <= 1:
        raise UsageError("--after is out of range.", "Give 0 to 1.")
    require_lab()
    folder = model_folder(args.model)
    begin(args)
    from inference.lab.finetune import run_suggest as suggest

    contexts: Any = tuple(args.context or CONTEXTS)
    training = suggest.SuggestTraining(
        model=folder,
        traces=tuple(args.traces),
        output=args.output,
        name=args.name,
        tuned=args.tune,
        rank=args.rank,
        blocks=args.blocks,
        contexts=contexts,
        kinds=frozenset(args.kind or ()),
        after=args.after,
        steps=args.steps,
        learning_rate=args.learning_rate,
        batch_size=args.batch,
        seed=args.seed,
    )
    return print_outcome(args, suggest.run_suggest(training, minutes=args.minutes))


def run_captions(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print where the model lies and its held-out loss."""
    if not 0 < args.fraction <= 1 or not 0 < args.learning_rate < 1:
        raise UsageError(
            "--fraction or --learning-rate is out of range.", "Give more than 0 and less than 1."
        )
    if not 0 < args.epochs <= MOST_EPOCHS:
        raise UsageError("--epochs is out of range.", f"Give more than 0, at most {MOST_EPOCHS}.")
    if min(args.rank, args.batch) < 1 or args.seed < 0:
        raise UsageError("A number is out of range.", "Give 1 or more; --seed 0 or more.")
    require_lab()
    model = model_folder(args.model)
    begin(args)
    from inference.lab.finetune import run_captions as captions

    training = captions.CaptionTraining(
        model=model,
        captions=args.captions,
        output=args.output,
        name=args.name,
        form=args.form,
        tuned=args.tune,
        fraction=args.fraction,
        rank=args.rank,
        epochs=args.epochs,
        learning_rate=args.learning_rate,
        batch_size=args.batch,
        seed=args.seed,
        word_filter=args.word_filter,
    )
    return print_outcome(args, captions.run_captions(training, minutes=args.minutes))
