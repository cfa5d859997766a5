"""The storybook as a `LanguageDomain`: what the language layer asks it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest

from editor.model.edit import Instruction
from editor.tone import names_scene
from inference.language.direction import AlreadyShown, ModelAnswer, ThingAbsent, WordsUnknown
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
    assert len(sentences) == len(get_args(Speaker))
    assert all("storybook" in text for text in sentences)


def test_things_are_named_in_the_words_of_the_caption() -> None:
    storybook = Storybook()
    assert storybook.things(CAPTION) == ("house", "apple tree", "path")
    assert storybook.things(CAPTION, "remove the dog") == ("apple tree", "path")
    assert storybook.things(CAPTION, "paint it blue") == ("house", "apple tree")


def test_what_was_refused_is_known_by_its_meaning() -> None:
    context = Context(CAPTION, refused=("make it night", "paint the house blue"))
    assert Storybook().pairs_refused(context) == {("light", "night"), ("colour", "blue")}
    assert Storybook().pairs_refused(Context(CAPTION)) == frozenset()


def answers(line: str, after: str, likely: float = 0.0) -> tuple[ModelAnswer, ModelAnswer]:
    return ModelAnswer(line, likely), ModelAnswer(after, likely)


def test_directions_are_read_from_both_answers() -> None:
    storybook = Storybook()
    asked = storybook.direction_questions(CAPTION, "make it night")
    assert [text.rpartition("\n")[2] for text in asked] == ["edit:", "after:"]
    night = CAPTION.replace("at noon", "at night")
    (found,) = storybook.read_directions(
        CAPTION, "make it night", answers("light light = night", night)
    )
    assert found.target_prompt == night
    # One answer is enough where it is sure and the words name what it does.
    (found,) = storybook.read_directions(
        CAPTION, "make it night", answers("light light = night", "nothing of use")
    )
    assert found.target_prompt == night


@pytest.mark.parametrize(
    ("text", "line", "likely"),
    [
        ("flumpy", "light light = night", -0.1),  # the words name nothing that it does
        ("write hello on it", "light light = night", -0.1),
        ("add christmas lights", "remove second = none", -0.1),  # against the verb
        ("make the house turquoise and gold", "recolour colour = blue", -0.5),
    ],
)
def test_words_that_are_not_understood_are_refused(text: str, line: str, likely: float) -> None:
    with pytest.raises(WordsUnknown) as refused:
        Storybook().read_directions(CAPTION, text, answers(line, "gibberish", likely))
    assert refused.value.fix is not None


def test_what_is_so_already_is_said() -> None:
    for text, line in (
        ("make it noon", "light light = noon"),
        ("make the house red", "recolour colour = red"),
        ("add a path", "add ground = path"),
    ):
        with pytest.raises(AlreadyShown) as told:
            Storybook().read_directions(CAPTION, text, answers(line, CAPTION))
        assert "already" in str(told.value)


def test_things_that_are_not_there_are_named() -> None:
    for text, thing in (("paint the swan blue", "swan"), ("remove the fence", "fence"),
                        ("delete the beach ball", "beach ball")):  # fmt: skip
        assert Storybook().absent(CAPTION, text) == thing
        with pytest.raises(ThingAbsent):
            Storybook().read_directions(CAPTION, text, answers("", ""))
    for text in ("paint the cottage blue", "replace the house with a swan", "add a swan",
                 "take the tree away", "make the dog black"):  # fmt: skip
        assert Storybook().absent(CAPTION, text) == ""


def test_clauses_are_parts_that_say_something() -> None:
    assert Storybook().clauses("make it night and let it snow, please") == (
        "make it night", "let it snow",
    )  # fmt: skip
    assert Storybook().clauses("make it night") == ("make it night",)


def test_every_word_can_be_wanted() -> None:
    """Of "make it night and add a dragon" the night alone is not what was asked."""
    night = answers("light light = night", CAPTION.replace("at noon", "at night"))
    text = "make it night and add a dragon"
    assert Storybook().read_directions(CAPTION, text, night)
    with pytest.raises(WordsUnknown, match="dragon"):
        Storybook().read_directions(CAPTION, text, night, every_word=True)


@pytest.mark.parametrize(
    "text",
    ["turn the path into a castle", "turn the path into a cat", "swap the path for a flag"],
)
def test_a_thing_that_can_become_no_other_stays(text: str) -> None:
    """Neither the house nor the tree becomes what the path was to be, and the path stays too."""
    without = CAPTION.replace(" and a path", "")
    with pytest.raises(WordsUnknown) as refused:
        Storybook().read_directions(CAPTION, text, answers("remove ground = none", without))
    assert "do not know" not in str(refused.value)  # castle, cat and flag are well known here


def test_what_takes_the_place_of_nothing_goes() -> None:
    without = CAPTION.replace(" and a path", "")
    said = answers("remove ground = none", without)
    (found,) = Storybook().read_directions(CAPTION, "replace the path with nothing", said)
    assert found.target_prompt == without


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
