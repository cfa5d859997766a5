"""The foot of the window: what it says of the picture, and the lines between the facts."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtGui import QColor

from app.theme.theme import ROW_PADDING, look
from app.window.options_bar import OptionsBar
from editor.model.rect import Rect
from editor.model.selection import Selection
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def lines_between_facts(window: WindowFixture) -> int:
    """Counts the thin lines in what the window has painted on its own, without painting it anew."""
    bar = window.parts.status
    screen = window.window.screen().grabWindow(window.window.winId()).toImage()
    row = bar.mapTo(window.window, bar.rect().center()).y()
    thin = QColor(look().tokens.line)
    at = [screen.pixelColor(x, row) == thin for x in range(screen.width())]
    return sum(now and not before for before, now in itertools.pairwise(at))


def test_the_line_before_the_size_goes_with_the_selection(window: WindowFixture) -> None:
    window.wait(lambda: bool(window.parts.status.zoom.text))
    window.settle()
    before = lines_between_facts(window)
    window.session.view.set_selection(Selection.from_rect(Rect(0, 0, 10, 10), 96, 64))
    window.settle()
    assert lines_between_facts(window) == before + 1
    window.session.view.set_selection(None)
    window.settle()
    assert lines_between_facts(window) == before


def test_words_stand_beside_shield_and_dot_at_any_text_size(window: WindowFixture) -> None:
    status, options = window.parts.status, OptionsBar()
    options.set_text("Result 1", "a preview", preview=True)
    rows = [bar.layout() for bar in (status, options)]
    try:
        for scale in (1.0, 2.0):
            look().set_text_scale(scale)
            left = [row.contentsMargins().left() for row in rows if row is not None]
            assert left[0] >= look().px(12) + look().px(15)
            assert left[1] >= look().px(ROW_PADDING) + look().px(8)
    finally:
        look().set_text_scale(1.0)
        options.deleteLater()
