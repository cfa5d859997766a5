from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.widgets.settings.section_list import WIDTH, Section, SectionList

SECTIONS = tuple(Section(name, name.title(), "star") for name in ("one", "two", "three"))


@pytest.fixture
def sections(qtbot: QtBot) -> Iterator[SectionList]:
    window = QWidget()
    qtbot.addWidget(window)
    made = SectionList(SECTIONS, window)
    made.set_current("one")
    window.resize(600, 400)
    window.show()
    yield made  # and the window, which owns it
    window.close()


def test_a_click_and_the_arrows_choose(sections: SectionList) -> None:
    chosen: list[str] = []
    sections.chosen.connect(chosen.append)
    sections.buttons["two"].click()
    QTest.keyClick(sections, Qt.Key.Key_Down)
    QTest.keyClick(sections, Qt.Key.Key_Down)
    QTest.keyClick(sections, Qt.Key.Key_Up)
    assert chosen == ["two", "three", "one", "three"]
    assert sections.current == "three"


def test_as_tabs_only_the_chosen_one_has_words(sections: SectionList) -> None:
    assert sections.width() == WIDTH
    sections.set_tabs(True)
    widths = {name: button.sizeHint().width() for name, button in sections.buttons.items()}
    assert widths["two"] == widths["three"] < widths["one"]
    assert sections.buttons["two"].accessibleName() == "Two"


def test_the_way_back_names_where_it_leads(sections: SectionList) -> None:
    left: list[bool] = []
    sections.left.connect(lambda: left.append(True))
    sections.back.set_title("Back to {0}", "tower")
    assert sections.back.text() == "Back to tower"
    sections.back.click()
    assert left == [True]
