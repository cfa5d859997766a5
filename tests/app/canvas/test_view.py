from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from app.canvas.view import GAP, TILE_GAP, View, grid_rects, pane_rects, same_shape


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


@pytest.mark.parametrize("count", [1, 2, 4, 5, 8, 10])
@pytest.mark.parametrize("aspect", [1.0, 16 / 9, 2 / 3])
def test_the_grid_shows_every_picture_whole(count: int, aspect: float) -> None:
    width, height, caption = 1044, 652, 56.0
    rects = grid_rects(width, height, count, aspect, caption)
    assert len(rects) == count
    canvas = QRectF(0, 0, width, height)
    for number, rect in enumerate(rects):
        assert canvas.contains(rect.adjusted(0, 0, 0, caption))
        assert rect.width() / rect.height() == pytest.approx(aspect, rel=0.02)
        for other in rects[number + 1 :]:
            assert not rect.adjusted(-6, -6, 6, caption).intersects(other)


def test_the_grid_uses_its_room() -> None:
    """Four in two rows where the canvas is as wide as two, in one row where it is long."""
    columns = [
        len({rect.left() for rect in grid_rects(width, height, count, 1.0, 56.0)})
        for width, height, count in ((700, 760, 4), (1400, 330, 4), (1044, 652, 8), (1044, 652, 10))
    ]
    assert columns == [2, 4, 4, 5]
    first, second = grid_rects(1044, 652, 2, 1.0, 56.0)
    assert second.left() - first.right() == pytest.approx(TILE_GAP, abs=1)
    assert first.width() == 498


def test_the_middle_stays_over_the_picture() -> None:
    away = View(QPointF(-50.0, 900.0), 2.0, 10.0, fitted=True)
    assert away.over((300, 200)) == View(QPointF(0.0, 200.0), 2.0, 10.0, fitted=True)
    inside = View(QPointF(10.0, 20.0), 1.0)
    assert inside.over((300, 200)) == inside


def test_sizes_of_one_ratio_are_one_shape_whatever_was_rounded() -> None:
    assert same_shape((451, 300), (902, 600))
    assert same_shape((451, 301), (round(451 * 1.37), round(301 * 1.37)))
    assert same_shape((1023, 7), (341, 2))
    assert not same_shape((451, 300), (300, 451))
    assert not same_shape((451, 300), (448, 300)), "a crop"


def test_a_larger_picture_is_seen_from_the_same_place() -> None:
    view = View(QPointF(100.0, 50.0), 2.0, 10.0, fitted=True)
    pane = QSizeF(400.0, 300.0)
    larger = view.in_pane((400, 300), (800, 600), pane)
    assert larger == View(QPointF(200.0, 100.0), 1.0, 10.0, fitted=True)
    assert view.in_pane((400, 300), (300, 400), pane).center == QPointF(150.0, 200.0), "whole"
