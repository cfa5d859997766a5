"""Results that are almost the same: one stack, and what is said after a run of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.session.alike import LONGEST, alike_notice, stacks
from app.session.results import Results
from editor.model.edit import Instruction
from tests.app.session_cases import Fixture


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[Fixture]:
    fixture = Fixture(tmp_path, qapp)
    yield fixture
    fixture.session.close()
    fixture.work.close()


def ran(f: Fixture, count: int, alike: int) -> Results:
    """Results of one instruction, the last of which repeat the first."""
    f.session.edit.run("brighter", count=count)
    f.engine.prepare(*(0.4 + number / 10 for number in range(count)))
    f.engine.edit(alike=alike)
    results = f.session.results
    assert results is not None
    return results


def test_a_stack_hides_what_repeats_its_first(f: Fixture) -> None:
    results = ran(f, 4, 2)
    first, other, *variants = [slot.key for slot in results.ordered]
    alike = f.session.alike
    assert stacks(results) == {first: tuple(variants)}
    assert (alike.count(first), alike.count(other)) == (3, 0)
    assert alike.hidden == set(variants)
    f.session.view.look_at_number(4)
    assert alike.hidden == {variants[0]}, "what is looked at is shown"
    f.session.view.look_at_number(1)
    alike.fan(first)
    assert alike.hidden == frozenset()
    assert alike.is_fanned(first)
    alike.fan(first)
    assert alike.count(first) == 3
    assert f.session.messages.current is None, "some differ: the stack says it"


def test_all_alike_is_said_with_two_ways_on(f: Fixture) -> None:
    results = ran(f, 4, 3)
    notice = f.session.messages.current
    assert notice is not None
    assert notice.text == "All four came out nearly the same."
    assert (notice.button, notice.action) == ("Try another method", "method_menu")
    assert (notice.second_button, notice.second_action) == ("Show all four", "show_alike")
    f.session.alike.show_all()
    assert f.session.messages.current is None
    assert f.session.alike.hidden == frozenset()
    two = alike_notice(ran(f, 2, 1))
    assert two is not None
    assert (two.text, two.second_button) == ("Both came out nearly the same.", "Show both")
    assert f.session.alike.hidden, "another run is not fanned out"
    assert stacks(replace(results, ranking=replace(results.ranking, places=()))) == {}


def test_alike_suggestions_are_named(f: Fixture) -> None:
    results = ran(f, 4, 2)
    words = ["golden hour", "a grey day", "warmer light", "late afternoon"]
    slots = tuple(
        replace(slot, request=replace(slot.request, instruction=Instruction(text)))
        for slot, text in zip(results.slots, words, strict=True)
    )
    keys = {old.key: new.key for old, new in zip(results.slots, slots, strict=True)}
    places = tuple(replace(place, key=keys[place.key]) for place in results.ranking.places)
    explored = replace(
        results,
        instruction=Instruction(""),
        slots=slots,
        ranking=replace(results.ranking, places=places),
    )
    notice = alike_notice(explored)
    assert notice is not None
    assert notice.text == (
        "Three suggestions came out nearly the same. "
        "Golden hour, warmer light and late afternoon are shown as one."
    )
    assert (notice.button, notice.action) == ("Suggest others", "suggest_others")
    assert notice.second_button == "Show all three"
    assert len(notice.text) <= LONGEST
