"""Regressors of rewards, from labels that stand in for drawn pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.lab.evaluation.partial import PartialResults
from inference.lab.finetune.rewards.fit import agreement
from inference.lab.finetune.rewards.labels import label, reward_prompts
from inference.lab.finetune.rewards.regressor import (
    NoRegressor,
    RegressorRecipe,
    RewardRegressor,
    classifier_of,
)
from inference.lab.finetune.rewards.scored_pictures import PictureScore
from inference.lab.finetune.run_recipe import run_recipe
from inference.lab.training.trainer import TrainingPlan
from tests.inference.lab.finetune.conftest import TinyChat


class CountedPictures:
    """Stands in for the text-to-image model: a prompt at night is beautiful."""

    def __init__(self, most: int = 1000) -> None:
        self.drawn: list[str] = []
        self._most = most

    def draw(self, prompts: Sequence[str], seeds: Sequence[int]) -> Any:
        if len(self.drawn) + len(prompts) > self._most:
            raise KeyboardInterrupt
        self.drawn += prompts
        return np.array([("night" in one, seed) for one, seed in zip(prompts, seeds, strict=True)])

    def rate(self, pictures: Any, captions: Sequence[str]) -> list[PictureScore]:
        return [
            PictureScore(5.0 + 2.0 * float(night), float("red" in caption))
            for (night, _), caption in zip(pictures, captions, strict=True)
        ]


def test_prompts_come_in_every_form_and_follow_from_the_seed(tiny_chat: TinyChat) -> None:
    prompts = reward_prompts(tiny_chat.train, 60, 0)
    assert prompts[:20] == reward_prompts(tiny_chat.train, 20, 0)
    assert prompts[:20] != reward_prompts(tiny_chat.train, 20, 1)
    assert {one.form for one in prompts} == {"full", "partial", "plain", "unedited", "other"}
    full = {one.beautified_target_prompt for one in tiny_chat.train}
    for one in prompts:
        if one.form == "plain":
            assert one.prompt == one.wanted
        if one.form == "full":
            assert one.prompt in full
        if one.form == "partial":
            first, *others = one.prompt.split(", ")
            assert any(p.startswith(first) and set(others) <= set(p.split(", ")) for p in full)


def test_labels_are_drawn_once(tiny_chat: TinyChat, tmp_path: Path) -> None:
    prompts = reward_prompts(tiny_chat.train, 40, 0)
    stopped: Any = CountedPictures(most=20)
    with pytest.raises(KeyboardInterrupt):
        label(prompts, stopped, PartialResults(tmp_path, {}), 0)
    goes_on: Any = CountedPictures()
    shares: list[float] = []
    scores = label(prompts, goes_on, PartialResults(tmp_path, {}), 0, shares.append)
    assert stopped.drawn + goes_on.drawn == [one.prompt for one in prompts]
    assert shares[-1] == 1.0
    expected = [
        PictureScore(5.0 + 2.0 * ("night" in p.prompt), float("red" in p.wanted)) for p in prompts
    ]
    assert scores == expected


def test_a_regressor_learns_what_makes_a_prompt_score(tiny_chat: TinyChat, tmp_path: Path) -> None:
    prompts = reward_prompts(tiny_chat.train, 200, 0)
    pictures: Any = CountedPictures()
    scores = label(prompts, pictures, PartialResults(None), 0)
    start, tokenizer = classifier_of(tiny_chat.model)
    plan = TrainingPlan(steps=150, lr=5e-3, warmup=5, ema=0.9)
    recipe = RegressorRecipe("rewards", start, tokenizer, prompts[:160], scores[:160], plan=plan)
    run_recipe(recipe, tmp_path)
    regressor = RewardRegressor.read(tmp_path / "models" / "rewards")
    found = agreement(regressor, prompts[160:], scores[160:])
    assert found["aesthetics"]["r2"] > 0.5
    assert found["aesthetics"]["rank_correlation"] > 0.5
    night, noon = regressor.scores(["a red car"] * 2, ["a red car, at night", "a red car, at noon"])
    assert night[0] > noon[0]


def test_other_folders_are_no_regressors(tiny_chat: TinyChat, tmp_path: Path) -> None:
    for folder in (tiny_chat.model, tmp_path):
        with pytest.raises(NoRegressor):
            RewardRegressor.read(folder)
