"""Words that a model of the storybook never met become sentences it learnt from."""

from __future__ import annotations

import numpy as np
import pytest

from editor.model.edit import Instruction
from inference.lab.storybook.edits import EDIT_KINDS, sample_edit
from inference.lab.storybook.instructions import instruct
from inference.starter.captions import canonical
from inference.starter.instructions import vocabulary
from inference.starter.plain import edits_between, in_storybook_words
from inference.starter.world_captions import read_caption, reword

BEFORE = "a red house with a green cat and a fence, in a meadow, at noon, clear sky, summer"


def asked(text: str, *changes: tuple[str, str]) -> str:
    after = BEFORE
    for old, new in changes:
        assert old in after
        after = after.replace(old, new)
    return in_storybook_words(Instruction(text, BEFORE, after))


@pytest.mark.parametrize("kind", EDIT_KINDS)
def test_what_the_model_learnt_from_stays_word_for_word(kind: str) -> None:
    rng = np.random.default_rng(2)
    for _ in range(60):
        edit = sample_edit(rng, kind)
        text = instruct(edit, rng).text
        instruction = Instruction(text, canonical(edit.source), canonical(edit.target))
        assert in_storybook_words(instruction) == text


@pytest.mark.parametrize("kind", EDIT_KINDS)
def test_strange_words_become_a_learnt_sentence_for_the_same_edit(kind: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        edit = sample_edit(rng, kind)
        before, after = canonical(edit.source), canonical(edit.target)
        text = in_storybook_words(Instruction("mach das bitte anders", before, after))
        assert set(text.replace(",", "").split()) <= vocabulary(), text
        (found,) = edits_between(read_caption(before), read_caption(after))
        assert reword(read_caption(before), found) is not None
        assert found.attribute == edit.attribute


@pytest.mark.parametrize(
    ("text", "changes", "wanted"),
    [
        ("when the leaves come down", [("summer", "autumn")], "make it autumn"),
        ("ditch the kitty", [(" with a green cat and", " with")], "remove the cat"),
        ("i fancy a crimson kitty", [("green cat", "red cat")], "make the cat red"),
        ("a palace!", [("house", "castle")], "turn the house into a castle"),
        ("wintry night", [("noon", "night"), ("summer", "winter")],
         "make it night and make it winter"),
    ],
)  # fmt: skip
def test_sentences(text: str, changes: list[tuple[str, str]], wanted: str) -> None:
    assert asked(text, *changes) == wanted


def test_without_both_captions_of_this_world_the_words_stay() -> None:
    assert in_storybook_words(Instruction("ditch the kitty")) == "ditch the kitty"
    assert asked("ditch the kitty") == "ditch the kitty"  # the captions say the same
    instruction = Instruction(
        "more drama", "a portrait of a woman", "a dramatic portrait of a woman"
    )
    assert in_storybook_words(instruction) == "more drama"
    moved = Instruction("off to the shore", BEFORE, BEFORE.replace("in a meadow", "at the seaside"))
    assert in_storybook_words(moved) == "off to the shore"  # no edit of that world
