from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

from app.canvas.view import GAP, View, pane_rects


@pytest.mark.parametrize(("cols", "rows"), [(1, 1), (2, 1), (3, 3)])
def test_panes_share_the_canvas_without_touching(cols: int, rows: int) -> None:
    width, height, strip = 1000, 800, 24.0
    rects = pane_rects(width, height, cols, rows, strip)
    assert len(rects) == cols * rows
    for rect in rects:
        assert rect.left() >= GAP - 1
        assert rect.right() <= width - GAP + 1
        assert rect.bottom() + strip <= height - GAP + 1
    for number, first in enumerate(rects):
        for second in rects[number + 1 :]:
            assert not first.adjusted(0, 0, 0, strip).intersects(second)


def test_a_pane_of_a_low_canvas_keeps_some_height() -> None:
    assert {rect.height() for rect in pane_rects(300, 60, 3, 3, 24.0)} == {16.0}


def test_the_middle_stays_over_the_picture() -> None:
    away = View(QPointF(-50.0, 900.0), 2.0, 10.0, fitted=True)
    assert away.over((300, 200)) == View(QPointF(0.0, 200.0), 2.0, 10.0, fitted=True)
    inside = View(QPointF(10.0, 20.0), 1.0)
    assert inside.over((300, 200)) == inside
