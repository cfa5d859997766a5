"""What the commands of `pentimento train` share: options, checks, printing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.output import DONE, UsageError, print_json, say
from app.runtime import paths

MOST_THREADS = 1024


def add_tuning(parser: argparse.ArgumentParser, default: str | None = "full") -> None:
    """Which weights learn; with no default the command chooses."""
    parser.add_argument("--tune", choices=("full", "lora", "last"), default=default)
    parser.add_argument("--rank", type=int, default=8, metavar="N", help="of the LoRA")
    parser.add_argument("--blocks", type=int, default=2, metavar="N", help="for --tune last")


def add_learning(
    parser: argparse.ArgumentParser, *, steps: int, rate: float | None, batch: int, of: str
) -> None:
    """How long and how fast it learns, with the defaults of a training.

    Args:
        parser: of the training.
        steps: of the optimiser.
        rate: learning rate; None where the command chooses.
        batch: examples a step.
        of: what an example is, in the plural.
    """
    parser.add_argument("--steps", type=int, default=steps, metavar="N")
    parser.add_argument("--learning-rate", type=float, default=rate, metavar="R")
    parser.add_argument("--batch", type=int, default=batch, metavar="N", help=f"{of} a step")
    parser.add_argument("--seed", type=int, default=0, metavar="N")


def add_run(parser: argparse.ArgumentParser) -> None:
    """Options of every training, whatever it learns."""
    parser.add_argument("--minutes", type=float, metavar="M", help="time for this call")
    parser.add_argument("--threads", type=int, metavar="N", help="default: one per core")
    parser.add_argument("--json", action="store_true")


def check_learning(args: argparse.Namespace, *counts: str) -> None:
    """Refuse numbers that no training can use.

    Args:
        args: of the command.
        counts: names of further options that must be 1 or more.

    Raises:
        UsageError: a count is below 1, the seed below 0, or the learning rate no share of 1.
    """
    numbers = [getattr(args, name) for name in ("steps", "batch", *counts)]
    if min(numbers) < 1 or args.seed < 0:
        raise UsageError("A number is out of range.", "Give 1 or more; --seed 0 or more.")
    if args.learning_rate is not None and not 0 < args.learning_rate < 1:
        raise UsageError("--learning-rate is out of range.", "Give more than 0 and less than 1.")


def begin(args: argparse.Namespace) -> None:
    """Give way to other programs before torch is imported.

    Raises:
        UsageError: threads or minutes are such as no call can have.
    """
    if args.threads is not None and not 1 <= args.threads <= MOST_THREADS:
        raise UsageError("--threads is out of range.", f"Give 1 to {MOST_THREADS}.")
    if args.minutes is not None and not args.minutes >= 0:  # nan too
        raise UsageError("--minutes is out of range.", "Give 0 or more.")
    from inference.lab.training.environment import give_way

    give_way()
    if args.threads:
        from inference.lab.finetune.run_recipe import use_threads

        use_threads(args.threads)


def print_outcome(args: argparse.Namespace, values: dict[str, Any]) -> int:
    """Print what a training reports."""
    if args.json:
        print_json(values)
        return DONE
    say(f"{values['step']} of {values['steps']} steps in {values['minutes']} minutes")
    if values.get("held_out_loss") is not None:
        say(f"Held-out loss: {values['held_out_loss']}, {values['held_out']} examples")
    say(f"The model: {values['model']}")
    return DONE


def model_folder(name: str) -> Path:
    """The folder of a model that is named by its folder or its id.

    Raises:
        UsageError: there is none.
    """
    folder = Path(name)
    if folder.is_dir():
        return folder
    for place in paths.models():
        if (place / name).is_dir():
            return place / name
    raise UsageError(f"There is no model {name}.", "Name a folder, or install the model first.")
