from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.session.session import Session
from app.widgets.basics.buttons import LinkButton
from app.widgets.basics.labels import Sentence


class ElsewherePage(QWidget):
    """In the place of results that belong to another idea than the one that is shown.

    Signals:
        asked(str): go to the idea with this id.
    """

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._node = ""
        self.setObjectName("results-elsewhere")
        self._sentence = Sentence("", self, token="text2")
        self._link = LinkButton(tr("Go there"), self)
        self._link.setObjectName("go-to-results")
        self._link.clicked.connect(lambda: self.asked.emit(self._node))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._sentence)
        column.addWidget(self._link)
        column.addStretch(1)

    def refresh(self) -> None:
        """Name the idea that the results belong to."""
        results, document = self._session.results, self._session.document
        if results is None or document is None:
            return
        self._node = results.parent
        words = (
            tr("Working on another idea: “{0}”.")
            if results.stage.is_live
            else tr("The results belong to another idea: “{0}”.")
        )
        self._sentence.set_text(words.format(document.history.label(results.parent)))
