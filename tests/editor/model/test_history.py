"""The tree: nothing is lost by any walk, undo and redo are byte-equal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from editor.model.history import History, HistoryNode
from editor.model.image import Image
from editor.model.picture import Picture
from editor.model.rect import Rect


def node(node_id: str, parent: str | None, time: float = 0.0) -> HistoryNode:
    return HistoryNode(node_id, parent, None, f"label {node_id}", time)


def a_tree() -> History:
    """a - b - c, and b - d."""
    history = History()
    for time, (node_id, parent) in enumerate([("a", None), ("b", "a"), ("c", "b"), ("d", "b")]):
        history = history.accept(node(node_id, parent, time))
    return history


def test_accept_moves_head_and_keeps_everything() -> None:
    history = a_tree()
    assert history.head == "d"
    assert list(history.nodes) == ["a", "b", "c", "d"]
    assert history.roots() == ("a",)
    assert history.children("b") == ("c", "d")
    assert history.path("c") == ("a", "b", "c")


def test_undo_and_redo_follow_the_trail() -> None:
    history = a_tree().go("c").undo().undo()
    assert history.head == "a"
    assert history.trail == ("b", "c")
    assert history.redo().redo().head == "c"
    assert not history.can_undo
    assert history.undo() is history


def test_redo_without_trail_takes_the_newest_branch() -> None:
    history = a_tree().go("a")
    from_b = History(history.nodes, "b")
    assert from_b.redo_target == "d"
    assert from_b.redo().head == "d"
    assert history.go("c").redo().head == "c"


def test_going_along_the_trail_keeps_it() -> None:
    history = a_tree().go("c").undo().undo()
    assert history.go("b").trail == ("c",)
    assert history.go("c").trail == ()
    assert history.go("d").trail == ()


def test_a_new_edit_clears_redo_but_no_branch() -> None:
    history = a_tree().undo().accept(node("e", "b", 9))
    assert history.trail == ()
    assert history.children("b") == ("c", "d", "e")


def test_names_stars_notes() -> None:
    history = a_tree().rename("a", "Mine").star("b", True).note("c", "why")
    assert history.label("a") == "Mine"
    assert history.rename("a", "").label("a") == "label a"
    assert history.starred == {"b"}
    assert history.star("b", False).starred == frozenset()
    assert history.notes["c"] == "why"


def test_mistakes_are_refused() -> None:
    history = a_tree()
    with pytest.raises(ValueError, match="exists"):
        history.accept(node("a", None))
    with pytest.raises(ValueError, match="parent"):
        history.accept(node("x", "nowhere"))
    with pytest.raises(LookupError):
        history.go("nowhere")
    with pytest.raises(LookupError):
        _ = History().current
    assert History().redo_target is None
    assert History().redo().head is None


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.lists(st.sampled_from("eeeuurrg"), min_size=5, max_size=40))
def test_random_rectangles_and_walks_are_byte_equal(seed: int, walk: list[str]) -> None:
    rng = np.random.default_rng(seed)
    width, height = 530, 300
    pixels = rng.integers(0, 65535, (height, width, 3), np.uint16)
    truth = {"0": pixels}
    first = HistoryNode("0", None, Picture.of(Image.from_array(pixels)), "", 0.0)
    history = History().accept(first)
    for step, action in enumerate(walk, 1):
        if action == "u":
            history = history.undo()
        elif action == "r":
            history = history.redo()
        elif action == "g":
            history = history.go(str(rng.choice(list(truth))))
        else:
            picture = history.current.picture
            assert picture is not None
            assert history.head is not None
            x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
            rect = Rect(x, y, int(rng.integers(1, 400)), int(rng.integers(1, 300)))
            rect = rect.intersect(picture.image.bounds)
            patch = rng.integers(0, 65535, (rect.height, rect.width, 3), np.uint16)
            expected = truth[history.head].copy()
            expected[rect.y : rect.bottom, rect.x : rect.right] = patch
            truth[str(step)] = expected
            made = Picture.of(picture.image.replace(rect, patch))
            history = history.accept(HistoryNode(str(step), history.head, made, "", step))
        assert history.current.picture is not None
        assert np.array_equal(history.current.picture.image.array(), truth[str(history.head)])
    for node_id, expected in truth.items():
        kept = history.nodes[node_id].picture
        assert kept is not None
        assert np.array_equal(kept.image.array(), expected)


class HistoryMachine(RuleBasedStateMachine):
    """Random walks; the truth is a plain list of (id, parent)."""

    ids = Bundle("ids")

    @initialize(target=ids)
    def start(self) -> str:
        self.history = History().accept(node("0", None))
        self.parents: dict[str, str | None] = {"0": None}
        return "0"

    @rule(target=ids, parent=ids)
    def accept(self, parent: str) -> str:
        node_id = str(len(self.parents))
        before = set(self.history.nodes)
        self.history = self.history.accept(node(node_id, parent, len(self.parents)))
        self.parents[node_id] = parent
        assert before < set(self.history.nodes)
        assert self.history.head == node_id
        return node_id

    @rule(to=ids)
    def go(self, to: str) -> None:
        self.history = self.history.go(to)
        assert self.history.head == to

    @rule()
    def undo_then_redo_comes_back(self) -> None:
        before = self.history
        after = before.undo()
        if before.can_undo:
            assert after.head == self.parents[str(before.head)]
            assert after.redo().head == before.head
            assert after.redo().trail == before.trail
        self.history = after

    @rule()
    def redo(self) -> None:
        target = self.history.redo_target
        before = self.history
        self.history = self.history.redo()
        if target is not None:
            assert self.history.head == target
            assert self.history.undo().head == before.head

    @rule(of=ids, on=st.booleans())
    def star(self, of: str, on: bool) -> None:
        self.history = self.history.star(of, on)
        assert (of in self.history.starred) == on

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "history"):
            return
        assert {n.id: n.parent for n in self.history.nodes.values()} == self.parents
        step = self.history.head
        for following in self.history.trail:
            assert self.parents[following] == step
            step = following


TestHistoryMachine = HistoryMachine.TestCase
TestHistoryMachine.settings = settings(max_examples=40, stateful_step_count=30)
