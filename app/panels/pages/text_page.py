from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QLineEdit,
    QPlainTextEdit,
)

from app.i18n.texts import tr
from app.panels.pages.page import Page
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.labels import Sentence


class TextPage(Page):
    """One text to write: a name (one line) or a note (several)."""

    def __init__(
        self, explanation: str, text: str, done: Callable[[str], None], *, lines: bool
    ) -> None:
        super().__init__()
        self._done = done
        self.rows.addWidget(Sentence(explanation, self))
        self.edit: QLineEdit | QPlainTextEdit
        if lines:
            self.edit = QPlainTextEdit(text, self)
            self.edit.setTabChangesFocus(True)
        else:
            self.edit = QLineEdit(text, self)
            self.edit.selectAll()
            self.edit.returnPressed.connect(self._finish)
        self.edit.setObjectName("page-text")
        self.edit.setAccessibleName(explanation)
        self.rows.addWidget(self.edit)
        save = PushButton(tr("Save"), self, kind="gold")
        save.setObjectName("page-save")
        save.clicked.connect(self._finish)
        self.rows.addWidget(save)
        self.rows.addStretch(1)
        self.setFocusProxy(self.edit)

    def _finish(self) -> None:
        edit = self.edit
        self._done(edit.text() if isinstance(edit, QLineEdit) else edit.toPlainText())
