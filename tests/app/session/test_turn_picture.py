"""Turning and flipping the picture: kept at once, and the selection goes along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.runtime.thread_pool import Ticket
from app.session.changes import Changes
from app.session.turn_picture import TURNS
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.selection import Selection
from editor.storage.document import Document
from editor.tone import read
from tests.app.session_cases import Fixture

CORNER = (slice(10, 60), slice(20, 140))
"""Rows and columns that are selected."""


def shown(f: Fixture) -> Image:
    assert f.session.image is not None
    return f.session.image


def is_selected(f: Fixture, coverage: np.ndarray) -> bool:
    selection = f.session.view.selection
    return selection is not None and np.array_equal(selection.array(), coverage)


def select(f: Fixture) -> np.ndarray:
    coverage = np.zeros((280, 300), np.uint8)
    coverage[CORNER] = 255
    f.session.view.set_selection(Selection.from_array(coverage))
    return coverage


def while_turning(f: Fixture, act: Callable[[], None]) -> None:
    """Turn the picture, do something while the selection is being turned, and wait for that."""
    begun: list[bool] = []

    def follow(changes: Changes) -> None:
        if changes & Changes.SELECTION and f.session.view.selection is None and not begun:
            begun.append(True)
            act()

    f.session.changed.connect(follow)
    f.session.turn_picture.turn("rotate by 180 degrees")
    f.wait(lambda: begun)
    done: list[bool] = []
    f.session.work.run(lambda ticket: True, done.append, priority=9)
    f.wait(lambda: done)


def turn(f: Fixture, words: str) -> None:
    nodes = len(f.document.history.nodes)
    f.session.turn_picture.turn(words)
    f.wait(lambda: len(f.document.history.nodes) > nodes and f.session.image is not None)


@pytest.mark.parametrize("words", list(TURNS))
def test_its_words_mean_the_same_to_tone_and_colour(words: str) -> None:
    (first, *_) = read(words, has_selection=False)
    assert settings_of(first.adjustments.to_settings()) == settings_of(TURNS[words])


def test_a_turn_is_an_idea_that_is_kept_at_once(f: Fixture) -> None:
    root, before = f.session.node, shown(f).array()
    turn(f, "rotate left")
    node = f.session.node
    assert root is not None
    assert node is not None
    assert node.parent == root.id
    assert node.label == "Rotate left"
    assert np.array_equal(shown(f).array(), np.rot90(before))
    f.session.undo()
    assert np.array_equal(shown(f).array(), before)


def test_it_is_there_when_the_document_opens_again(f: Fixture) -> None:
    turn(f, "flip vertically")
    digest, path = shown(f).pixel_digest, f.document.path
    f.session.close()
    with_turn = Document.open(path)
    picture = with_turn.history.current.picture
    assert picture is not None
    assert picture.image.pixel_digest == digest
    with_turn.close()


def test_turns_asked_for_at_once_follow_each_other(f: Fixture) -> None:
    before = shown(f).array()
    for _ in range(3):
        f.session.turn_picture.turn("rotate right")
    f.wait(lambda: len(f.document.history.nodes) == 4 and f.session.image is not None)
    assert np.array_equal(shown(f).array(), np.rot90(before))
    node = f.session.node
    assert node is not None
    assert len(f.document.history.path(node.id)) == 4


def test_the_selection_goes_along_and_comes_back(f: Fixture) -> None:
    coverage = select(f)
    turn(f, "rotate right")
    f.wait(lambda: is_selected(f, np.rot90(coverage, -1)))
    turn(f, "flip horizontally")
    f.wait(lambda: is_selected(f, np.fliplr(np.rot90(coverage, -1))))
    f.session.undo()
    f.session.undo()
    f.wait(lambda: is_selected(f, coverage))
    f.session.redo()
    f.wait(lambda: is_selected(f, np.rot90(coverage, -1)))


def test_a_change_of_tone_leaves_the_selection_where_it_is(f: Fixture) -> None:
    coverage = select(f)
    f.run()
    f.keep()
    assert is_selected(f, coverage)


def test_a_new_selection_is_not_replaced_by_a_turned_one(f: Fixture) -> None:
    select(f)
    newer = Selection.from_array(np.full((280, 300), 255, np.uint8))
    while_turning(f, lambda: f.session.view.set_selection(newer))
    assert f.session.view.selection is newer


def test_a_selection_that_is_taken_off_meanwhile_stays_off(
    f: Fixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the artist: the selection is gone from the picture already while it is being turned."""
    tickets: list[Ticket] = []

    class Held:
        """Never gets to the work."""

        def run(self, *work: Any) -> Ticket:
            tickets.append(Ticket())
            return tickets[-1]

    monkeypatch.setattr(f.session.selection_follower, "_work", Held())
    select(f)
    turn(f, "rotate by 180 degrees")
    f.wait(lambda: tickets)
    (ticket,) = tickets
    assert not ticket.cancelled()
    f.session.view.set_selection(None)
    assert ticket.cancelled()


def test_a_selection_of_a_document_that_was_closed_does_not_come_back(f: Fixture) -> None:
    select(f)
    while_turning(f, lambda: f.session.set_document(None))
    assert f.session.view.selection is None
