"""The storybook as a `LanguageDomain`: what the language layer asks it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest

from editor.model.edit import Instruction
from editor.tone import names_scene
from inference.language.language_domain import (
    LanguageDomain,
    domain_of_language,
    vocabulary,
)
from inference.language.proposals import Context
from inference.models.model_domain import Speaker, registered_domains
from inference.starter.instructions import names
from inference.starter.lines import LINE_FORMAT
from inference.starter.scene import ATTRIBUTES
from inference.starter.storybook import Storybook
from inference.starter.world_captions import WHOLE

CAPTION = "a red house with a green apple tree and a path, in a meadow, at noon, clear sky, summer"
PHOTOGRAPH = "an old man with a red hat in a crowded street"


def test_it_is_found_by_the_lines_a_model_was_trained_on() -> None:
    (storybook,) = registered_domains()
    assert isinstance(storybook, Storybook)
    assert isinstance(storybook, LanguageDomain)
    assert domain_of_language(SimpleNamespace(line_format=LINE_FORMAT)) is storybook
    assert domain_of_language(SimpleNamespace()) is None


def test_its_words_are_for_captions_it_knows_of_pictures_it_knows() -> None:
    storybook = Storybook()
    assert vocabulary([storybook], CAPTION) is storybook
    assert vocabulary([storybook], PHOTOGRAPH) is None
    assert vocabulary([], CAPTION) is None  # the caption alone opens no world


@pytest.mark.parametrize("attribute", WHOLE)
def test_what_it_paints_of_the_whole_picture_has_general_words_too(attribute: str) -> None:
    """With any other model the same words are painted too."""
    for value in ATTRIBUTES[attribute]:
        for name in names(attribute, value):
            assert Storybook().route(name) == "repaint"
            assert names_scene(name), name
    assert Storybook().route("warmer") is None
    assert not names_scene("warmer")


def test_it_says_what_it_knows_in_one_sentence() -> None:
    sentences = {str(Storybook().outside_note(one)) for one in get_args(Speaker)}
    assert len(sentences) == 3
    assert all("storybook" in text for text in sentences)


def test_things_are_named_in_the_words_of_the_caption() -> None:
    storybook = Storybook()
    assert storybook.things(CAPTION) == ("house", "apple tree", "path")
    assert set(storybook.other_names(CAPTION)) == {"house", "cottage", "apple tree", "fruit tree"}
    assert storybook.other_names(PHOTOGRAPH) == ()


def test_what_was_refused_is_known_by_its_meaning() -> None:
    context = Context(CAPTION, refused=("make it night", "paint the house blue"))
    assert Storybook().pairs_refused(context) == {("light", "night"), ("colour", "blue")}
    assert Storybook().pairs_refused(Context(CAPTION)) == frozenset()


def test_directions_are_read_from_both_answers() -> None:
    storybook = Storybook()
    asked = storybook.direction_questions(CAPTION, "make it night")
    assert [text.rpartition("\n")[2] for text in asked] == ["edit:", "after:"]
    (found,) = storybook.read_directions(CAPTION, ("light light = night", "nothing of use"))
    assert found.target_prompt == CAPTION.replace("at noon", "at night")
    assert not found.agreed
    assert storybook.read_directions(CAPTION, ("gibberish", "gibberish")) == ()


def test_suggestions_change_the_caption_and_never_the_subject_unless_asked() -> None:
    found = list(Storybook().suggest(Context(CAPTION), 0, subject=False))
    assert found
    assert all(p.target_prompt != CAPTION and p.about is not None for p in found)
    assert "subject" not in {p.about[0] for p in found if p.about}
    free = Storybook().suggest(Context(CAPTION), 0, subject=True)
    assert "subject" in {p.about[0] for p in free if p.about}


def test_words_are_rewritten_and_routed_and_pictures_judged() -> None:
    storybook = Storybook()
    after = CAPTION.replace("at noon", "at night")
    typed = Instruction("nightfall descends, please", CAPTION, after)
    assert storybook.rewrite(typed) == "make it night"
    assert (storybook.route("let it snow"), storybook.route("warmer")) == ("repaint", None)
    noise = np.random.default_rng(0).integers(0, 255, (90, 120, 3), np.uint8)
    assert not storybook.fits(noise).fits
