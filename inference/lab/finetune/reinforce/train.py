"""`pentimento train chat --stage reinforce`: rounds of PPO, from where they were stopped."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from inference.lab.finetune.action_modification import TokenWords
from inference.lab.finetune.curves import read_log, write_reward_curves
from inference.lab.finetune.preference import RewardWeights
from inference.lab.finetune.reinforce.policy import ChatPolicy
from inference.lab.finetune.reinforce.prompt_reward import PromptRewards
from inference.lab.finetune.reinforce.round import Learner, RoundSettings, ppo_round
from inference.lab.finetune.rewards.regressor import RewardRegressor
from inference.lab.finetune.run_chat import chat_records
from inference.lab.finetune.run_recipe import check_options, load_causal_language
from inference.lab.training.export import install, save_pretrained
from inference.lab.training.trainer import (
    ended_politely,
    parameter_groups,
    seed_torch,
    write_atomically,
)

CHECKPOINT_ROUNDS: Final = 5


@dataclass(frozen=True)
class ReinforceTraining:
    """What is trained.

    Attributes:
        model: folder of the supervised model; it is the reference too.
        rewards: folder of the regressors, from `train rewards`.
        records: folder that `make-instructpe` wrote.
        output: checkpoints, logs, curves and the model lie below it.
        name: of the run; another one begins anew.
        origin: only records whose origin begins so; "" for all.
        rounds: of drawing and learning.
        blocks: so many of the last blocks learn; 0 for all weights.
    """

    model: Path
    rewards: Path
    records: Path
    output: Path
    name: str = "chat-reinforce"
    origin: str = ""
    rounds: int = 60
    learning_rate: float = 1e-4
    blocks: int = 2
    seed: int = 0
    weights: RewardWeights = field(default_factory=RewardWeights)
    settings: RoundSettings = field(default_factory=RoundSettings)

    def learner(self) -> Learner:
        """A policy at its beginning.

        Raises:
            NoRegressor: the folder of the rewards holds something else.
        """
        rewards = PromptRewards(RewardRegressor.read(self.rewards), self.weights)
        model, tokenizer = load_causal_language(self.model)
        reference = copy.deepcopy(model).eval().requires_grad_(False)
        seed_torch(self.seed, -1)
        policy = ChatPolicy(model, self.blocks).eval()
        optimiser = torch.optim.AdamW(
            parameter_groups(policy, 1e-6), lr=self.learning_rate, betas=(0.9, 0.95)
        )
        return Learner(policy, reference, optimiser, tokenizer, TokenWords(tokenizer), rewards)


def run_reinforce(training: ReinforceTraining, *, minutes: float | None = None) -> dict[str, Any]:
    """Train until the rounds are done or the time is up; returns what the command prints.

    Requests, plans and tokens of a round follow from the seed and its number alone, so a run that
    was stopped between rounds takes the steps that an uninterrupted one would have taken.

    Raises:
        NoRecords: there are none to learn from.
        NoRegressor: the folder of the rewards holds something else.
        OtherTraining: the run was begun with other options.
    """
    records = chat_records(training.records, training.origin)
    learner = training.learner()
    checkpoint = training.output / "checkpoints" / f"{training.name}.pt"
    log = training.output / "logs" / f"{training.name}.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    check_options(training.name, _options_of(training), checkpoint.parent)
    done, spent = _resume(learner, checkpoint)
    began = time.monotonic()
    with ended_politely() as signals, log.open("a", encoding="utf-8") as file:
        while done < training.rounds:
            seed_torch(training.seed, done)
            rng = np.random.default_rng([training.seed, done])
            figures = ppo_round(learner, records, training.settings, rng)
            done += 1
            seconds = spent + time.monotonic() - began
            line = {"step": done, "seconds": round(seconds, 1)}
            line |= {name: round(value, 5) for name, value in figures.items()}
            file.write(json.dumps(line) + "\n")
            file.flush()
            late = minutes is not None and seconds - spent > 60 * minutes
            if late or signals or done % CHECKPOINT_ROUNDS == 0:
                _save(learner, checkpoint, done, seconds)
            if late or signals:
                break
    seconds = spent + time.monotonic() - began
    _save(learner, checkpoint, done, seconds)
    if signals:
        raise KeyboardInterrupt
    folder = training.output / "models" / training.name
    install(lambda place: _export(learner, place), folder)
    lines = read_log(log)
    write_reward_curves(lines, training.output / f"{training.name}.png", training.name)
    return {
        "name": training.name,
        "model": str(folder),
        "step": done,
        "steps": training.rounds,
        "minutes": round(seconds / 60, 1),
        "done": done >= training.rounds,
        "weights": asdict(training.weights),
        "modified": training.settings.modify,
        "first": _mean(lines[:5]),
        "last": _mean(lines[-5:]),
    }


def _options_of(training: ReinforceTraining) -> dict[str, Any]:
    """What a run may not change when it goes on; it may be made longer."""
    return {
        "model": training.model.name,
        "rewards": training.rewards.name,
        "origin": training.origin,
        "learning_rate": training.learning_rate,
        "blocks": training.blocks,
        "seed": training.seed,
        "weights": asdict(training.weights),
        "settings": asdict(training.settings),
    }


def _mean(lines: Sequence[dict[str, float]]) -> dict[str, float]:
    """Means of the rewards over some rounds."""
    names = ("total", "aesthetics", "preference", "integrity", "divergence")
    return {
        name: round(float(np.mean([line[name] for line in lines if name in line])), 4)
        for name in names
        if any(name in line for line in lines)
    }


def _export(learner: Learner, folder: Path) -> None:
    save_pretrained(learner.policy.model, folder)
    learner.tokenizer.save_pretrained(folder)


def _save(learner: Learner, file: Path, done: int, seconds: float) -> None:
    write_atomically(
        file,
        {
            "step": done,
            "seconds": seconds,
            "policy": learner.policy.state_dict(),
            "optimiser": learner.optimiser.state_dict(),
            "penalty": learner.penalty.value,
            "scale": asdict(learner.scale),
        },
    )


def _resume(learner: Learner, file: Path) -> tuple[int, float]:
    """Rounds and seconds so far; 0 where the run begins."""
    if not file.is_file():
        return 0, 0.0
    state = torch.load(file, map_location="cpu", weights_only=True)
    learner.policy.load_state_dict(state["policy"])
    learner.optimiser.load_state_dict(state["optimiser"])
    learner.penalty.value = state["penalty"]
    for name, value in state["scale"].items():
        setattr(learner.scale, name, value)
    return int(state["step"]), float(state["seconds"])
