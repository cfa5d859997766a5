"""The grid of documents: what keys and clicks mean, and how many stand in a row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.theme.theme import look
from app.widgets.home.document_cards import DocumentCard
from app.widgets.home.document_grid import DocumentGrid, GridPlace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def grid(qtbot: QtBot) -> Iterator[DocumentGrid]:
    look().set_choice("dark")
    it = DocumentGrid()
    place = GridPlace(it)
    qtbot.addWidget(place)
    place.resize(900, 100)
    it.set_cards([DocumentCard(str(n), f"document {n}", "1 idea") for n in range(7)])
    place.show()
    it.setFocus()
    it.setCurrentIndex(it.documents.index(0))
    yield it
    place.close()


def test_arrows_walk_and_enter_opens(grid: DocumentGrid) -> None:
    opened: list[str] = []
    grid.opened.connect(opened.append)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert opened == ["1"]
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current_id == str(1 + grid.across)


def test_delete_and_letters(grid: DocumentGrid) -> None:
    removed: list[str] = []
    typed: list[str] = []
    grid.removed.connect(removed.append)
    grid.typed.connect(typed.append)
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    QTest.keyClicks(grid, "ab")
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert (removed, typed) == (["0"], ["a", "b"])


def test_a_click_on_a_card_opens_it(grid: DocumentGrid, qtbot: QtBot) -> None:
    opened: list[str] = []
    grid.opened.connect(opened.append)
    at = grid.visualRect(grid.documents.index(2)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened == ["2"]
    qtbot.mouseClick(
        grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(grid.width() - 5, grid.height() - 40)
    )
    assert opened == ["2"]


@pytest.mark.parametrize(("width", "across"), [(1320, 6), (760, 4), (560, 3), (120, 1)])
def test_rows_follow_the_width_and_the_last_card_ends_at_the_edge(
    grid: DocumentGrid, width: int, across: int
) -> None:
    place = grid.parentWidget()
    assert place is not None
    place.resize(width, 100)
    assert grid.across == across
    last = grid.visualRect(grid.documents.index(across - 1))
    first = grid.visualRect(grid.documents.index(0))
    assert last.top() == first.top()
    assert width - across <= last.right() - 17 <= width  # the gap behind it lies outside
    rows = -(-7 // across)
    assert grid.height() == place.height() == rows * grid.gridSize().height()


def test_the_card_with_the_focus_keeps_it(grid: DocumentGrid) -> None:
    grid.setCurrentIndex(grid.documents.index(3))
    grid.set_cards([DocumentCard(str(n), f"document {n}") for n in (9, 3, 5)])
    assert grid.current_id == "3"


def test_only_cards_in_sight_ask_for_their_picture(grid: DocumentGrid, qtbot: QtBot) -> None:
    asked: list[str] = []
    red = QImage(40, 20, QImage.Format.Format_RGB32)
    red.fill(QColor(200, 0, 0))

    def thumbnail_of(card: DocumentCard) -> QImage:
        asked.append(card.id)
        return red

    grid.set_thumbnails(thumbnail_of)
    image = grid.grab().toImage()
    assert set(asked) == {str(n) for n in range(7)}
    spot = grid.visualRect(grid.documents.index(0))
    colour = image.pixelColor(spot.left() + (spot.width() - 18) // 2, spot.top() + 50)
    assert (colour.red(), colour.green()) == (200, 0)


def test_a_screen_reader_hears_what_is_wrong(grid: DocumentGrid) -> None:
    grid.set_cards([DocumentCard("a", "tower", "Moved or deleted.", "Find it", state="missing")])
    spoken = grid.documents.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "tower. Moved or deleted. Find it."
