"""The loop of PPO on a tiny policy and a reward that can be read by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from inference.lab.finetune.action_modification import RolloutPlan, TokenWords
from inference.lab.finetune.preference import RewardWeights
from inference.lab.finetune.reinforce import pairs, train
from inference.lab.finetune.reinforce.policy import ChatPolicy
from inference.lab.finetune.reinforce.prompt_reward import PromptRewards
from inference.lab.finetune.reinforce.requests import chat_request, drawn_requests
from inference.lab.finetune.reinforce.rollouts import draw_rollouts
from inference.lab.finetune.reinforce.round import RoundSettings
from inference.lab.finetune.run_recipe import OtherTraining, load_causal_language
from tests.inference.lab.finetune.conftest import TinyChat

NEW = 24


class NightIsBeautiful:
    """Stands in for the regressors: one deviation more for each "night", preference none."""

    def scores(self, wanted: Sequence[str], prompts: Sequence[str]) -> torch.Tensor:
        del wanted
        return torch.tensor([(float("night" in one), 0.0) for one in prompts])


@pytest.fixture
def reward(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings read the stand-in from whatever folder they name."""
    for module in (train, pairs):
        monkeypatch.setattr(module.RewardRegressor, "read", lambda folder: NightIsBeautiful())


def training(tiny: TinyChat, output: Path, **more: Any) -> train.ReinforceTraining:
    settings = RoundSettings(
        rollouts=16, batch_size=8, epochs=2, new_tokens=NEW, modify=more.pop("modify", True)
    )
    return train.ReinforceTraining(
        tiny.model, output, tiny.records, output, blocks=0, settings=settings,
        **{"learning_rate": 3e-3, **more},
    )  # fmt: skip


def test_requests_ask_for_what_their_prompt_says(tiny_chat: TinyChat) -> None:
    record = tiny_chat.train[0]
    plain, full = (chat_request(record, full=one) for one in (False, True))
    assert record.source_prompt in plain.question
    assert record.beautified_source_prompt in full.question
    assert set(plain.content.required) < set(full.content.required)
    assert plain.reference == full.reference == record.beautified_target_prompt


def test_rewards_count_from_the_reference_and_stop_below_the_threshold(tiny_chat: TinyChat) -> None:
    regressor: Any = NightIsBeautiful()
    record = next(r for r in tiny_chat.train if "night" not in r.beautified_target_prompt)
    request = chat_request(record, full=False)
    rewards = PromptRewards(regressor, RewardWeights())
    same, better, empty = rewards(
        [request] * 3, [request.reference, f"{request.reference}, night", "night"]
    )
    assert (same.total, same.aesthetics, same.integrity) == (pytest.approx(0.2), 0.0, 1.0)
    assert better.total == pytest.approx(0.3 + 0.2)
    assert empty.integrity < 0.8
    assert empty.total == pytest.approx(empty.integrity - 0.8)


def test_rollouts_keep_what_they_were_drawn_with(tiny_chat: TinyChat) -> None:
    model, tokenizer = load_causal_language(tiny_chat.model)
    model.eval()
    rng = np.random.default_rng(0)
    requests = drawn_requests(tiny_chat.train, 20, rng)
    plans = [RolloutPlan("free", one.content.required) for one in requests]
    torch.manual_seed(0)
    rollouts, texts = draw_rollouts(model, TokenWords(tokenizer), tokenizer, requests, plans, NEW)
    log_probs, values = ChatPolicy(model, 0).eval()(rollouts)
    torch.testing.assert_close(log_probs, rollouts.behaviour, atol=2e-4, rtol=0)
    assert not values.any()  # value and weight of the integrity begin at 0
    assert len(texts) == 20
    for row, text in enumerate(texts):
        used = rollouts.answer[row].bool()
        ids = rollouts.ids[row, rollouts.start :][used]
        assert tokenizer.decode(ids, skip_special_tokens=True).strip() == text
        ends = (ids == tokenizer.eos_token_id).nonzero()
        assert len(ends) == 0 or int(ends[0]) == len(ids) - 1
    assert float(rollouts.integrity[:, 0].max()) == 0.0  # nothing is written before the first
    assert float(rollouts.integrity.max()) > 0


def test_the_policy_learns_what_is_rewarded(
    tiny_chat: TinyChat, tmp_path: Path, reward: None
) -> None:
    values = train.run_reinforce(training(tiny_chat, tmp_path, rounds=30, modify=False))
    assert values["done"]
    assert values["last"]["aesthetics"] > values["first"]["aesthetics"] + 0.1
    assert (tmp_path / "chat-reinforce.png").is_file()
    made, _ = load_causal_language(tmp_path / "models" / "chat-reinforce")
    assert made.config.chat_lines == "rewrite-1"


def test_a_run_that_was_stopped_takes_the_same_steps(
    tiny_chat: TinyChat, tmp_path: Path, reward: None
) -> None:
    whole = training(tiny_chat, tmp_path / "whole", rounds=2)
    parts = training(tiny_chat, tmp_path / "parts", rounds=2)
    train.run_reinforce(whole)
    first = train.run_reinforce(parts, minutes=0)
    assert (first["step"], first["done"]) == (1, False)
    with pytest.raises(OtherTraining, match="learning_rate"):
        train.run_reinforce(replace(parts, learning_rate=0.5))
    train.run_reinforce(parts)
    one, other = (
        load_causal_language(folder / "models" / "chat-reinforce")[0].state_dict()
        for folder in (tmp_path / "whole", tmp_path / "parts")
    )
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def test_pairs_teach_the_better_answer_and_are_drawn_once(
    tiny_chat: TinyChat, tmp_path: Path, reward: None
) -> None:
    asked = pairs.PairTraining(
        tiny_chat.model, tmp_path, tiny_chat.records, tmp_path, requests=24, answers=4, steps=12,
        learning_rate=3e-3, batch_size=8, blocks=0, weights=RewardWeights(threshold=0.0),
    )  # fmt: skip
    first = pairs.run_pairs(asked, minutes=0)
    file = tmp_path / "pairs" / "chat-dpo.json"
    drawn = file.read_bytes()
    values = pairs.run_pairs(asked)
    assert file.read_bytes() == drawn
    assert first["pairs"] == values["pairs"] > 0
    assert (first["done"], values["done"]) == (False, True)
    from inference.lab.finetune.curves import read_log

    lines = read_log(tmp_path / "logs" / "chat-dpo.jsonl")
    assert lines[-1]["loss"] < lines[0]["loss"]
