"""`pentimento train rewards`: regressors of aesthetics and preference, from drawn prompts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.stats import spearmanr
from sklearn.metrics import r2_score

from inference.lab.evaluation.partial import PartialResults
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.finetune.rewards.labels import RewardPrompt, label, reward_prompts
from inference.lab.finetune.rewards.regressor import (
    RegressorRecipe,
    RewardRegressor,
    classifier_of,
)
from inference.lab.finetune.rewards.scored_pictures import STEPS, PictureScore, ScoredPictures
from inference.lab.finetune.run_chat import chat_records
from inference.lab.finetune.run_recipe import run_recipe
from inference.lab.training.trainer import TrainingPlan

HELD_OUT: Final = 0.1
LABELS: Final = "labels"
"""Folder of the labels below the output."""

SCORES: Final = ("aesthetics", "preference")


@dataclass(frozen=True)
class RewardTraining:
    """What is fitted.

    Attributes:
        model: folder of a causal language model that the regressors begin from.
        records: folder that `make-instructpe` wrote.
        output: labels, checkpoints, logs, curves and the regressors lie below it.
        name: of the run; another one begins anew.
        origin: only records whose origin begins so; "" for all.
        prompts: how many are drawn; the last tenth is held out.
        sampler_steps: of each picture.
        models: folder of the starter models that draw and rate; None for the program's own.
    """

    model: Path
    records: Path
    output: Path
    name: str = "rewards"
    origin: str = ""
    prompts: int = 4000
    sampler_steps: int = STEPS
    steps: int = 400
    learning_rate: float = 5e-4
    batch_size: int = 32
    seed: int = 0
    models: Path | None = None

    def labelled(
        self, on_share: Callable[[float], None] = lambda share: None
    ) -> tuple[tuple[RewardPrompt, ...], list[PictureScore]]:
        """The prompts, and what the heads say of their pictures; drawn where that is not known.

        Raises:
            NoRecords: there are none.
            OtherRun: the output holds labels of other records, models or settings.
        """
        records = chat_records(self.records, self.origin)
        prompts = reward_prompts(records, self.prompts, self.seed)
        starter = StarterModels(self.models)
        facts = {
            "seed": self.seed,
            "records": len(records),
            "sampler_steps": self.sampler_steps,
            "models": starter.digests(),
        }
        results = PartialResults(self.output / LABELS, facts)
        pictures = ScoredPictures(starter, self.sampler_steps)
        return prompts, label(prompts, pictures, results, self.seed, on_share)


def fit_rewards(
    training: RewardTraining,
    *,
    minutes: float | None = None,
    on_share: Callable[[float], None] = lambda share: None,
) -> dict[str, Any]:
    """Draw and rate prompts, fit the regressors, measure them on held-out prompts.

    Args:
        training: what is fitted.
        minutes: time for the fitting in this call; None until it is done.
        on_share: called with the share of the prompts that are drawn.
    """
    began = time.monotonic()
    prompts, scores = training.labelled(on_share)
    labelled = time.monotonic() - began
    learnt = len(prompts) - max(2, round(HELD_OUT * len(prompts)))
    start, tokenizer = classifier_of(training.model)
    recipe = RegressorRecipe(
        training.name,
        start,
        tokenizer,
        prompts[:learnt],
        scores[:learnt],
        training.batch_size,
        plan=TrainingPlan(
            steps=training.steps,
            lr=training.learning_rate,
            warmup=max(1, training.steps // 10),
            ema=0.98,
            seed=training.seed,
        ),
    )
    outcome = run_recipe(recipe, training.output, minutes=minutes)
    folder = training.output / "models" / training.name
    return {
        "name": training.name,
        "model": str(folder),
        "step": outcome.step,
        "steps": training.steps,
        "minutes": round(outcome.seconds / 60, 1),
        "label_minutes": round(labelled / 60, 1),
        "done": outcome.done,
        "prompts": learnt,
        "held_out": len(prompts) - learnt,
        **agreement(RewardRegressor.read(folder), prompts[learnt:], scores[learnt:]),
    }


def agreement(
    regressor: RewardRegressor, prompts: Sequence[RewardPrompt], scores: Sequence[PictureScore]
) -> dict[str, dict[str, float]]:
    """R² (after the best line) and Spearman's rank correlation of each score on some prompts.

    Args:
        regressor: its figures.
        prompts: at least two.
        scores: of their pictures.
    """
    predicted = regressor.scores([p.wanted for p in prompts], [p.prompt for p in prompts]).numpy()
    labels = np.array([(one.aesthetics, one.preference) for one in scores])
    found = {}
    for column, name in enumerate(SCORES):
        x, y = predicted[:, column], labels[:, column]
        line = np.polyval(np.polyfit(x, y, 1), x)
        found[name] = {
            "r2": round(float(r2_score(y, line)), 4),
            "rank_correlation": round(float(spearmanr(x, y).statistic), 4),
        }
    return found
