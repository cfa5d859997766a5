from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication

from app.canvas.selection_overlay import SelectionOverlay
from editor.model.selection import Coverage
from tests.waiting import wait_for

SIDE = 40


def half() -> Coverage:
    """The left half of a square picture."""
    coverage = np.zeros((SIDE, SIDE), np.uint8)
    coverage[:, : SIDE // 2] = 255
    return coverage


def painted(overlay: SelectionOverlay) -> np.ndarray:
    """The overlay over white, one device pixel per picture pixel: (40, 40, 4) `uint8`."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    overlay.paint(painter, QRectF(0, 0, SIDE, SIDE), QTransform(), (SIDE, SIDE), 1.0)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, SIDE, 4).copy()


def is_painted(overlay: SelectionOverlay) -> bool:
    return bool((painted(overlay) != 255).any())


@pytest.fixture
def overlay(qapp: QApplication) -> SelectionOverlay:
    return SelectionOverlay()


def test_without_a_selection_nothing_is_painted(overlay: SelectionOverlay) -> None:
    overlay.set_overlay(True)
    assert overlay.selection is None
    assert (painted(overlay) == 255).all()


def test_the_mask_covers_what_is_not_selected(overlay: SelectionOverlay) -> None:
    overlay.set_show_edges(False)
    overlay.set_overlay(True)
    overlay.set_selection(half())
    wait_for(lambda: is_painted(overlay))
    picture = painted(overlay)
    inside, outside = picture[20, 8], picture[20, 32]
    assert (inside == 255).all()
    assert outside[0] > outside[1], "red"
    overlay.set_overlay(False)
    assert not overlay.shows_overlay
    assert (painted(overlay) == 255).all()


def test_edges_lie_on_the_border(overlay: SelectionOverlay) -> None:
    overlay.set_selection(half())
    wait_for(lambda: is_painted(overlay))
    columns = np.flatnonzero((painted(overlay)[5:35, 5:35] != 255).any(axis=(0, 2))) + 5
    assert columns.size
    assert abs(columns - SIDE // 2).max() <= 3
    overlay.set_show_edges(False)
    assert not overlay.shows_edges
    assert (painted(overlay) == 255).all()


def test_every_change_asks_for_a_repaint(overlay: SelectionOverlay) -> None:
    changes: list[bool] = []
    overlay.changed.connect(lambda: changes.append(True))
    overlay.set_selection(half())
    assert changes
    changes.clear()
    smaller = half()
    smaller[:10] = 0
    overlay.set_selection(smaller, QRect(0, 0, SIDE, 10))
    overlay.set_show_edges(False)
    overlay.set_overlay(True)
    overlay.set_selection(None)
    assert len(changes) >= 4
    assert overlay.selection is None
