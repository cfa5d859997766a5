"""Figures of a trace against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from editor.model.prompt_edit.prompt_edit import prompt_edit
from inference.language.remaining_edits import (
    drop_of_remaining,
    kind_of_words,
    most_similar,
    remaining_edits,
    same_type,
    similarities,
    similarity_lift,
    type_shares,
)


@pytest.mark.parametrize(
    ("similar", "edits", "done", "remaining"),
    [
        (0, 4, 0, 100.0),  # nothing was gained
        (4, 4, 0, 0.0),  # arrived
        (1, 4, 0, 75.0),  # one of four steps: the published drop of 20–30 %
        (1, 3, 0, 200 / 3),
        (2, 4, 2, 100.0),  # unchanged from where it started
        (3, 4, 2, 50.0),
        (4, 4, 3, 0.0),
        (1, 4, 2, 150.0),  # a step back
        (0, 4, 3, 400.0),
    ],
)
def test_remaining_edits(similar: int, edits: int, done: int, remaining: float) -> None:
    assert remaining_edits(similar, edits, done) == pytest.approx(remaining)
    assert drop_of_remaining(similar, edits, done) == pytest.approx(100 - remaining)


@pytest.mark.parametrize(
    ("similar", "edits", "done"), [(5, 4, 0), (-1, 4, 0), (0, 0, 0), (0, 4, 4)]
)
def test_what_is_no_trace_is_refused(similar: int, edits: int, done: int) -> None:
    with pytest.raises(ValueError, match="no such trace"):
        remaining_edits(similar, edits, done)


def test_of_equal_pictures_the_earliest_counts() -> None:
    assert most_similar([0.5, 0.9, 0.9, 0.1]) == 1
    assert most_similar([0.9, 0.2, 0.9]) == 0
    assert most_similar([0.1, 0.2, 0.3]) == 2
    assert most_similar([0.7]) == 0


def test_similarities_are_cosines() -> None:
    trace = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
    found = similarities(np.array([[0.0, 1.0]]), trace)
    assert found.tolist() == pytest.approx([0.0, 0.8, 1.0])
    assert remaining_edits(most_similar(found), 2) == 0.0
    assert similarity_lift(found[2], found[1]) == pytest.approx(0.2)


CHUNKS = "a red house with a fence, at noon, summer, pencil"


@pytest.mark.parametrize(
    ("before", "after", "by_rule", "by_words"),
    [
        ("a red house", "a blue house", "replace", "replace"),
        ("a red house", "a red house, snow", "insert", "insert"),
        ("a red house, snow", "a red house", "delete", "delete"),
        ("a dog and a cat", "a cat and a dog", "swap", "swap"),
        (CHUNKS, "a red house, at noon, summer, pencil", "replace", "delete"),
        (
            CHUNKS,
            "a red house with a fence and a cat, at noon, summer, pencil",
            "replace",
            "insert",
        ),
        (CHUNKS, "a red house with a fence, summer, at noon, pencil", "swap", "swap"),
        ("a red house", "a red house", "none", "none"),
        ("a red house", "a blue house in the snow", "mixed", "mixed"),
    ],
)
def test_kinds_by_the_rule_and_by_words(
    before: str, after: str, by_rule: str, by_words: str
) -> None:
    edit = prompt_edit(before, after)
    assert (edit.kind, kind_of_words(edit)) == (by_rule, by_words)


def test_types_that_agree_and_their_shares() -> None:
    red, snow = prompt_edit("a red house", "a blue house"), prompt_edit("a house", "a house, snow")
    assert not same_type(red, snow)
    assert same_type(snow, prompt_edit("a cat", "a cat in a hat"))
    assert type_shares([red, snow, snow, snow]) == {"insert": 0.75, "replace": 0.25}
    assert type_shares([]) == {}
