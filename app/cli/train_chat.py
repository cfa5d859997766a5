"""`pentimento train chat` and `train rewards`: a language model learns to rewrite prompts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.output import ProgressBar, UsageError, say
from app.cli.train_options import (
    add_learning,
    add_run,
    add_tuning,
    begin,
    check_learning,
    model_folder,
    print_outcome,
)


def add_chat(trainings: Any) -> None:
    """Declare both commands."""
    chat = trainings.add_parser(
        "chat",
        help="a language model learns to rewrite prompts by instructions",
        description="Fine-tune a causal language model on records of make-instructpe. Calling it "
        "again goes on from the checkpoint.",
    )
    _add_sources(chat, "chat")
    add_tuning(chat)
    add_learning(chat, steps=600, rate=2e-4, batch=16, of="records")
    add_run(chat)
    chat.set_defaults(run=run_chat)
    rewards = trainings.add_parser(
        "rewards",
        help="two rewards of train chat are learnt from drawn prompts",
        description="Draw prompts of make-instructpe with the starter's text-to-image model, rate "
        "the pictures with its heads, and fit a regressor that reads text alone.",
    )
    _add_sources(rewards, "rewards")
    rewards.add_argument("--prompts", type=int, default=4000, metavar="N", help="that are drawn")
    rewards.add_argument(
        "--sampler-steps", type=int, default=6, metavar="N", help="of each picture"
    )
    rewards.add_argument("--models", type=Path, metavar="DIR", help="other starter models")
    add_learning(rewards, steps=400, rate=5e-4, batch=32, of="prompts")
    add_run(rewards)
    rewards.set_defaults(run=run_rewards)


def _add_sources(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--model", required=True, metavar="M", help="a folder, or an installed id")
    parser.add_argument("--records", type=Path, required=True, metavar="DIR")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--name", default=name, metavar="NAME", help="of the run")
    parser.add_argument("--origin", default="", metavar="T", help="only records of this origin")


def run_chat(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print where the model lies and its held-out loss."""
    check_learning(args, "rank", "blocks")
    require_lab()
    model = model_folder(args.model)
    begin(args)
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
    return print_outcome(args, chat.run_chat(training, minutes=args.minutes))


def run_rewards(args: argparse.Namespace) -> int:
    """Draw, rate and fit until done or the time is up; print how well held-out labels are met."""
    check_learning(args, "sampler_steps")
    if args.prompts < 20:
        raise UsageError("--prompts is out of range.", "Give 20 or more.")
    require_lab()
    model = model_folder(args.model)
    begin(args)
    from inference.lab.finetune.rewards.fit import SCORES, RewardTraining, fit_rewards

    training = RewardTraining(
        model=model,
        records=args.records,
        output=args.output,
        name=args.name,
        origin=args.origin,
        prompts=args.prompts,
        sampler_steps=args.sampler_steps,
        steps=args.steps,
        learning_rate=args.learning_rate,
        batch_size=args.batch,
        seed=args.seed,
        models=args.models,
    )
    bar = ProgressBar()
    try:
        values = fit_rewards(
            training,
            minutes=args.minutes,
            on_share=lambda share: bar.show("prompts drawn", share),
        )
    finally:
        bar.clear()
    if not args.json:
        for name in SCORES:
            found = values[name]
            say(f"{name}: R² {found['r2']}, rank correlation {found['rank_correlation']}")
    return print_outcome(args, values)
