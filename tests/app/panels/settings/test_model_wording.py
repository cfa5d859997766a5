from __future__ import annotations

import pytest

from app.panels.settings.model_wording import NAMES, model_name, model_sentence
from inference.models.roles import ROLE_NAMES


def test_starter_models_are_called_by_what_they_do() -> None:
    assert model_name("captioner", "captioner", starter=True) == "Picture describer, starter"
    said = model_sentence("captioner", 11_356_840, starter=True)
    assert said == "Describes storybook scenes. 11 MB"


def test_models_from_elsewhere_keep_their_own_name() -> None:
    assert model_name("clip", "openai/clip-vit", starter=False) == "Ranker, openai/clip-vit"
    assert model_sentence("clip", 605_000_000, starter=False) == (
        "Ranks results by your words. 605 MB"
    )


@pytest.mark.parametrize("role", sorted(ROLE_NAMES))
def test_every_role_has_words(role: str) -> None:
    assert role in NAMES
    assert model_sentence(role, 2_000_000, starter=False).endswith(". 2.0 MB")


def test_a_role_without_words_of_its_own_keeps_its_name() -> None:
    assert model_name("depth", "depth", starter=False) == "depth"
    assert model_sentence("depth", 2_000_000, starter=False) == "2.0 MB"
