"""What `evaluate chat` compares and measures, by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from inference.lab.evaluation.arm_digest import NoArm
from inference.lab.evaluation.chat import arms
from inference.lab.evaluation.chat.arms import BestOfArm, ChatArmSource, UntrainedArm
from inference.lab.evaluation.chat.comparison import (
    differences,
    groups_of,
    outcomes,
    seed_means,
    variety,
)
from inference.lab.evaluation.chat.pictures import RenderedPrompts, shown
from inference.lab.evaluation.chat.run import ChatExperiment
from inference.lab.evaluation.chat.survey_answers import write_survey_answers
from inference.lab.evaluation.partial import PartialResults
from inference.lab.finetune.instructpe.make import InstructPeOptions, make_instructpe
from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.lab.finetune.preference import RewardWeights
from inference.lab.finetune.reinforce.prompt_reward import PromptRewards
from inference.lab.finetune.reinforce.requests import chat_request
from inference.lab.storybook.render import render
from inference.starter.scene import Scene
from tests.app.cli.cli_cases import in_process
from tests.inference.language import talkers

VALUES = {
    "base": [{"total": 0.0, "shown": 1.0}, {"total": 1.0, "shown": 0.5}],
    "rl@0": [{"total": 1.0, "shown": 1.0}, {"total": 1.0, "shown": 1.0}],
    "rl@1": [{"total": 3.0, "shown": 0.5}, {"total": 1.0, "shown": 0.5}],
}


def test_seeds_of_a_group_are_means_request_by_request() -> None:
    assert groups_of(list(VALUES)) == {"base": ["base"], "rl": ["rl@0", "rl@1"]}
    found = differences(VALUES, [("rl", "base")])
    assert found["rl-base/total"]["mean"] == pytest.approx(1.0)  # (2 − 0) and (1 − 1)
    assert found["rl-base/shown"]["mean"] == pytest.approx(0.0)
    assert found["rl-base/total"]["n"] == 2
    assert set(found) == {"rl-base/total", "rl-base/shown"}
    assert seed_means(VALUES, "total") == {"base": [0.5], "rl": [1.0, 2.0]}


def test_prompts_that_end_alike_have_little_variety() -> None:
    assert variety(["a car, at night", "a cat, at noon"]) == pytest.approx(4.0)
    # Shares ¼, ¼ and ½: e^(½·log 4 + ½·log 2) = 2·√2.
    assert variety(["a car, at night", "a cat, at Night"]) == pytest.approx(2 * 2**0.5)
    assert variety([]) == 0.0


def test_wins_are_what_the_judge_sees() -> None:
    assert outcomes(VALUES, [("rl", "base")]) == {"rl-base": {"win": 1, "tie": 1, "lose": 0}}


def test_arms_are_named_with_folder_lora_and_best_of(tmp_path: Path) -> None:
    model, lora = tmp_path / "model", tmp_path / "lora"
    model.mkdir()
    lora.mkdir()
    assert ChatArmSource.parse(f"rl@1={model}") == ChatArmSource("rl@1", model)
    assert ChatArmSource.parse(f"b={model}+{lora}*8") == ChatArmSource("b", model, lora, 8)
    for text in (f"{model}", f"={model}", "a=none", f"a={model}*x", f"record={model}"):
        with pytest.raises(NoArm):
            ChatArmSource.parse(text)


def test_the_judge_is_asked_about_what_the_plain_target_names() -> None:
    judgement = {"subject": "car", "colour": "red", "place": "desert", "light": "noon"}
    assert shown("a red car in the desert", judgement) == 1.0
    assert shown("a red car in the desert, at night", judgement) == pytest.approx(3 / 4)
    assert shown("something else", judgement) == 1.0


def test_the_renderer_draws_what_a_prompt_names() -> None:
    drawn = RenderedPrompts(64).draw(["a red car in the desert, at night", "nothing"], [3, 3])
    wanted = Scene(subject="car", colour="red", place="desert", light="night", seed=3)
    assert (drawn[0] == render(wanted, 64)).all()
    assert (drawn[1] == render(Scene(seed=3), 64)).all()


class Lengths:
    """Stands in for the regressors: long prompts are beautiful."""

    def scores(self, wanted: Sequence[str], prompts: Sequence[str]) -> torch.Tensor:
        return torch.tensor([(float(len(one)), 0.0) for one in prompts])


RECORD = InstructPrompt("a red car", "make it night", "a red car", "a red car, at night",
                        "a red car at night", "x")  # fmt: skip


def test_the_best_of_some_answers_is_the_longest_here(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = ("a car", "a red  car, at night", "at night")
    monkeypatch.setattr(arms, "sample_answers", lambda language, asked, count, *more: drawn[:count])
    regressor: Any = Lengths()
    language: Any = None
    rewards = PromptRewards(regressor, RewardWeights(integrity=0.0))
    asked = [chat_request(RECORD, full=False)]
    assert BestOfArm(language, 3, rewards).answers(asked, 0) == ["a red car, at night"]
    assert BestOfArm(language, 1, rewards).answers(asked, 0) == ["a car"]


def test_a_model_that_does_not_understand_leaves_the_prompt() -> None:
    tokenizer = talkers.words([("a red car, at night", RECORD.instruction)])
    language = talkers.Talker(talkers.gpt2(tokenizer, lines=True, width=32).eval(), tokenizer)
    asked = [
        chat_request(replace(RECORD, instruction=one), full=False)
        for one in ("make it night", "hum dum")
    ]
    assert UntrainedArm(language).answers(asked, 0) == ["a red car, at night", "a red car"]


def test_people_can_compare_two_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    requests = [chat_request(replace(RECORD, instruction=one), full=False) for one in "ab"]
    prompts = {"s@0": ["a red car", "a car"], "rl@0": ["a blue car", "a cat"], "rl@1": ["", ""]}
    files = write_survey_answers(
        tmp_path, requests, prompts, ("rl", "s"), RenderedPrompts(64), [1, 2]
    )
    assert len(files) == 5
    code, values = in_process(capsys)(
        "survey", "make", files[0], "-o", tmp_path / "survey", "--preset", "chat"
    )
    assert (code, values["items"]) == (0, 2)
    key = json.loads((tmp_path / "survey" / "key.json").read_text("utf-8"))
    assert "rl" in json.dumps(key)


def test_the_record_is_measured_beside_the_arms(tmp_path: Path) -> None:
    make_instructpe(InstructPeOptions(storybook=120, held_out=4), tmp_path)
    experiment = ChatExperiment((), tmp_path, "", 3, 0, parts=("full", "held-out"))
    full, held_out = experiment.run(PartialResults(None), lambda row, share: None)
    assert (full.part, held_out.part) == ("full", "held-out")
    assert [one["integrity"] for one in full.values["record"]] == [1.0] * len(
        full.prompts["record"]
    )
    assert len(held_out.prompts["record"]) == 3
