"""The keys of the views go and come back; the switch over the canvas only goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

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
    for view in ("map", "wipe", "changes"):
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
