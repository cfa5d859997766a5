from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from app.i18n.texts import N_, tr
from app.panels.pages.page import Page
from app.theme.theme import SEMIBOLD
from app.widgets.basics.labels import QuietLabel, Sentence

EXAMPLES: Final = (
    (N_("Light"), ("brighter, but keep the highlights", "lift the shadows a little")),
    (N_("Colour"), ("warmer", "make the blues deeper", "black and white")),
    (N_("Look"), ("golden hour", "moody", "faded film")),
    (N_("Detail"), ("sharper", "a touch of film grain")),
    (N_("Frame"), ("crop to 16:9", "rotate left")),
)
"""Twelve phrases by purpose. They are in the language of the words themselves, so they are not
translated."""

HEADINGS: Final = (
    N_("what"), N_("where"), N_("hues"), N_("more"), N_("less"), N_("how much"), N_("keep"),
    N_("crop"), N_("straighten"), N_("flip"), N_("with a selection"),
)  # fmt: skip
"""Titles of the groups of `editor.tone.known_words`, only so that translators find them."""


class WordsPage(QScrollArea):
    """Things you can say: examples by purpose, and a search over every word."""

    def __init__(self, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """`groups`: the words by what they are for, as `editor.tone.known_words` has them."""
        super().__init__()
        self._groups = groups
        self.setObjectName("words-page")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._body = Page()
        self._body.rows.setContentsMargins(0, 0, 20, 16)
        self.search = QLineEdit(self._body)
        self.search.setObjectName("words-search")
        self.search.setPlaceholderText(tr("Search the words"))
        self.search.setAccessibleName(tr("Search the words"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._show)
        self._body.rows.addWidget(
            Sentence(tr("Say it in plain words, one thing or several."), self._body)
        )
        self._body.rows.addWidget(self.search)
        self._shown: list[QWidget] = []
        self.setWidget(self._body)
        self._show("")
        self.setFocusProxy(self.search)

    def _show(self, query: str) -> None:
        """The examples, or the words that begin with what is searched for."""
        for old in self._shown:
            self._body.rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        while self._body.rows.count() > 2:  # the stretch below the rows
            self._body.rows.takeAt(2)
        self._shown = []
        sought = query.strip().casefold()
        found = self._found(sought) if sought else EXAMPLES
        for title, words in found:
            self._add(QuietLabel(tr(title), self._body, size=13, weight=SEMIBOLD, token="text"))
            for line in (", ".join(words),) if sought else words:
                self._add(Sentence(line, self._body))
        if not found:
            self._add(Sentence(tr("No word begins with “{0}”.").format(query.strip()), self._body))
        self._body.rows.addStretch(1)

    def _add(self, widget: QWidget) -> None:
        self._body.rows.addWidget(widget)
        self._shown.append(widget)

    def _found(self, sought: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        fits = (
            (title, tuple(word for word in words if _begins(word, sought)))
            for title, words in self._groups
        )
        return tuple((title, words) for title, words in fits if words)


def _begins(phrase: str, sought: str) -> bool:
    """Whether a phrase, or a word of it, begins with what is sought."""
    text = phrase.casefold()
    return text.startswith(sought) or any(word.startswith(sought) for word in text.split())
