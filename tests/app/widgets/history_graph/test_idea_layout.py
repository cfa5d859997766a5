"""Places on the map of ideas."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.widgets.history_graph.idea_layout import place_ideas, step_from

TREE = {
    "root": "",
    "golden": "root",
    "teal": "golden",
    "night": "golden",
    "wine": "golden",
    "ivory": "root",
    "muted": "ivory",
    "grey": "muted",
    "blue": "root",
}


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    parents = {"0": ""}
    for n in range(1, draw(st.integers(1, 40))):
        parent = draw(st.integers(-1, n - 1))
        parents[str(n)] = "" if parent < 0 else str(parent)
    return parents


def test_the_tree_of_the_design() -> None:
    places = place_ideas(TREE)
    assert [p.column for p in places.values()] == [0, 1, 2, 2, 2, 1, 2, 3, 1]
    assert places["night"].line == places["golden"].line  # a parent in the middle of its children
    assert places["muted"].line == places["ivory"].line == places["grey"].line
    assert places["teal"].line == 0
    # The short branch stands beside the long one, not below all of it.
    assert places["blue"].line - places["ivory"].line == 1
    assert places["root"].line == (places["golden"].line + places["blue"].line) / 2


@given(trees())
def test_no_two_cards_touch_and_order_holds(parents: dict[str, str]) -> None:
    places = place_ideas(parents)
    assert list(places) == list(parents)
    for idea, parent in parents.items():
        assert places[idea].column == (places[parent].column + 1 if parent else 0)
        assert places[idea].line >= -1e-9
    for column in {p.column for p in places.values()}:
        lines = sorted(p.line for p in places.values() if p.column == column)
        assert all(b - a >= 1 - 1e-9 for a, b in itertools.pairwise(lines))
    for parent in parents:
        lines = [places[c].line for c, p in parents.items() if p == parent]
        assert lines == sorted(lines)


def test_roots_stand_below_each_other() -> None:
    places = place_ideas({"a": "", "b": "", "a1": "a", "a2": "a", "b1": "b"})
    assert places["b"].column == 0
    assert places["b"].line > places["a2"].line + 1


def test_a_deep_document_needs_no_recursion() -> None:
    parents = {str(n): str(n - 1) if n else "" for n in range(3000)}
    assert place_ideas(parents)["2999"].column == 2999


def test_arrows() -> None:
    places = place_ideas(TREE)
    walk = [
        ("root", "left", "root"),
        ("root", "right", "ivory"),
        ("golden", "right", "night"),
        ("night", "up", "teal"),
        ("teal", "up", "teal"),
        ("night", "left", "golden"),
        ("wine", "down", "muted"),
        ("grey", "right", "grey"),
    ]
    for start, way, end in walk:
        assert step_from(places, TREE, start, way) == end, (start, way)
    # Where a column ends the arrow goes on to the next card anywhere.
    assert step_from(places, TREE, "grey", "down") == "blue"


@given(trees(), st.sampled_from(["left", "right", "up", "down"]))
def test_arrows_stay_on_the_map(parents: dict[str, str], way: str) -> None:
    places = place_ideas(parents)
    for idea in parents:
        assert step_from(places, parents, idea, way) in parents
