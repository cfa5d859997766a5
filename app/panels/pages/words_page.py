from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QScrollArea

from app.i18n.texts import N_, tr
from app.panels.pages.page import Page
from app.theme.theme import SEMIBOLD
from app.widgets.basics.labels import QuietLabel, Sentence

HEADINGS: Final = (
    N_("what"), N_("where"), N_("hues"), N_("more"), N_("less"), N_("how much"), N_("keep"),
    N_("crop"), N_("straighten"), N_("with a selection"),
)  # fmt: skip
"""Titles of the groups of `editor.tone.known_words`, only so that translators find them."""


class WordsPage(QScrollArea):
    """What the words can do, with examples that can be tried."""

    def __init__(self, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        super().__init__()
        self.setObjectName("words-page")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        body = Page()
        body.rows.addWidget(
            Sentence(
                tr("Say it in plain words, one thing or several: “warmer, but keep the "
                   "highlights”. Amounts count: slightly, much, 20 %, half a stop."),
                body,
            )
        )  # fmt: skip
        for title, words in groups:
            body.rows.addWidget(QuietLabel(tr(title), body, size=13, weight=SEMIBOLD, token="text"))
            body.rows.addWidget(Sentence(", ".join(words), body))
        body.rows.addStretch(1)
        self.setWidget(body)
