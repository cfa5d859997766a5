from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.widgets.models.lora_row import LoraRow
from app.widgets.models.model_card import CardButton, CardContent, CardGrid, ModelCard
from app.widgets.models.model_row import ModelRow, RowContent
from tests.waiting import settle

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

INSTALL = CardButton("install", "Install", "Install DAT", "download")
PAUSE = CardButton("pause", "Pause", "Pause")
CONTENT = CardContent("DAT", "Draws pictures larger.", "8 MB", "Apache-2.0", "Fits", "check", "ok",
                      buttons=(INSTALL,))  # fmt: skip


def test_a_card_asks_and_its_next_button_has_the_focus(qtbot: QtBot) -> None:
    card = ModelCard(CONTENT)
    qtbot.addWidget(card)
    card.show()
    asked: list[str] = []
    card.asked.connect(asked.append)
    card.foot.buttons["install"].setFocus()
    QTest.keyClick(card.foot.buttons["install"], Qt.Key.Key_Return)
    card.licence.click()
    assert asked == ["install", "licence"]
    before = card.foot.buttons["install"]
    card.show_content(replace(CONTENT, note="Ready"))
    assert card.foot.buttons["install"] is before
    card.show_content(replace(CONTENT, buttons=(PAUSE,), share=0.25))
    assert list(card.foot.buttons) == ["pause"]
    assert card.focusWidget() is card.foot.buttons["pause"]
    assert (card.bar.isVisible(), card.bar.accessibleName()) == (True, "25%")
    assert card.accessibleDescription() == "Draws pictures larger. Fits"


def test_as_many_columns_as_fit(qtbot: QtBot) -> None:
    grid = CardGrid(300, 2)
    qtbot.addWidget(grid)
    cards = [ModelCard(CONTENT, grid) for _ in range(3)]
    grid.set_cards(cards)
    grid.resize(640, 600)
    grid.show()
    settle()
    assert cards[0].y() == cards[1].y() < cards[2].y()
    assert cards[0].width() == cards[2].width()
    grid.resize(400, 600)
    settle()
    assert cards[0].x() == cards[1].x()
    grid.set_cards(cards[1:])
    assert not cards[0].isVisible()


def test_a_row_has_a_menu_only_where_something_can_be_done(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    row = ModelRow(RowContent("DAT", "Draws pictures larger.", "46 MB"), "More", parent)
    parent.show()
    assert not row.more.isVisible()
    asked: list[str] = []
    row.asked.connect(asked.append)
    row.show_content(RowContent("DAT", "Draws.", menu=(("verify", "Check the files"),)))
    menu = row.build_menu()
    menu.actions()[0].trigger()
    assert asked == ["verify"]
    assert not row.size_label.isVisible()


def test_a_lora_counts_only_while_it_is_switched_on(qtbot: QtBot) -> None:
    row = LoraRow("gouache", "for SD 1.x", None, "off")
    qtbot.addWidget(row)
    changed: list[float | None] = []
    row.changed.connect(changed.append)
    assert (row.figure.text, row.slider.isEnabled()) == ("off", False)
    row.switch.click()
    row.slider.setValue(16)
    row.switch.click()
    assert changed == [1.0, 0.8, None]
    words = [("sks", "Add “sks”")]
    other = LoraRow("gouache", "", 0.35, "off", row, words)
    assert other.figure.text == "0.35"
    asked: list[str] = []
    other.word_asked.connect(asked.append)
    other.links[0].click()
    assert asked == ["sks"]
