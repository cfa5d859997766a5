"""What the guide says of a method, as words of the window."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtWidgets import QVBoxLayout, QWidget

import resources
from app.theme.theme import MEDIUM
from app.widgets.basics.labels import Sentence

FOLDER: Final = Path(resources.__file__).parents[1] / "docs" / "methods"
_KEY: Final = re.compile(r" \([a-z_]+\)")
"""Behind the name of a setting: what it is called in files."""
_COMMAND: Final = "pentimento "


@cache
def guide_text(method: str) -> tuple[tuple[str, str], ...]:
    """The page of a method in paragraphs, each with the name of the setting it explains, or "".

    Headings and commands are left out. Empty where there is no page.
    """
    file = FOLDER / f"{method}.md"
    if not file.is_file():
        return ()
    page, font = QTextDocument(), QFont()
    font.setPixelSize(13)  # only its text is taken, but Qt warns where it derives sizes from none
    page.setDefaultFont(font)
    page.setMarkdown(file.read_text("utf-8"))
    found = []
    block = page.begin()
    while block.isValid():
        text = block.text().strip()
        if text and not block.blockFormat().headingLevel() and not text.startswith(_COMMAND):
            name, colon, rest = text.partition(": ")
            if block.textList() is not None and colon:
                found.append((_KEY.sub("", name), rest[:1].upper() + rest[1:]))
            else:
                found.append(("", text))
        block = block.next()
    return tuple(found)


class MethodGuide(QWidget):
    """The page of a method: what it is good at, its paper, its settings in plain words."""

    def __init__(self, method: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("method-guide")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for name, text in guide_text(method):
            paragraph = QVBoxLayout()
            paragraph.setSpacing(2)
            if name:
                paragraph.addWidget(Sentence(name, self, weight=MEDIUM, token="text"))
            paragraph.addWidget(Sentence(text, self))
            column.addLayout(paragraph)
