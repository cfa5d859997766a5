from __future__ import annotations

import pytest

from app.panels.settings.model_wording import (
    NAMES,
    memory_text,
    model_name,
    model_sentence,
    share_text,
    time_text,
)
from inference.models.roles import ROLE_NAMES


def test_starter_models_are_called_by_what_they_do() -> None:
    assert model_name("captioner", "captioner", starter=True) == "Picture describer, starter"
    assert model_sentence("captioner", starter=True) == "Describes storybook scenes."


def test_models_from_elsewhere_keep_their_own_name() -> None:
    assert model_name("clip", "openai/clip-vit", starter=False) == "Ranker, openai/clip-vit"
    assert model_sentence("clip", starter=False) == "Ranks results by your words."


@pytest.mark.parametrize("role", sorted(ROLE_NAMES))
def test_every_role_has_words(role: str) -> None:
    assert role in NAMES
    assert model_sentence(role, starter=False).endswith(".")


def test_a_role_without_words_of_its_own_keeps_its_name() -> None:
    assert model_name("depth", "depth", starter=False) == "depth"
    assert model_sentence("depth", starter=False) == ""


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [
        (1_200_000_000, 2_100_000_000, "1.2 of 2.1 GB"),
        (61_400_000, 98_000_000, "61 of 98 MB"),
        (310_000_000, 0, "310 MB"),
    ],
)
def test_how_much_is_here(done: int, total: int, text: str) -> None:
    assert share_text(done, total) == text


def test_times_and_memory() -> None:
    assert [time_text(s) for s in (0.2, 8.4, 89, 190)] == [
        "about 1 s", "about 8 s", "about 89 s", "about 3 min",
    ]  # fmt: skip
    assert [memory_text(size) for size in (4e8, 4e9, 24.4e9)] == ["0.4", "4", "24"]
