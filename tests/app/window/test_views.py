"""The keys of the views go and come back; the switch over the canvas only goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.session.changes import Changes
from editor.model.edit import Instruction
from inference.workflow.preparation import Preparation
from tests.app.session_cases import adjusting
from tests.app.window.window_cases import WindowFixture


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    del qapp
    fixture = WindowFixture(tmp_path)
    fixture.show()
    yield fixture
    fixture.close()


def test_the_keys_of_the_views_go_and_come_back(f: WindowFixture) -> None:
    actions, stage = f.window.action_set, f.parts.stage
    for view in ("map", "wipe", "side"):
        actions.trigger(f"view_{view}")
        assert stage.view == view
        actions.trigger(f"view_{view}")
        assert stage.view == "picture"
    actions.trigger("view_wipe")
    actions.trigger("view_map")
    actions.trigger("view_map")
    assert stage.view == "wipe", "back to where one came from"
    actions.trigger("view_picture")
    actions.trigger("view_picture")
    assert stage.view == "picture"


def test_the_switch_stays_where_it_is_pressed_again(f: WindowFixture) -> None:
    views, stage = f.parts.options.views, f.parts.stage
    views.chosen.emit("map")
    views.chosen.emit("map")
    assert (stage.view, views.current) == ("map", "map")
    views.chosen.emit("all")  # nothing to show, so nothing happens
    assert (stage.view, views.current) == ("map", "map")


def results_of(f: WindowFixture, words: str) -> None:
    f.session.edit.run(words)
    f.engine.prepare(0.5, 1.0)
    f.engine.edit()
    f.settle()


def test_from_all_the_map_comes_back_to_all_and_all_to_the_picture(f: WindowFixture) -> None:
    results_of(f, "warmer")
    actions, stage = f.window.action_set, f.parts.stage
    actions.trigger("view_wipe")
    actions.trigger("view_picture")
    actions.trigger("view_all")
    for _ in range(2):
        actions.trigger("view_map")
        actions.trigger("view_map")
        assert stage.view == "all"
    actions.trigger("view_map")
    actions.trigger("view_all")  # the other way back
    actions.trigger("view_all")
    assert stage.view == "picture"


def test_changes_are_offered_for_a_result_alone(f: WindowFixture) -> None:
    actions, stage = f.window.action_set, f.parts.stage
    actions.trigger("view_changes")
    assert stage.view == "picture"
    results_of(f, "warmer")
    actions.trigger("view_changes")
    assert stage.view == "changes"
    f.session.view.look_at(None)
    assert stage.view == "picture", "nothing is looked at that has changes"


def explore(f: WindowFixture) -> None:
    words = (Instruction("warmer"), Instruction("cooler"), Instruction("brighter"))
    f.session.explore.run(words)
    read = (Preparation(one, **adjusting(0.2 * n)) for n, one in enumerate(words, 1))
    f.engine.understand(*read)


def test_the_drawer_does_not_open_over_the_grid(f: WindowFixture) -> None:
    f.resize(800, 600)
    explore(f)
    f.engine.edit()
    f.settle()
    assert f.parts.stage.view == "all"
    assert not f.parts.side.isVisible()
    results_of(f, "darker")
    assert f.parts.side.isVisible()


def test_explored_suggestions_lie_in_a_grid_until_the_next_run(f: WindowFixture) -> None:
    canvas, stage = f.parts.stage.canvas, f.parts.stage
    explore(f)
    assert stage.view == "all"
    panes = [pane for _, _, pane in canvas.panes()]
    assert [pane.dim for pane in panes if pane is not None] == [True] * len(panes)
    assert len(panes) == 3
    f.engine.edit()
    f.settle()
    panes = [pane for _, _, pane in canvas.panes()]
    assert not any(pane.dim for pane in panes if pane is not None)
    assert f.parts.results.chosen.isVisible(), "the chosen one, in full"
    assert not f.parts.results.list.isVisible()
    results_of(f, "darker")
    assert stage.view == "picture"
    assert f.parts.results.list.isVisible()


def test_a_pane_is_chosen_first_and_opened_then(f: WindowFixture) -> None:
    results_of(f, "brighter")
    f.window.action_set.trigger("view_all")
    canvas, results = f.parts.stage.canvas, f.session.results
    assert results is not None
    canvas.tools.choose_pane(1)
    assert (f.session.view.looked_at, f.parts.stage.view) == (results.ordered[1].key, "all")
    canvas.tools.choose_pane(1)
    assert f.parts.stage.view == "picture"


def test_without_results_there_is_no_grid(f: WindowFixture) -> None:
    results_of(f, "brighter")
    f.window.action_set.trigger("view_all")
    assert f.parts.stage.view == "all"
    f.session.current_results.value = None
    f.session.changed.emit(Changes.RESULTS)
    assert f.parts.stage.view == "picture"
