"""Selections by hand on the canvas: shapes, brush, pen, the edge that is shown."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.canvas import Canvas
from app.canvas.tool_options import Brush, ToolOptions
from tests.app.canvas.canvas_cases import LEFT, MOD, drag, grab, move, pen, spot

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def selected(canvas: Canvas) -> NDArray[np.uint8]:
    coverage = canvas.overlay.selection
    assert coverage is not None
    return coverage


def test_rectangle_selects_whole_pixels(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(200)
    canvas.tools.set_tool("rectangle")
    edits: list[tuple[np.ndarray, QRect]] = []
    canvas.tools.selection_edited.connect(lambda c, r: edits.append((c, r)))
    drag(qtbot, canvas, [spot(canvas, 150, 120), spot(canvas, 180, 140), spot(canvas, 200, 160)])
    (coverage, dirty) = edits[0]
    assert dirty == QRect(150, 120, 50, 40)
    assert coverage.sum() == 255 * 50 * 40
    drag(qtbot, canvas, [spot(canvas, 190, 150), spot(canvas, 210, 170)], MOD.ShiftModifier)
    assert selected(canvas).sum() == 255 * (50 * 40 + 20 * 20 - 10 * 10)
    drag(qtbot, canvas, [spot(canvas, 140, 110), spot(canvas, 160, 130)], MOD.AltModifier)
    assert selected(canvas)[125, 155] == 0
    both = MOD.ShiftModifier | MOD.AltModifier
    drag(qtbot, canvas, [spot(canvas, 170, 130), spot(canvas, 180, 140)], both)
    assert selected(canvas).sum() == 255 * 100
    assert coverage.sum() == 255 * 50 * 40, "an older selection was changed"


def test_shift_after_the_press_makes_a_square(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(200)
    canvas.tools.set_tool("rectangle")
    QTest.mousePress(canvas, LEFT, MOD.NoModifier, spot(canvas, 150, 120))
    move(canvas, spot(canvas, 160, 125))
    move(canvas, spot(canvas, 190, 130), MOD.ShiftModifier)
    QTest.mouseRelease(canvas, LEFT, MOD.ShiftModifier, spot(canvas, 190, 130))
    assert selected(canvas).sum() == 255 * 40 * 40


def test_space_moves_the_shape_under_way(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(200)
    canvas.tools.set_tool("rectangle")
    QTest.mousePress(canvas, LEFT, MOD.NoModifier, spot(canvas, 150, 120))
    move(canvas, spot(canvas, 170, 140))
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    move(canvas, spot(canvas, 180, 145))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    QTest.mouseRelease(canvas, LEFT, MOD.NoModifier, spot(canvas, 180, 145))
    ys, xs = np.nonzero(selected(canvas))
    assert (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1) == (160, 125, 180, 145)


def test_click_selects_nothing_and_escape_drops_the_shape(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.tools.set_tool("rectangle")
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(300, 250))
    assert canvas.overlay.selection is None
    QTest.mousePress(canvas, LEFT, MOD.NoModifier, QPoint(200, 200))
    move(canvas, QPoint(300, 300))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, MOD.NoModifier, QPoint(300, 300))
    assert canvas.overlay.selection is None


def test_a_lasso_may_end_where_it_began(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(200)
    canvas.tools.set_tool("lasso")
    corners = [(150, 120), (180, 120), (180, 150), (150, 150), (150, 120)]
    drag(qtbot, canvas, [spot(canvas, x, y) for x, y in corners])
    assert selected(canvas)[135, 165] == 255
    assert selected(canvas)[135, 190] == 0
    before = canvas.overlay.selection
    qtbot.mouseClick(canvas, LEFT, pos=spot(canvas, 160, 130))
    assert canvas.overlay.selection is before, "a click with the lasso draws nothing"


def test_arrows_nudge_the_selection(canvas: Canvas, qtbot: QtBot) -> None:
    mask = np.zeros((300, 400), np.uint8)
    mask[10:20, 10:20] = 255
    canvas.overlay.set_selection(mask)
    canvas.tools.set_tool("rectangle")
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, MOD.ShiftModifier)
    assert (selected(canvas)[20:30, 11:21] == 255).all()
    assert selected(canvas).sum() == mask.sum()


def test_brush_paints_and_escape_takes_the_stroke_back(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(100)
    canvas.tools.set_tool("brush")
    canvas.tools.set_brush(Brush(size=20, hardness=1.0))
    edits: list[QRect] = []
    canvas.tools.selection_edited.connect(lambda _, r: edits.append(r))
    drag(qtbot, canvas, [spot(canvas, 100, 100), spot(canvas, 200, 100)])
    assert selected(canvas)[100, 100:200].min() == 255
    assert len(edits) == 1
    assert edits[0].height() < 26
    kept = selected(canvas).copy()
    QTest.mousePress(canvas, LEFT, MOD.NoModifier, spot(canvas, 100, 200))
    move(canvas, spot(canvas, 200, 200))
    assert selected(canvas)[200, 150] == 255
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert np.array_equal(selected(canvas), kept)
    assert len(edits) == 1


def test_tablet_pressure_and_eraser_end(canvas: Canvas) -> None:
    canvas.zoom_to(100)
    canvas.tools.set_tool("brush")
    canvas.tools.set_brush(Brush(size=60, hardness=1.0))
    at = QPointF(canvas.from_picture(QPointF(200.25, 150.75)))
    press, release = QEvent.Type.TabletPress, QEvent.Type.TabletRelease
    pen(canvas, press, at, 0.5, eraser=False)
    pen(canvas, release, at, 0.5, eraser=False)
    width = int(selected(canvas).max(axis=0).astype(bool).sum())
    assert width == pytest.approx(31, abs=2)
    pen(canvas, press, at, 1.0, eraser=True)
    pen(canvas, release, at, 1.0, eraser=True)
    assert selected(canvas).max() == 0


def test_paint_in_reports_each_dab(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(100)
    canvas.tools.set_tool("brush")
    canvas.tools.set_paint_target("mix")
    dabs: list[QRect] = []
    canvas.tools.mix_painted.connect(lambda _, r: dabs.append(r))
    drag(qtbot, canvas, [spot(canvas, 100, 100), spot(canvas, 130, 100), spot(canvas, 160, 100)])
    assert len(dabs) >= 2
    assert canvas.overlay.selection is None


def test_edge_is_white_on_black_at_the_boundary(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(800)
    mask = np.zeros((300, 400), np.uint8)
    mask[140:160, 190:210] = 255
    canvas.overlay.set_selection(mask)
    image = grab(canvas, qtbot)
    at = spot(canvas, 190, 150)
    row = [image.pixelColor(at.x() + dx, at.y() + 4) for dx in range(-4, 5)]
    assert max(c.lightness() for c in row[3:5]) > 170
    assert min(c.lightness() for c in row) < 90
    canvas.overlay.set_show_edges(False)
    image = grab(canvas, qtbot)
    assert image.pixelColor(at.x() + 3, at.y() + 4) == QColor(200, 40, 40)
    canvas.overlay.set_overlay(True)
    image = grab(canvas, qtbot)
    assert image.pixelColor(at.x() - 6, at.y() + 4) != QColor(200, 40, 40)
    assert image.pixelColor(at.x() + 3, at.y() + 4) == QColor(200, 40, 40)


@pytest.mark.parametrize("angle", [30.0, 90.0, -120.0])
def test_shapes_and_strokes_lie_under_the_pointer_of_a_turned_view(
    canvas: Canvas, qtbot: QtBot, angle: float
) -> None:
    canvas.zoom_to(100)
    canvas.turn_to(angle)
    canvas.tools.set_tool("rectangle")
    drag(qtbot, canvas, [spot(canvas, 150, 120), spot(canvas, 200, 160)])
    where = np.argwhere(selected(canvas))
    assert np.abs(where.min(axis=0) - (120, 150)).max() <= 1
    assert np.abs(where.max(axis=0) - (159, 199)).max() <= 1
    canvas.overlay.set_selection(None)
    canvas.tools.set_tool("brush")
    canvas.tools.set_brush(Brush(size=20, hardness=1.0))
    drag(qtbot, canvas, [spot(canvas, 220, 130), spot(canvas, 221, 130)])
    where = np.argwhere(selected(canvas))
    assert np.abs(where.mean(axis=0) - (130, 220)).max() < 2


def test_arrows_move_the_selection_the_way_they_point_in_a_turned_view(
    canvas: Canvas, qtbot: QtBot
) -> None:
    canvas.tools.set_tool("rectangle")
    drag(qtbot, canvas, [spot(canvas, 150, 120), spot(canvas, 200, 160)])
    for angle in (90.0, 180.0, -90.0):
        canvas.turn_to(angle)
        before = canvas.from_picture(QPointF(*np.argwhere(selected(canvas)).mean(axis=0)[::-1]))
        qtbot.keyClick(canvas, Qt.Key.Key_Right, MOD.ShiftModifier)
        after = canvas.from_picture(QPointF(*np.argwhere(selected(canvas)).mean(axis=0)[::-1]))
        assert after.x() - before.x() > 5
        assert abs(after.y() - before.y()) < 1


def test_the_mode_combines_and_held_keys_win(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(100)
    canvas.tools.set_tool("rectangle")
    drag(qtbot, canvas, [spot(canvas, 100, 100), spot(canvas, 140, 140)])
    canvas.tools.set_mode("add")
    drag(qtbot, canvas, [spot(canvas, 200, 100), spot(canvas, 240, 140)])
    assert selected(canvas).sum() == 255 * 2 * 40 * 40
    drag(qtbot, canvas, [spot(canvas, 200, 100), spot(canvas, 240, 140)], MOD.AltModifier)
    assert selected(canvas).sum() == 255 * 40 * 40
    canvas.tools.set_mode("intersect")
    drag(qtbot, canvas, [spot(canvas, 100, 100), spot(canvas, 120, 120)])
    assert selected(canvas).sum() == 255 * 20 * 20
    assert canvas.tools.mode == "intersect"
    canvas.tools.set_tool("brush")
    assert canvas.tools.mode == "add", "a brush adds until it is told otherwise"


def test_strokes_combine_too(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(100)
    canvas.tools.set_tool("rectangle")
    drag(qtbot, canvas, [spot(canvas, 100, 100), spot(canvas, 200, 200)])
    everything = selected(canvas)
    canvas.tools.set_tool("brush")
    canvas.tools.set_brush(Brush(size=20, hardness=1.0))
    canvas.tools.set_mode("intersect")
    drag(qtbot, canvas, [spot(canvas, 100, 150), spot(canvas, 101, 150)])
    inside = selected(canvas)
    assert inside[150, 105] == 255
    assert inside[150, 95] == 0, "the brush was here, the selection was not"
    assert inside[120, 120] == 0
    assert everything.sum() == 255 * 100 * 100, "an older selection was changed"
    canvas.tools.set_mode("replace")
    drag(qtbot, canvas, [spot(canvas, 250, 150), spot(canvas, 251, 150)])
    assert selected(canvas)[150, 105] == 0
    assert selected(canvas)[150, 250] == 255
    canvas.tools.set_tool("eraser")
    assert canvas.tools.mode == "subtract"
    canvas.tools.set_mode("add")
    assert canvas.tools.tool == "brush"


@pytest.mark.parametrize("mode", ["replace", "add", "subtract", "intersect"])
def test_a_cancelled_stroke_leaves_the_selection(canvas: Canvas, qtbot: QtBot, mode: str) -> None:
    canvas.zoom_to(100)
    canvas.tools.set_tool("rectangle")
    drag(qtbot, canvas, [spot(canvas, 100, 100), spot(canvas, 200, 200)])
    before = selected(canvas).copy()
    canvas.tools.set_tool("brush")
    canvas.tools.set_mode(mode)  # type: ignore[arg-type]  # one of the literals
    QTest.mousePress(canvas, LEFT, MOD.NoModifier, spot(canvas, 150, 150))
    move(canvas, spot(canvas, 190, 160))
    assert canvas.tools.cancel_gesture()
    assert np.array_equal(selected(canvas), before)


@pytest.mark.parametrize("zoom", [50, 100, 400])
def test_the_brush_is_as_wide_on_the_screen_at_any_zoom(
    canvas: Canvas, qtbot: QtBot, zoom: int
) -> None:
    canvas.zoom_to(zoom)
    canvas.tools.set_tool("brush")
    canvas.tools.set_brush(Brush(size=40, hardness=1.0))
    drag(qtbot, canvas, [spot(canvas, 200, 150), spot(canvas, 200.2, 150)])
    columns = np.flatnonzero(selected(canvas)[150] >= 128)
    assert abs(columns.size - 40 * 100 / zoom) <= 2


def test_a_shape_is_remembered_until_a_stroke(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(100)
    canvas.tools.set_tool("rectangle")
    canvas.tools.set_options(ToolOptions(feather=5))
    drag(qtbot, canvas, [spot(canvas, 100, 100), spot(canvas, 140, 140)])
    shape = canvas.tools.last_shape
    assert shape is not None
    assert shape.result is canvas.overlay.selection
    assert shape.box == QRect(100, 100, 40, 40)
    canvas.tools.set_tool("brush")
    drag(qtbot, canvas, [spot(canvas, 200, 150), spot(canvas, 210, 150)])
    assert canvas.tools.last_shape is None


def test_similar_colours_are_asked_for_inside_the_picture_only(
    canvas: Canvas, qtbot: QtBot
) -> None:
    canvas.zoom_to(100)
    canvas.tools.set_tool("similar")
    picked: list[tuple[int, int, str]] = []
    canvas.tools.colour_picked.connect(lambda *what: picked.append(what))
    qtbot.mouseClick(canvas, LEFT, MOD.ShiftModifier, spot(canvas, 120.5, 80.5))
    qtbot.mouseClick(canvas, LEFT, MOD.NoModifier, spot(canvas, -20, 80))
    ((x, y, mode),) = picked
    assert max(abs(x - 120), abs(y - 80)) <= 1  # the pointer stands on whole pixels
    assert mode == "add"
