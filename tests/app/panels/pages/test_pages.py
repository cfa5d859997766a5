from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.panels.pages.about_page import AboutPage
from app.panels.pages.amount_page import AmountPage
from app.panels.pages.text_page import TextPage
from app.panels.pages.words_page import EXAMPLES, WordsPage
from editor.tone import read


def texts(page: QWidget) -> list[str]:
    return [widget.accessibleName() or "" for widget in page.findChildren(QWidget)]


@pytest.mark.parametrize("lines", [False, True])
def test_a_text_is_saved_as_it_stands(qtbot: QtBot, lines: bool) -> None:
    saved: list[str] = []
    page = TextPage("A name for this idea", "dawn", saved.append, lines=lines)
    qtbot.addWidget(page)
    assert isinstance(page.edit, QPlainTextEdit if lines else QLineEdit)
    assert page.edit.accessibleName() == "A name for this idea"
    button = page.findChild(QWidget, "page-save")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert saved == ["dawn"]


def test_enter_saves_one_line(qtbot: QtBot) -> None:
    saved: list[str] = []
    page = TextPage("A name", "dawn", saved.append, lines=False)
    qtbot.addWidget(page)
    qtbot.keyClicks(page.edit, "dusk")  # the old name is selected
    qtbot.keyClick(page.edit, Qt.Key.Key_Return)
    assert saved == ["dusk"]


@pytest.mark.parametrize(("most", "first"), [(400, 24), (10, 10), (8, 8)])
def test_an_amount_is_asked_for_in_pixels(qtbot: QtBot, most: int, first: int) -> None:
    widths: list[float] = []
    page = AmountPage("feather", "The edge softens.", "Soften", most, widths.append)
    qtbot.addWidget(page)
    assert (page.slider.maximum(), page.slider.value()) == (most, first)
    page.slider.setValue(3)
    button = page.findChild(QWidget, "page-save")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert widths == [3.0]


def test_words_and_version_are_there_to_read(qtbot: QtBot) -> None:
    words = WordsPage((("Light", ("brighter", "a stop darker")),))
    about = AboutPage("1.2.3")
    for page in (words, about):
        qtbot.addWidget(page)
    assert "lift the shadows a little" in texts(words)
    assert "a stop darker" not in texts(words)
    words.search.setText("dark")
    assert "a stop darker" in texts(words)
    assert "brighter" not in texts(words)
    words.search.setText("flumpy")
    assert "No word begins with “flumpy”." in texts(words)
    assert "Pentimento 1.2.3" in texts(about)


def test_every_example_can_be_said() -> None:
    phrases = [phrase for _, examples in EXAMPLES for phrase in examples]
    assert len(phrases) == 12
    for phrase in phrases:
        assert read(phrase, has_selection=False)
