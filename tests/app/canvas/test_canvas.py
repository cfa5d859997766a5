"""The canvas: zoom to the cursor, locked panes, nothing moves by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.canvas.canvas import Canvas
from app.canvas.display_pixels import image_array
from app.canvas.overlays import Pane
from app.theme.theme import look
from tests.app.canvas.canvas_cases import LEFT, MOD, drag, grab, picture, pyramid_of, wheel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_fits_with_22_around(canvas: Canvas, qtbot: QtBot) -> None:
    image = grab(canvas, qtbot)
    assert canvas.zoom == pytest.approx((600 - 44) / 400 * 100)
    assert image.pixelColor(300, 250) == QColor(200, 40, 40)
    assert image.pixelColor(24, 250) == QColor(200, 40, 40)
    assert image.pixelColor(18, 250) == look().tokens.surround


def test_wheel_zooms_to_the_cursor(canvas: Canvas) -> None:
    at = QPointF(420, 130)
    before = canvas.to_picture(at)
    for _ in range(3):
        wheel(canvas, at, 1)
    after = canvas.to_picture(at)
    assert canvas.zoom == pytest.approx(139 * 1.25**3)
    assert (after - before).manhattanLength() < 1.5


def test_wheel_can_scroll_and_control_still_zooms(canvas: Canvas) -> None:
    canvas.zoom_to(300)
    canvas.wheel_scrolls = True
    spot = canvas.from_picture(QPointF(200, 150))
    wheel(canvas, QPointF(300, 250), 1)
    assert canvas.zoom == pytest.approx(300)
    assert canvas.from_picture(QPointF(200, 150)).y() - spot.y() == pytest.approx(60, abs=1)
    wheel(canvas, QPointF(300, 250), 1, MOD.ControlModifier)
    assert canvas.zoom == pytest.approx(375)


def test_only_a_fitted_view_follows_the_window(canvas: Canvas) -> None:
    canvas.resize(800, 500)
    assert canvas.fitted
    assert canvas.zoom == pytest.approx((500 - 44) / 300 * 100)
    canvas.zoom_to(250)
    middle = canvas.to_picture(QPointF(400, 250))
    canvas.resize(500, 400)
    assert canvas.zoom == 250
    assert (canvas.to_picture(QPointF(250, 200)) - middle).manhattanLength() < 2


def test_new_pixels_of_one_size_do_not_move_the_view(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(300)
    canvas.pan_by(40, 30)
    spot = canvas.to_picture(QPointF(100, 100))
    canvas.set_picture(pyramid_of(picture((0, 90, 0))))
    assert canvas.to_picture(QPointF(100, 100)) == spot
    assert grab(canvas, qtbot).pixelColor(300, 250) == QColor(0, 90, 0)
    canvas.set_picture(pyramid_of(picture((0, 90, 0), 100, 100)))
    assert canvas.fitted


def test_space_and_middle_button_pan(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.tools.set_tool("rectangle")
    canvas.zoom_to(400)
    spot = canvas.from_picture(QPointF(200, 150))
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    drag(qtbot, canvas, [QPoint(300, 250), QPoint(340, 270)])
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.from_picture(QPointF(200, 150)) - spot == QPointF(40, 20)
    assert canvas.overlay.selection is None


def test_double_click_on_pan_fits_and_on_zoom_is_100(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(700)
    qtbot.mouseDClick(canvas, LEFT, pos=QPoint(300, 250))
    assert canvas.fitted
    canvas.tools.set_tool("zoom")
    qtbot.mouseDClick(canvas, LEFT, pos=QPoint(300, 250))
    assert canvas.zoom == 100


def test_held_key_shows_before(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.set_before(pyramid_of(picture((10, 20, 250))))
    for key in (Qt.Key.Key_V, Qt.Key.Key_Backslash):
        qtbot.keyPress(canvas, key)
        assert grab(canvas, qtbot).pixelColor(300, 250) == QColor(10, 20, 250)
        qtbot.keyRelease(canvas, key)
        assert grab(canvas, qtbot).pixelColor(300, 250) == QColor(200, 40, 40)


def test_wipe(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.set_before(pyramid_of(picture((10, 20, 250))))
    canvas.set_view("wipe")
    image = grab(canvas, qtbot)
    assert image.pixelColor(200, 200) == QColor(10, 20, 250)
    assert image.pixelColor(400, 200) == QColor(200, 40, 40)
    drag(qtbot, canvas, [QPoint(301, 100), QPoint(450, 100)])
    assert canvas.wipe == pytest.approx(0.75)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.wipe == pytest.approx(0.74)
    canvas.set_wipe(0.5, vertical=True)
    image = grab(canvas, qtbot)
    assert image.pixelColor(500, 150) == QColor(10, 20, 250)
    assert image.pixelColor(500, 350) == QColor(200, 40, 40)


def test_side_by_side_is_locked(canvas: Canvas, qtbot: QtBot) -> None:
    panes = [Pane(n, pyramid_of(picture(c)), 1, n) for n, c in
             (("a", (200, 40, 40)), ("b", (10, 20, 250)))]  # fmt: skip
    canvas.set_pair(panes[0], panes[1])
    canvas.set_view("side")
    wheel(canvas, QPointF(150, 200), 2)
    gap = (600 - 36) / 2 + 12
    left, right = canvas.to_picture(QPointF(150, 200)), canvas.to_picture(QPointF(150 + gap, 200))
    assert (left - right).manhattanLength() < 1
    image = grab(canvas, qtbot)
    assert image.pixelColor(150, 150) == QColor(200, 40, 40)
    assert image.pixelColor(450, 150) == QColor(10, 20, 250)
    sides: list[int] = []
    canvas.tools.side_chosen.connect(sides.append)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(150, 200))
    assert sides == [1, 0]


def test_a_picture_drawn_larger_is_compared_at_the_same_size(canvas: Canvas, qtbot: QtBot) -> None:
    left_half = picture((10, 20, 250), 200, 150)
    left_half[:, 100:] = (200, 40, 40)
    before = Pane("before", pyramid_of(left_half), 0, "before")
    after = Pane("after", pyramid_of(left_half.repeat(2, axis=0).repeat(2, axis=1)), 1, "after")
    canvas.set_picture(after.provider)
    canvas.set_pair(after, before)
    canvas.set_view("side")
    gap = (600 - 36) / 2 + 12
    for _ in range(2):
        spot = canvas.to_picture(QPointF(150, 200))
        same = canvas.to_picture(QPointF(150 + gap, 200))
        assert (spot - same * 2).manhattanLength() < 2
        image = grab(canvas, qtbot)
        edge = round(canvas.to_widget(0).map(QPointF(200, 150)).x())
        for x in (edge, edge + round(gap)):
            assert image.pixelColor(x - 6, 200) == QColor(10, 20, 250)
            assert image.pixelColor(x + 6, 200) == QColor(200, 40, 40)
        wheel(canvas, QPointF(150, 200), 2)
    canvas.set_before(before.provider)
    canvas.set_view("wipe")
    outer = canvas.pane_view(canvas.panes()[0][0], before.provider)
    assert outer.zoom == pytest.approx(2 * canvas.zoom / 100)


def test_switching_view_keeps_zoom_and_place(canvas: Canvas) -> None:
    canvas.set_sheet([Pane(str(n), pyramid_of(picture((n, n, n)))) for n in range(4)])
    canvas.zoom_to(320)
    canvas.pan_by(33, 21)
    before = (canvas.zoom, canvas.to_picture(QPointF(300, 250)))
    for view in ("wipe", "all", "changes", "side", "picture"):
        canvas.set_view(view)
    assert (canvas.zoom, canvas.to_picture(QPointF(300, 250))) == before


def test_sheet_click_chooses(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.set_sheet([Pane(str(n), pyramid_of(picture((n * 40, 0, 0)))) for n in range(4)])
    canvas.set_view("all")
    chosen: list[str] = []
    canvas.tools.pane_chosen.connect(chosen.append)
    for at in (QPoint(100, 100), QPoint(500, 400)):
        qtbot.mouseClick(canvas, LEFT, pos=at)
    assert chosen == ["0", "3"]
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(canvas, key)
    assert chosen == ["0", "3", "2", "0", "1", "2"]


def test_what_is_not_finished_cannot_be_chosen(canvas: Canvas, qtbot: QtBot) -> None:
    done = Pane("done", pyramid_of(picture((90, 0, 0))))
    canvas.set_sheet([done, replace(done, id="stopped", note="Stopped at step 9 of 20", dim=True)])
    canvas.set_view("all")
    chosen: list[str] = []
    canvas.tools.pane_chosen.connect(chosen.append)
    for rect, _, _ in canvas.panes():
        qtbot.mouseClick(canvas, LEFT, pos=rect.center().toPoint())
    assert chosen == ["done"]


def test_a_comparison_fits_its_pictures_first(canvas: Canvas, qtbot: QtBot) -> None:
    panes = [Pane(str(n), pyramid_of(picture((n, n, n)))) for n in range(2)]
    canvas.zoom_to(320)
    for view in ("side", "all"):
        canvas.set_view(view)
        canvas.set_pair(panes[0], panes[1])
        canvas.set_sheet(panes)
        for index, (place, provider, _) in enumerate(canvas.panes()):
            shown = canvas.to_widget(index).mapRect(QRectF(0, 0, *provider.size))
            assert place.adjusted(-1, -1, 1, 1).contains(shown)
            assert shown.width() > 0.9 * place.width() or shown.height() > 0.9 * place.height()
        canvas.set_view("picture")
        assert canvas.zoom == pytest.approx(320)
    canvas.set_view("side")
    canvas.zoom_to(200)
    canvas.set_view("picture")
    assert canvas.zoom == pytest.approx(200), "a zoom chosen there stays"


def test_what_was_panned_among_all_results_fills_the_canvas_alone(canvas: Canvas) -> None:
    canvas.set_sheet([Pane(str(n), pyramid_of(picture((n, n, n)))) for n in range(6)])
    whole = canvas.zoom
    said: list[bool] = []
    canvas.zoom_changed.connect(lambda _: said.append(canvas.fitted))
    canvas.set_view("all")
    assert canvas.zoom < whole
    canvas.pan_by(40, 30)
    assert said[-1] is False, "a panned picture is not called fitted"
    canvas.set_view("picture")
    assert canvas.fitted
    assert canvas.zoom == whole


def test_changes_view_is_grey_where_nothing_changed(canvas: Canvas, qtbot: QtBot) -> None:
    change = np.zeros((30, 40), np.float32)
    change[:, 30:] = 1.0
    canvas.painter.set_changes(change, "Largest change 100 % at the right", "25 % changed")
    canvas.set_view("changes")
    image = grab(canvas, qtbot)
    still = image.pixelColor(100, 250)
    assert still.red() == still.green() == still.blue()
    hot = image.pixelColor(560, 250)
    assert hot.red() > 200
    assert hot.red() > hot.blue() + 40


def test_accessible_name(canvas: Canvas) -> None:
    canvas.set_caption("a red field")
    assert canvas.accessibleName() == ("Picture, 400 by 300, caption a red field")


def test_panning_and_rough_zoom_end_in_the_same_picture(canvas: Canvas, qtbot: QtBot) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (600, 800, 3), np.uint8)
    canvas.set_picture(pyramid_of(pixels))
    canvas.zoom_to(150)
    grab(canvas, qtbot)
    for dx, dy in ((13, 5), (-40, 22), (7, -60)):
        canvas.pan_by(dx, dy)
        canvas.grab()
    canvas._moving = True
    for zoom in (1.7, 2.4, 1.5):  # stretched frames on the way leave nothing behind
        canvas._zoom_now(zoom)
        canvas.grab()
    moved_image = grab(canvas, qtbot)
    for frame in canvas.painter.frames.values():
        frame.invalidate()
    fresh = image_array(grab(canvas, qtbot)).astype(int)
    away = np.abs(fresh - image_array(moved_image))
    assert away.max() <= 3  # rounding of the smoothing, nothing that could be seen


def test_a_turned_view_keeps_its_middle_and_stops_upright(canvas: Canvas) -> None:
    canvas.zoom_to(300)
    middle = canvas.to_picture(QPointF(300, 250))
    canvas.turn_to(30)
    assert (canvas.to_picture(QPointF(300, 250)) - middle).manhattanLength() < 1
    canvas.turn_to(2)
    assert canvas.angle == 0


def test_a_fitted_picture_is_fitted_again_when_it_is_turned(canvas: Canvas) -> None:
    canvas.fit()
    for angle in (30.0, 90.0, 135.0):
        canvas.turn_to(angle)
        whole = canvas.to_widget(0).mapRect(QRectF(0, 0, 400, 300))
        assert canvas.fitted
        assert QRectF(canvas.rect()).contains(whole)
    canvas.fit()
    assert canvas.angle == 135.0


def test_r_held_turns_the_view_and_twice_makes_it_upright(canvas: Canvas, qtbot: QtBot) -> None:
    angles: list[float] = []
    canvas.angle_changed.connect(angles.append)
    canvas.tools.set_tool("rectangle")
    qtbot.keyPress(canvas, Qt.Key.Key_R)
    drag(qtbot, canvas, [QPoint(500, 250), QPoint(441, 391)])  # from the right, 45° down
    qtbot.keyRelease(canvas, Qt.Key.Key_R)
    assert abs(canvas.angle - 45) < 0.5
    assert angles[-1] == canvas.angle
    assert canvas.overlay.selection is None
    qtbot.keyClick(canvas, Qt.Key.Key_R)
    assert canvas.angle != 0
    qtbot.keyClick(canvas, Qt.Key.Key_R)
    assert canvas.angle == 0


def test_shift_holds_the_turn_to_steps(canvas: Canvas, qtbot: QtBot) -> None:
    qtbot.keyPress(canvas, Qt.Key.Key_R)
    drag(qtbot, canvas, [QPoint(500, 250), QPoint(450, 380)], MOD.ShiftModifier)
    qtbot.keyRelease(canvas, Qt.Key.Key_R)
    assert canvas.angle == 45


def test_transparency_shows_the_checkerboard(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.set_picture(pyramid_of(np.zeros((300, 400, 4), np.uint8)))
    image = grab(canvas, qtbot)
    seen = {image.pixelColor(x, 250).name() for x in range(40, 560)}
    assert seen == {look().tokens.checker_a.name(), look().tokens.checker_b.name()}
