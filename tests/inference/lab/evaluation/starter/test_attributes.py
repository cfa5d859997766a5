from __future__ import annotations

import numpy as np
import pytest

from inference.lab.evaluation.starter.attributes import (
    change_made,
    changed_attributes,
    named_attributes,
    rest_unchanged,
    right,
)
from inference.lab.evaluation.starter.testset import Counts, edits, scenes, stream, wrong_edit
from inference.lab.storybook.cache import training_edit
from inference.lab.storybook.edits import EDIT_KINDS, Edit, is_unseen_edit
from inference.starter.scene import Scene, is_unseen

BARE = Scene()
WITH = Scene(second="ball", second_colour="blue")


def test_asked_attributes_of_every_kind_of_edit() -> None:
    cases = [
        (Edit("add", "second", BARE, WITH), ("second", "second_colour")),
        (Edit("remove", "second", WITH, BARE), ("second",)),
        (Edit("recolour", "second_colour", WITH, WITH.with_(second_colour="red")),
         ("second_colour",)),
        (Edit("light", "light", BARE, BARE.with_(light="night")), ("light",)),
    ]  # fmt: skip
    for edit, wanted in cases:
        assert changed_attributes(edit) == wanted


def test_gold_is_asked_and_kept_and_the_source_is_not() -> None:
    for edit in edits(0, 4, unseen=False):
        assert change_made(edit, named_attributes(edit.target))
        assert all(rest_unchanged(edit, named_attributes(edit.target)))
        assert not change_made(edit, named_attributes(edit.source))
        assert all(rest_unchanged(edit, named_attributes(edit.source)))


def test_one_more_change_is_not_kept() -> None:
    edit = Edit("light", "light", BARE, BARE.with_(light="night"))
    read = named_attributes(edit.target) | {"season": "winter"}
    assert change_made(edit, read)
    assert sorted(rest_unchanged(edit, read)) == [False] + [True] * (
        len(named_attributes(BARE)) - 2
    )


def test_colour_of_a_second_thing_that_is_not_there_counts_for_nothing() -> None:
    assert "second_colour" not in right(BARE, named_attributes(BARE))
    assert right(WITH, named_attributes(WITH))["second_colour"]


def test_splits_are_what_they_say_and_drawn_from_the_seed() -> None:
    assert not any(is_unseen(s) for s in scenes(3, 40, unseen=False))
    assert all(is_unseen(s) for s in scenes(3, 40, unseen=True))
    assert scenes(3, 5, unseen=False) == scenes(3, 9, unseen=False)[:5]
    assert scenes(4, 5, unseen=False) != scenes(3, 5, unseen=False)
    for unseen in (False, True):
        drawn = edits(3, 3, unseen=unseen)
        assert [e.kind for e in drawn] == [*EDIT_KINDS] * 3
        assert all(is_unseen_edit(e) == unseen for e in drawn)


def test_no_scene_is_one_of_training() -> None:
    learnt = {training_edit(0, i)[0].source.seed for i in range(500)}
    assert not learnt & {s.seed for s in scenes(0, 500, unseen=False)}


def test_five_hundred_means_eighty_edits_of_each_kind() -> None:
    assert Counts(500).edits(False) == 80
    assert Counts(500).scenes(False) == 500
    assert Counts(1).edits(True) == Counts(1).scenes(True) == 1


@pytest.mark.parametrize("unseen", [False, True])
def test_a_wrong_edit_never_brings_what_was_asked(unseen: bool) -> None:
    for i, edit in enumerate(edits(1, 5, unseen=unseen)):
        wrong = wrong_edit(edit, stream(0, "wrong", i))
        assert wrong.source == edit.source
        assert not change_made(edit, named_attributes(wrong.target))


def test_streams_of_different_purposes_differ() -> None:
    drawn = [stream(0, purpose, 0).random() for purpose in ("a", "b", "ab")]
    assert len(np.unique(drawn)) == 3
