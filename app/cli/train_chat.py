"""`pentimento train chat` and `train rewards`: a language model learns to rewrite prompts."""

from __future__ import annotations

import argparse
from dataclasses import replace
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

STAGES = ("supervised", "reinforce", "dpo")
REWARDS = ("aesthetics", "preference", "integrity")


def add_chat(trainings: Any) -> None:
    """Declare both commands."""
    chat = trainings.add_parser(
        "chat",
        help="a language model learns to rewrite prompts by instructions",
        description="Fine-tune a causal language model on records of make-instructpe, by "
        "supervision, or further by rewards (PPO) or by pairs of better and worse answers (DPO). "
        "Calling it again goes on from the checkpoint.",
    )
    _add_sources(chat, "chat")
    chat.add_argument("--stage", choices=STAGES, default="supervised")
    add_tuning(chat, None)
    add_learning(chat, steps=600, rate=None, batch=16, of="records or answers")
    _add_rewarding(chat)
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


def _add_rewarding(parser: argparse.ArgumentParser) -> None:
    """Options of the stages that learn from rewards; their steps are rounds of PPO, or DPO's."""
    parser.add_argument("--rewards", type=Path, metavar="DIR", help="model of train rewards")
    parser.add_argument("--rollouts", type=int, default=64, metavar="N", help="a round")
    parser.add_argument("--epochs", type=int, default=4, metavar="N", help="over the rollouts")
    parser.add_argument("--requests", type=int, default=500, metavar="N", help="of dpo")
    parser.add_argument("--answers", type=int, default=4, metavar="N", help="to each, of dpo")
    parser.add_argument(
        "--no-modification", action="store_true", help="rollouts are drawn as the policy says"
    )
    parser.add_argument(
        "--without", action="append", default=[], choices=REWARDS, help="leave out this reward"
    )
    parser.add_argument(
        "--threshold", type=float, default=0.8, metavar="T", help="of content integrity, 0 to 1"
    )


def _add_sources(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--model", required=True, metavar="M", help="a folder, or an installed id")
    parser.add_argument("--records", type=Path, required=True, metavar="DIR")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--name", default=name, metavar="NAME", help="of the run")
    parser.add_argument("--origin", default="", metavar="T", help="only records of this origin")


def run_chat(args: argparse.Namespace) -> int:
    """Train until done or the time is up; print where the model lies and what was reached."""
    check_learning(args, "rank", "blocks", "rollouts", "epochs", "requests")
    rewarded = args.stage != "supervised"
    if rewarded and (args.rewards is None or args.tune == "lora"):
        raise UsageError(
            f"--stage {args.stage} needs --rewards, and learns full or last weights.",
            "Name the model that train rewards wrote.",
        )
    if not 0 <= args.threshold <= 1 or args.answers < 2:
        raise UsageError("--threshold or --answers is out of range.", "Give 0 to 1; 2 or more.")
    require_lab()
    model = model_folder(args.model)
    begin(args)
    run = {"supervised": _supervised, "reinforce": _reinforced, "dpo": _by_pairs}[args.stage]
    return print_outcome(args, run(args, model))


def _supervised(args: argparse.Namespace, model: Path) -> dict[str, Any]:
    from inference.lab.finetune import run_chat as chat

    training = chat.ChatTraining(
        model=model,
        records=args.records,
        output=args.output,
        name=args.name,
        origin=args.origin,
        tuned=args.tune or "full",
        rank=args.rank,
        blocks=args.blocks,
        steps=args.steps,
        learning_rate=args.learning_rate or 2e-4,
        batch_size=args.batch,
        seed=args.seed,
    )
    return chat.run_chat(training, minutes=args.minutes)


def _reinforced(args: argparse.Namespace, model: Path) -> dict[str, Any]:
    from inference.lab.finetune.reinforce.round import RoundSettings
    from inference.lab.finetune.reinforce.train import ReinforceTraining, run_reinforce

    training = ReinforceTraining(
        model=model,
        rewards=args.rewards,
        records=args.records,
        output=args.output,
        name=args.name,
        origin=args.origin,
        rounds=args.steps,
        learning_rate=args.learning_rate or 1e-4,
        blocks=0 if args.tune == "full" else args.blocks,
        seed=args.seed,
        weights=_weights(args),
        settings=RoundSettings(
            rollouts=args.rollouts,
            batch_size=args.batch,
            epochs=args.epochs,
            modify=not args.no_modification,
        ),
    )
    return run_reinforce(training, minutes=args.minutes)


def _by_pairs(args: argparse.Namespace, model: Path) -> dict[str, Any]:
    from inference.lab.finetune.reinforce.pairs import PairTraining, run_pairs

    training = PairTraining(
        model=model,
        rewards=args.rewards,
        records=args.records,
        output=args.output,
        name=args.name,
        origin=args.origin,
        requests=args.requests,
        answers=args.answers,
        steps=args.steps,
        learning_rate=args.learning_rate or 1e-4,
        batch_size=args.batch,
        blocks=0 if args.tune == "full" else args.blocks,
        seed=args.seed,
        weights=_weights(args),
    )
    return run_pairs(training, minutes=args.minutes)


def _weights(args: argparse.Namespace) -> Any:
    """The weights of the rewards, 0 for those that are left out."""
    from inference.lab.finetune.preference import RewardWeights

    return replace(RewardWeights(threshold=args.threshold), **dict.fromkeys(args.without, 0.0))


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
