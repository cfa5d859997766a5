"""Suggestions: nothing applied by itself, nothing cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.prompt.chips import ChipData, ChipRow
from app.widgets.prompt.diff import plain_text
from tests.waiting import show

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def row(qtbot: QtBot) -> ChipRow:
    it = ChipRow()
    it.resize(900, 34)
    it.set_chips([ChipData(str(n), plain_text(f"suggestion {n}"), f"reason {n}") for n in range(6)])
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


def test_narrow_row_keeps_everything_reachable(row: ChipRow) -> None:
    assert row.overflow == []
    row.resize(380, 34)
    hidden = row.overflow
    assert hidden
    assert "0" not in hidden
    for chip in row.chips:
        if chip.data.id not in hidden:
            assert chip.geometry().right() < row.width()
    row._open_more()
    menu = row.findChild(QMenu)
    assert menu is not None
    taken: list[str] = []
    row.taken.connect(taken.append)
    menu.actions()[0].trigger()
    assert taken == [hidden[0]]
    menu.close()


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


def test_chip_says_its_reason(row: ChipRow) -> None:
    chip = row.chips[2]
    assert chip.accessibleName() == "suggestion 2"
    assert chip.accessibleDescription() == chip.toolTip() == "reason 2"


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
    row.set_chips([ChipData("a", plain_text("warmer")), ChipData("b", plain_text("moody"))])
    row.hide()
    holder.show()
    taken: list[str] = []
    again: list[bool] = []
    row.taken.connect(taken.append)
    row.refresh_asked.connect(lambda: again.append(True))
    row.open_above(holder)
    menu = holder.findChild(QMenu, "suggestions-menu")
    assert menu is not None
    assert menu.activeAction().text() == "warmer"
    menu.actions()[1].trigger()
    menu.actions()[-1].trigger()
    assert taken == ["b"]
    assert again == [True]
    menu.close()


def test_pale_shapes_stand_where_the_first_chips_will(row: ChipRow) -> None:
    row.set_chips([])
    button = row.findChild(QWidget, "suggestions-refresh")
    assert button is not None
    left = button.x()
    place = QRect(left + 40, 4, 300, 26)  # right of ↻, where nothing else is painted
    without = row.grab(place).toImage()
    row.set_waiting(True)
    assert row.grab(place).toImage() != without
    assert button.x() > left + 400  # ↻ stands behind them
    row.set_chips([ChipData("a", plain_text("at night"))])
    row.set_waiting(False)
    row.set_chips([])
    assert button.x() == left
