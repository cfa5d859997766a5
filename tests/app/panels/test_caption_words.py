from __future__ import annotations

import pytest

from app.panels.caption_words import SIDES, with_word, word_tokens
from app.session.caption_draft import EditCaptions

BEFORE, AFTER = "a ginger cat, resting in the shade", "a silver cat, resting in the shade"


def test_words_that_one_side_lacks_are_marked() -> None:
    captions = EditCaptions(BEFORE, AFTER)
    before, after = word_tokens(captions, "before"), word_tokens(captions, "after")
    assert [t.text for t in before if t.kind == "delete"] == ["ginger"]
    assert [t.text for t in after if t.kind == "insert"] == ["silver"]
    assert [t.text for t in before] == BEFORE.split()


def test_of_a_long_caption_the_words_are_marked_and_not_the_chunk() -> None:
    before = "a pink castle and a path, in a meadow, at noon, summer, flat illustration"
    after = word_tokens(EditCaptions(before, before.replace("pink", "blue")), "after")
    assert [t.text for t in after if t.kind == "insert"] == ["blue"]


def test_nothing_is_marked_where_nothing_changes() -> None:
    assert {t.kind for t in word_tokens(EditCaptions(BEFORE, BEFORE), "before")} == {"plain"}


def test_weights_are_of_the_caption_after_and_locks_of_both() -> None:
    captions = EditCaptions(BEFORE, AFTER, {"silver": 1.4}, frozenset({"cat"}))
    silver = word_tokens(captions, "after")[1]
    assert (silver.weight, silver.locked) == (1.4, False)
    for side in SIDES:
        cat = word_tokens(captions, side)[2]
        assert (cat.text, cat.weight, cat.locked) == ("cat,", 1.0, True)


@pytest.mark.parametrize(
    ("index", "word", "made"),
    [
        (1, "old grey", "a old grey cat, resting"),
        (2, "dog", "a ginger dog, resting"),
        (2, "", "a ginger, resting"),
        (0, "", "ginger cat, resting"),
        (3, "", "a ginger cat,"),
        (2, "dog;", "a ginger dog; resting"),
    ],
)
def test_a_word_is_replaced_or_taken_out(index: int, word: str, made: str) -> None:
    assert with_word("a ginger cat, resting", index, word) == made
