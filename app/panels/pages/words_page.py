from __future__ import annotations

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QScrollArea

from app.panels.pages.page import Page
from app.panels.wording import tr
from app.theme.theme import SEMIBOLD
from app.widgets.basics.labels import QuietLabel, Sentence


def _t(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("", text))


HEADINGS: Final = (
    _t("what"), _t("where"), _t("hues"), _t("more"), _t("less"), _t("how much"), _t("keep"),
    _t("crop"), _t("straighten"), _t("with a selection"),
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
