"""Ways to begin, samples, and the document worked on last."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.widgets.basics.empty_state import PictureTile
from app.widgets.home.continue_card import ContinueCard, ContinueData
from app.widgets.home.sample_row import SampleRow
from app.widgets.home.start_list import StartList, StartOption

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

OPTIONS = (
    StartOption("open", "folder-open", "Open a picture", "A file or a document"),
    StartOption("paste", "clipboard-paste", "Paste", "The picture you copied"),
)


def test_ways_to_begin_stand_below_or_beside_each_other(qtbot: QtBot) -> None:
    start = StartList(OPTIONS, "Or drop pictures anywhere.")
    qtbot.addWidget(start)
    start.resize(360, 200)
    start.show()
    first, second = (start.buttons[name] for name in ("open", "paste"))
    assert first.x() == second.x()
    assert first.y() < second.y()
    start.set_beside(True)
    start.resize(800, 200)
    qtbot.waitUntil(lambda: first.y() == second.y())
    assert first.x() < second.x()
    chosen: list[str] = []
    start.chosen.connect(chosen.append)
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert chosen == ["paste", "open"]


def test_samples_that_do_not_fit_go(qtbot: QtBot) -> None:
    row = SampleRow("Samples")
    qtbot.addWidget(row)
    row.set_samples([PictureTile(str(n), f"sample {n}") for n in range(8)])
    row.set_large(True)
    row.show()
    for width in (1400, 400, 130, 1400):
        row.resize(width, 160)
        shown = [b for b in row.buttons if b.isVisible()]
        assert shown
        assert all(b.geometry().right() <= width for b in shown)
    assert len(shown) == 8
    chosen: list[int] = []
    row.chosen.connect(chosen.append)
    qtbot.mouseClick(row.buttons[3], Qt.MouseButton.LeftButton)
    assert chosen == [3]


def test_the_last_document_opens_by_button_and_picture(qtbot: QtBot) -> None:
    card = ContinueCard()
    qtbot.addWidget(card)
    card.resize(800, 300)
    card.show_document(
        ContinueData(
            "/a", "Last open, today", "Dahlia", "2 ideas", "You kept “gold”", "p", ("o", "p"), "p"
        )
    )
    card.show()
    opened: list[str] = []
    maps: list[str] = []
    card.opened.connect(opened.append)
    card.map_asked.connect(maps.append)
    qtbot.keyClick(card.go_on, Qt.Key.Key_Return)
    qtbot.mouseClick(card.picture, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(card.map, Qt.MouseButton.LeftButton)
    assert (opened, maps) == (["/a", "/a"], ["/a"])
    assert card.go_on.kind == "gold"


def test_a_picture_is_kept_until_another_document_is_shown(qtbot: QtBot) -> None:
    card = ContinueCard()
    qtbot.addWidget(card)
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(QColor(1, 2, 3))
    one = ContinueData("/a", "", "Dahlia", "1 idea", picture="p", strip=("p",), current="p")
    card.show_document(one)
    card.set_image("other", image)
    assert card.picture.image is None
    card.set_image("p", image)
    card.show_document(one)
    assert card.picture.image is image
    assert card.strip.isHidden()  # one idea alone is the large picture
    card.show_document(ContinueData("/b", "", "Tower", "1 idea", picture="q"))
    assert card.picture.image is None
