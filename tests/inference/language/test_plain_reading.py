from __future__ import annotations

from typing import Any

import pytest

from inference.language import directions as reading
from inference.language.chat_lines import CHAT_LINES, rewrite_line
from inference.language.direction import Direction, ModelAnswer
from inference.language.directions import DirectionUnknown, directions
from inference.language.plain_reading import plain_reading
from tests.inference.language import talkers


@pytest.mark.parametrize(
    ("prompt", "instruction", "answers", "plain"),
    [
        (
            "a cup of coffee on a wooden table",
            "make it night",
            [
                "a cup of coffee on a wooden table, gold",
                "a cup of coffee on a wooden table, night, warm, 8 k",
                "a cup of coffee on a wooden table, night",
            ],
            "a cup of coffee on a wooden table, night",
        ),
        (
            "a fox in a snowy forest",
            "replace the fox with an owl",
            ["a fox in a snowy forest", "a snowy forest", "an owl in a snowy forest, painted"],
            "an owl in a snowy forest, painted",
        ),
        (
            "two dogs on a beach, oil painting",
            "remove the dogs",
            ["a beach, watercolour, detailed", "a beach, oil painting"],
            "a beach, oil painting",
        ),
        ("an owl", "make it an owl", ["an owl", "An owl.", ""], None),
    ],
)
def test_it_does_what_is_asked_and_changes_least(
    prompt: str, instruction: str, answers: list[str], plain: str | None
) -> None:
    assert plain_reading(prompt, instruction, answers) == plain


def _checked() -> None:
    """Nobody cancels."""


def test_a_model_that_was_trained_to_rewrite_gives_one_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boat, stormy = "a boat on a calm lake", "a boat on a stormy lake"
    question = rewrite_line(boat, "make the lake stormy")
    tokenizer = talkers.words([(question, f" {stormy} , oil painting")])
    model: Any = talkers.Talker(talkers.gpt2(tokenizer, lines=False, context=256), tokenizer)
    model.model.config.chat_lines = CHAT_LINES
    best = [f"{stormy}, oil painting, fog, fog"]
    drawn = [f"{boat}, oil painting", f"{stormy}, fog, fog", boat]
    asked: list[str] = []
    monkeypatch.setattr(
        reading, "best_answers", lambda _, questions, *__: [ModelAnswer(one) for one in best]
    )

    def answers(_: object, text: str, *__: object) -> list[str]:
        asked.append(text)
        return drawn

    monkeypatch.setattr(reading, "sample_answers", answers)
    made = directions(model, boat, "make the lake stormy", _checked)
    assert asked == [question]
    assert made == (Direction(boat, f"{stormy}, fog", agreed=True),)
    best[:], drawn[:] = [boat], []
    with pytest.raises(DirectionUnknown):
        directions(model, boat, "make the lake stormy", _checked)
    with pytest.raises(DirectionUnknown, match="too long"):
        directions(model, boat, "stormy " * 400, _checked)
