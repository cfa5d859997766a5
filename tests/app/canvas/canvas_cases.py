"""Pictures, gestures and looks at a canvas that its tests share."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QImage,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.canvas import Canvas
from app.canvas.display_tiles import WORKER
from app.canvas.provider import TILE
from app.canvas.pyramid import ImagePyramid
from editor.model.image import Pixels
from tests.waiting import settle

LEFT, MOD = Qt.MouseButton.LeftButton, Qt.KeyboardModifier


def picture(color: tuple[int, int, int], width: int = 400, height: int = 300) -> np.ndarray:
    return np.full((height, width, 3), color, np.uint8)


def pyramid_of(pixels: Pixels) -> ImagePyramid:
    """The pyramid of an array (h, w[, c])."""

    def read(col: int, row: int) -> Pixels:
        return pixels[row * TILE : (row + 1) * TILE, col * TILE : (col + 1) * TILE]

    return ImagePyramid(pixels.shape[1], pixels.shape[0], read)


def grab(canvas: Canvas, qtbot: QtBot) -> QImage:
    for _ in range(3):
        canvas.grab()
        assert WORKER.wait_idle()
        settle()
    canvas._rest()
    return canvas.grab().toImage()


def wheel(
    canvas: Canvas, at: QPointF, notches: float, modifiers: Qt.KeyboardModifier = MOD.NoModifier
) -> None:
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, round(120 * notches)),
        LEFT.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    canvas.wheelEvent(event)


def drag(
    qtbot: QtBot,
    canvas: Canvas,
    points: list[QPoint],
    modifiers: Qt.KeyboardModifier = MOD.NoModifier,
) -> None:
    QTest.mousePress(canvas, LEFT, modifiers, points[0])
    for point in points[1:]:
        move(canvas, point, modifiers)
    QTest.mouseRelease(canvas, LEFT, modifiers, points[-1])


def move(canvas: Canvas, at: QPoint, modifiers: Qt.KeyboardModifier = MOD.NoModifier) -> None:
    spot = QPointF(at)
    canvas.mouseMoveEvent(
        QMouseEvent(QEvent.Type.MouseMove, spot, canvas.mapToGlobal(spot), LEFT, LEFT, modifiers)
    )


def pen(canvas: Canvas, kind: QEvent.Type, at: QPointF, pressure: float, *, eraser: bool) -> None:
    types = QPointingDevice.PointerType
    device = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, types.Eraser if eraser else types.Pen,
        QInputDevice.Capability.Pressure, 1, 2,
    )  # fmt: skip
    canvas.tabletEvent(
        QTabletEvent(kind, device, at, canvas.mapToGlobal(at), pressure, 0, 0, 0, 0, 0,
                     MOD.NoModifier, LEFT, LEFT)
    )  # fmt: skip


def spot(canvas: Canvas, x: float, y: float) -> QPoint:
    return canvas.from_picture(QPointF(x, y)).toPoint()
