from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import DONE, UsageError, print_json, say
from app.runtime import paths

CONTEXTS = ("prompt", "path", "caption")
KINDS = ("insert", "delete", "swap", "replace", "mixed")


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
    suggest.add_argument("--tune", choices=("full", "lora", "last"), default="full")
    suggest.add_argument("--rank", type=int, default=8, metavar="N", help="of the LoRA")
    suggest.add_argument("--blocks", type=int, default=2, metavar="N", help="for --tune last")
    suggest.add_argument("--context", action="append", choices=CONTEXTS, help="default: all three")
    suggest.add_argument("--kind", action="append", choices=KINDS, help="default: all edits")
    suggest.add_argument(
        "--after",
        type=float,
        default=0.0,
        metavar="S",
        help="share of captions after edits",
    )
    suggest.add_argument("--steps", type=int, default=600, metavar="N")
    suggest.add_argument("--learning-rate", type=float, default=3e-4, metavar="R")
    suggest.add_argument("--batch", type=int, default=48, metavar="N", help="examples a step")
    suggest.add_argument("--seed", type=int, default=0, metavar="N")
    suggest.add_argument("--minutes", type=float, metavar="M", help="time for this call")
    suggest.add_argument("--threads", type=int, metavar="N", help="default: one per core")
    suggest.add_argument("--json", action="store_true")
    suggest.set_defaults(run=run_suggest)


def run_suggest(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print where the model lies."""
    if min(args.rank, args.blocks, args.steps, args.batch) < 1 or args.seed < 0:
        raise UsageError("A number is out of range.", "Give 1 or more; --seed 0 or more.")
    if not 0 <= args.after <= 1 or not 0 < args.learning_rate < 1:
        raise UsageError("--after or --learning-rate is out of range.", "Give a share of 1.")
    require_lab()
    contexts: Any = tuple(args.context or CONTEXTS)
    folder = _model(args.model)
    from inference.lab.training.environment import give_way

    give_way()
    from inference.lab.finetune.run_suggest import SuggestTraining, facts, run

    if args.threads:
        from inference.lab.finetune.run_suggest import use_threads

        use_threads(args.threads)
    training = SuggestTraining(
        folder,
        tuple(args.traces),
        args.output,
        args.name,
        args.tune,
        args.rank,
        args.blocks,
        contexts,
        frozenset(args.kind or ()),
        args.after,
        args.steps,
        args.learning_rate,
        args.batch,
        args.seed,
    )
    outcome = run(training, minutes=args.minutes)
    values = facts(training, outcome)
    if args.json:
        print_json(values)
        return DONE
    say(f"{values['step']} of {values['steps']} steps in {values['minutes']} minutes")
    say(f"The model: {values['model']}")
    return DONE


def _model(name: str) -> Path:
    """The folder of a model that is named by its folder or its id."""
    folder = Path(name)
    if folder.is_dir():
        return folder
    for place in paths.models():
        if (place / name).is_dir():
            return place / name
    raise UsageError(f"There is no model {name}.", "Name a folder, or install the model first.")
