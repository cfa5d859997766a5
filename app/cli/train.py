from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import DONE, UsageError, print_json, say
from app.runtime import paths

CONTEXTS = ("prompt", "path", "caption")
FORMS = ("plain", "tags", "topic")
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
    _add_common(suggest)
    suggest.set_defaults(run=run_suggest)
    _add_captions(trainings)
    _add_chat(trainings)


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Options of every training."""
    parser.add_argument("--minutes", type=float, metavar="M", help="time for this call")
    parser.add_argument("--threads", type=int, metavar="N", help="default: one per core")
    parser.add_argument("--json", action="store_true")


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
    captions.add_argument("--form", choices=FORMS, default="tags")
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
    _add_common(captions)
    captions.set_defaults(run=run_captions)


def _add_chat(trainings: Any) -> None:
    chat = trainings.add_parser(
        "chat",
        help="a language model learns to rewrite prompts by instructions",
        description="Fine-tune a causal language model on records of make-instructpe. Calling it "
        "again goes on from the checkpoint.",
    )
    chat.add_argument("--model", required=True, metavar="M", help="a folder, or an installed id")
    chat.add_argument("--records", type=Path, required=True, metavar="DIR")
    chat.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    chat.add_argument("--name", default="chat", metavar="NAME", help="of the run")
    chat.add_argument("--origin", default="", metavar="T", help="only records of this origin")
    chat.add_argument("--tune", choices=("full", "lora", "last"), default="full")
    chat.add_argument("--rank", type=int, default=8, metavar="N", help="of the LoRA")
    chat.add_argument("--blocks", type=int, default=2, metavar="N", help="for --tune last")
    chat.add_argument("--steps", type=int, default=600, metavar="N")
    chat.add_argument("--learning-rate", type=float, default=2e-4, metavar="R")
    chat.add_argument("--batch", type=int, default=16, metavar="N", help="records a step")
    chat.add_argument("--seed", type=int, default=0, metavar="N")
    _add_common(chat)
    chat.set_defaults(run=run_chat)


def run_suggest(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print where the model lies."""
    if min(args.rank, args.blocks, args.steps, args.batch) < 1 or args.seed < 0:
        raise UsageError("A number is out of range.", "Give 1 or more; --seed 0 or more.")
    if not 0 <= args.after <= 1 or not 0 < args.learning_rate < 1:
        raise UsageError("--after or --learning-rate is out of range.", "Give a share of 1.")
    require_lab()
    folder = _model(args.model)
    _begin(args)
    from inference.lab.finetune.run_suggest import SuggestTraining, facts, run

    contexts: Any = tuple(args.context or CONTEXTS)
    training = SuggestTraining(
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
    outcome = run(training, minutes=args.minutes)
    return _print(args, facts(training, outcome))


def run_captions(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print where the model lies and its held-out loss."""
    if not 0 < args.fraction <= 1 or args.epochs <= 0 or not 0 < args.learning_rate < 1:
        raise UsageError(
            "--fraction, --epochs or --learning-rate is out of range.", "Give a share of 1."
        )
    if min(args.rank, args.batch) < 1 or args.seed < 0:
        raise UsageError("A number is out of range.", "Give 1 or more; --seed 0 or more.")
    require_lab()
    model = _model(args.model)
    _begin(args)
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
    return _print(args, captions.run_captions(training, minutes=args.minutes))


def run_chat(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print where the model lies and its held-out loss."""
    if min(args.rank, args.blocks, args.steps, args.batch) < 1 or args.seed < 0:
        raise UsageError("A number is out of range.", "Give 1 or more; --seed 0 or more.")
    if not 0 < args.learning_rate < 1:
        raise UsageError("--learning-rate is out of range.", "Give a share of 1.")
    require_lab()
    model = _model(args.model)
    _begin(args)
    from inference.lab.finetune import run_chat as chat

    training = chat.ChatTraining(
        model=model,
        records=args.records,
        output=args.output,
        name=args.name,
        origin=args.origin,
        tuned=args.tune,
        rank=args.rank,
        blocks=args.blocks,
        steps=args.steps,
        learning_rate=args.learning_rate,
        batch_size=args.batch,
        seed=args.seed,
    )
    return _print(args, chat.run_chat(training, minutes=args.minutes))


def _begin(args: argparse.Namespace) -> None:
    """Give way to other programs before torch is imported."""
    from inference.lab.training.environment import give_way

    give_way()
    if args.threads:
        from inference.lab.finetune.run_suggest import use_threads

        use_threads(args.threads)


def _print(args: argparse.Namespace, values: dict[str, Any]) -> int:
    if args.json:
        print_json(values)
        return DONE
    say(f"{values['step']} of {values['steps']} steps in {values['minutes']} minutes")
    if values.get("held_out_loss") is not None:
        say(f"Held-out loss: {values['held_out_loss']} a token, {values['held_out']} examples")
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
