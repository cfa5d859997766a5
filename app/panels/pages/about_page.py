from __future__ import annotations

from app.i18n.texts import tr
from app.panels.pages.page import Page
from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.labels import Sentence


class AboutPage(Page):
    """Name, version, licence."""

    def __init__(self, version: str) -> None:
        super().__init__()
        self.rows.addWidget(
            Sentence(f"Pentimento {version}", self, size=24, weight=SEMIBOLD, token="text")
        )
        for text in (
            tr("Edits pictures by words, on this computer only. It keeps every idea."),
            tr("Apache License 2.0. Inter by The Inter Project Authors (OFL 1.1), icons by Lucide "
               "(ISC). Qt, libvips and other libraries under their own licences, see docs."),
        ):  # fmt: skip
            self.rows.addWidget(Sentence(text, self))
        self.rows.addStretch(1)
        self.setMinimumWidth(look().px(200))
