"""Suggestions: nothing applied by itself, nothing cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QMenu, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.prompt.chip_picture import ChipPicture
from app.widgets.prompt.chips import ChipData, ChipRow
from app.widgets.prompt.diff import DiffSpan
from tests.waiting import show

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SPANS = (DiffSpan("replace", "noon", "night"),)


@pytest.fixture
def row(qtbot: QtBot) -> ChipRow:
    it = ChipRow()
    it.resize(900, 34)
    it.set_chips([ChipData(str(n), f"Make it {n}", SPANS, f"reason {n}") for n in range(6)])
    qtbot.addWidget(it)
    show(it)
    return it


def test_click_takes_and_control_click_runs(row: ChipRow, qtbot: QtBot) -> None:
    taken: list[str] = []
    ran: list[str] = []
    row.taken.connect(taken.append)
    row.run_asked.connect(ran.append)
    qtbot.mouseClick(row.chips[0], Qt.MouseButton.LeftButton)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(row.chips[1], Qt.MouseButton.LeftButton, control)
    assert (taken, ran) == (["0"], ["1"])


def test_five_at_most_and_a_narrow_row_shows_those_that_fit_whole(row: ChipRow) -> None:
    assert [chip.data.id for chip in row.chips] == ["0", "1", "2", "3", "4"]
    assert not any(chip.isHidden() for chip in row.chips)
    row.resize(300, 34)
    shown = [chip for chip in row.chips if not chip.isHidden()]
    assert 0 < len(shown) < 5
    for chip in shown:
        assert chip.geometry().right() < row.width()
        assert chip.width() >= chip.sizeHint().width()  # nothing is cut
    row.resize(60, 34)
    assert all(chip.isHidden() for chip in row.chips)


def test_arrows_walk_and_enter_takes(row: ChipRow, qtbot: QtBot) -> None:
    row.window().activateWindow()
    row.focus_first()
    qtbot.keyClick(row.chips[0], Qt.Key.Key_Right)
    assert row.focusWidget() is row.chips[1]
    taken: list[str] = []
    row.taken.connect(taken.append)
    qtbot.keyClick(row.chips[1], Qt.Key.Key_Return)
    assert taken == ["1"]
    left: list[bool] = []
    row.left.connect(lambda: left.append(True))
    qtbot.keyClick(row.chips[1], Qt.Key.Key_Down)
    assert left == [True]


def test_a_chip_says_what_it_does_and_on_hover_what_changes_and_why(row: ChipRow) -> None:
    chip = row.chips[2]
    assert chip.text() == chip.accessibleName() == "Make it 2"
    assert chip.toolTip() == "noon → night\nreason 2"
    assert chip.accessibleDescription() == "replace noon with night. reason 2"


def test_by_key_the_same_is_shown_on_focus(row: ChipRow, qtbot: QtBot) -> None:
    row.window().activateWindow()
    row.chips[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: QToolTip.text() == "noon → night\nreason 0")


def test_waiting_turns_only_while_it_waits(row: ChipRow) -> None:
    row.set_waiting(True)
    assert row._turn.isActive()
    row.set_waiting(False)
    assert not row._turn.isActive()


def test_without_room_all_chips_open_as_a_menu(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(400, 300)
    row = ChipRow("Try one", holder)
    row.set_chips([ChipData("a", "Warmer"), ChipData("b", "Moody")])
    row.hide()
    holder.show()
    taken: list[str] = []
    again: list[bool] = []
    row.taken.connect(taken.append)
    row.refresh_asked.connect(lambda: again.append(True))
    row.open_above(holder)
    menu = holder.findChild(QMenu, "suggestions-menu")
    assert menu is not None
    assert menu.activeAction().text() == "Warmer"
    menu.actions()[1].trigger()
    menu.actions()[-1].trigger()
    assert taken == ["b"]
    assert again == [True]
    menu.close()


def test_an_empty_row_says_what_is_going_on(row: ChipRow) -> None:
    row.set_chips([])
    assert row._heading == "Try next"
    row.set_waiting(True)
    assert row._heading == "Looking at the picture"
    row.set_chips([ChipData("a", "Make it night")])
    assert row._heading == "Try next"


def test_pictures_keep_their_place_and_stand_in_the_tooltip(row: ChipRow) -> None:
    narrow = row.chips[0].sizeHint().width()
    row.set_pictures({"0": ChipPicture(has_place=True)})
    wide = row.chips[0].sizeHint().width()
    assert wide > narrow
    assert row.chips[1].sizeHint().width() <= narrow
    assert "img" not in row.chips[0].toolTip()
    image = QImage(64, 48, QImage.Format.Format_RGB888)
    image.fill(QColor(200, 40, 40))
    row.set_pictures({"0": ChipPicture(image, has_place=True)})
    assert row.chips[0].sizeHint().width() == wide, "nothing moves when the picture comes"
    assert "data:image/png" in row.chips[0].toolTip()
    assert "reason 0" in row.chips[0].toolTip()
    shown = row.chips[0].grab().toImage()
    at = round(19 * shown.devicePixelRatio()), shown.height() // 2
    assert shown.pixelColor(*at).red() > 150 > shown.pixelColor(*at).green()
    row.set_chips([ChipData("0", "Make it 0")])
    assert row.chips[0].sizeHint().width() == wide, "also chips that are set anew"
    row.set_pictures({})
    assert row.chips[0].sizeHint().width() == narrow
