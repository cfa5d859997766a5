"""Captions of small models that do not fit the instruction they answer."""

from __future__ import annotations

import pytest

from inference.language.verbs import brings_unsaid, repeats, stutters

PARK = "two dogs play on the grass in a park"


@pytest.mark.parametrize(
    ("instruction", "after", "unsaid"),
    [
        ("add a tree", "two dogs play on the grass in a park with a tree", False),
        ("let it snow", "two dogs play on the snowy grass in a park", False),
        ("make the grass wetter", "two dogs play on the grass in a park with a fountain", True),
        ("remove the dogs", "the grass in a park", False),
    ],
)
def test_words_that_nobody_said(instruction: str, after: str, unsaid: bool) -> None:
    assert brings_unsaid(instruction, PARK, after) == unsaid


def test_an_instruction_is_no_caption() -> None:
    assert repeats("as two dogs that play on the grass in the snow", PARK)
    assert not repeats("add a dog", PARK)
    assert not repeats("make the lake a pond", "a lake")


def test_a_caption_does_not_say_the_same_twice() -> None:
    assert stutters("a bowl of fruit", "a bowl of fruit with a bowl of food")
    assert not stutters("a dog in the park in the sun", "a cat in the park in the sun")
