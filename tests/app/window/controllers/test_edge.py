"""The edge of a selection is refined on a page, and taken only at the end."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtTest import QTest

from app.panels.pages.edge_page import EdgePage
from app.window.controllers.selection import SelectionController
from editor.model.rect import Rect
from editor.model.selection import Selection
from tests.app.session_cases import Fixture
from tests.app.window.controllers.shell_cases import FakeShell

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell()


@pytest.fixture
def select(f: Fixture, shell: FakeShell) -> SelectionController:
    return SelectionController(f.session, shell)


def refining(f: Fixture, shell: FakeShell, select: SelectionController) -> EdgePage:
    f.session.view.set_selection(Selection.from_rect(Rect(100, 80, 60, 50), 300, 280))
    select.refine_edge()
    assert isinstance(shell.page, EdgePage)
    f.wait(lambda: shell.edge is not None)
    return shell.page


def test_nothing_is_refined_where_nothing_is_selected(
    f: Fixture, shell: FakeShell, select: SelectionController
) -> None:
    select.refine_edge()
    assert shell.page is None
    assert f.session.messages.current is not None


def test_the_edge_is_seen_while_it_moves_and_taken_by_done(
    f: Fixture, shell: FakeShell, select: SelectionController
) -> None:
    page, before = refining(f, shell, select), f.session.view.selection
    first = shell.edge
    page.shift.setValue(20)
    f.wait(lambda: shell.edge is not first)
    shown = shell.edge
    assert shown is not None
    assert shown.show == "overlay"
    assert int((shown.levels[0] == 255).any(axis=0).sum()) == 60 + 2 * 20
    assert f.session.view.selection is before, "nothing is taken yet"
    page.show_as.set_current("black")
    page.show_as.chosen.emit("black")
    assert shell.edge is not None
    assert shell.edge.show == "black", "another look needs no other edge"
    assert shell.edge.levels is shown.levels
    page.done.click()
    f.wait(lambda: f.session.view.selection is not before)
    assert f.session.view.selection is not None
    assert np.array_equal(f.session.view.selection.array(), shown.levels[0])
    assert ("close page",) in shell.calls


def test_leaving_changes_nothing(f: Fixture, shell: FakeShell, select: SelectionController) -> None:
    page, before = refining(f, shell, select), f.session.view.selection
    page.show()
    QTest.qWait(0)
    page.smooth.setValue(9)
    page.hide()
    assert shell.edge is None
    assert f.session.view.selection is before
    page.close()


def test_another_selection_ends_it(
    f: Fixture, shell: FakeShell, select: SelectionController
) -> None:
    page = refining(f, shell, select)
    page.show()
    f.session.view.set_selection(None)
    assert ("close page",) in shell.calls
    page.close()
