"""The commands of the Select menu that move the edge and fill holes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton

from app.panels.pages.amount_page import AmountPage
from app.window.controllers.selection import SelectionController
from editor.model.rect import Rect
from editor.model.selection import Selection
from tests.app.session_cases import Fixture
from tests.app.window.controllers.shell_cases import FakeShell


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell()


@pytest.mark.parametrize("command", ["grow", "shrink", "smooth"])
def test_the_edge_moves_by_the_pixels_asked_for(f: Fixture, shell: FakeShell, command: str) -> None:
    selection, view = SelectionController(f.session, shell), f.session.view
    getattr(selection, command)()
    assert shell.page is None, "nothing is selected"
    view.set_selection(Selection.from_rect(Rect(100, 80, 60, 50), 300, 280))
    before = view.selection
    assert before is not None
    getattr(selection, command)()
    assert isinstance(shell.page, AmountPage)
    shell.page.slider.setValue(5)
    apply = shell.page.findChild(QAbstractButton, "page-save")
    assert apply is not None
    apply.click()
    f.wait(lambda: view.selection is not before)
    assert view.selection is not None
    moved = {"grow": Rect(95, 75, 70, 60), "shrink": Rect(105, 85, 50, 40)}
    assert view.selection.bounds == moved.get(command, before.bounds)
    assert view.selection.digest != before.digest


def test_holes_are_filled_and_an_edge_may_take_everything_away(
    f: Fixture, shell: FakeShell
) -> None:
    selection, view = SelectionController(f.session, shell), f.session.view
    selection.fill_holes()
    assert f.session.messages.current is not None
    ring = np.zeros((280, 300), np.uint8)
    ring[50:100, 50:100] = 255
    ring[60:90, 60:90] = 0
    view.set_selection(Selection.from_array(ring))
    hollow = view.selection
    selection.fill_holes()
    f.wait(lambda: view.selection is not hollow)
    assert view.selection is not None
    assert view.selection.array().sum() == 255 * 50 * 50
    selection.shrink()
    assert isinstance(shell.page, AmountPage)
    shell.page.slider.setValue(28)
    apply = shell.page.findChild(QAbstractButton, "page-save")
    assert apply is not None
    apply.click()
    f.wait(lambda: view.selection is None)
    assert f.session.messages.current.text == "The selection is empty now."
