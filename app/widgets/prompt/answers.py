"""The answers to the one question before an edit, as buttons with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.buttons import PushButton

_LONGEST = 230


class AnswerRow(QWidget):
    """Two to four answers side by side, in the place of the chips, with the question below.

    The first one is marked: Enter takes it. The last button is the way out.

    Signals:
        answered(int): number of the answer, 0 for the first.
        other_asked(): none of them is meant.
    """

    answered = Signal(int)
    other_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answers")
        self.setAccessibleName(self.tr("Answers"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._buttons: list[PushButton] = []
        self.other = PushButton("", self, height=30)
        self.other.setObjectName("answer-other")
        self.other.clicked.connect(self.other_asked)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(look().px(7))
        self._row.addWidget(self.other)
        self._row.addStretch(1)

    @property
    def buttons(self) -> list[PushButton]:
        """The buttons of the answers, first answer first."""
        return list(self._buttons)

    def set_answers(self, answers: Sequence[str]) -> None:
        """Replaces the answers; their keys are 1, 2, 3 and 4, that of the way out follows."""
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        metrics = QFontMetricsF(look().font(13, SEMIBOLD))
        for number, answer in enumerate(answers):
            short = metrics.elidedText(answer, Qt.TextElideMode.ElideRight, look().px(_LONGEST))
            marked = number == 0
            key = self.tr("Enter") if marked else str(number + 1)
            button = PushButton(short, self, key=key, kind="gold" if marked else "quiet", height=30)
            button.setObjectName(f"answer-{number + 1}")
            button.explain(answer, key)
            button.clicked.connect(partial(self._answer, number))
            self._row.insertWidget(number, button)
            self._buttons.append(button)
        self.other.set_content(self.tr("Something else…"), str(len(answers) + 1))

    def open_above(self, widget: QWidget) -> None:
        """The answers as a menu over `widget`: where there is no room for the row."""
        menu = QMenu(self.window())
        menu.setObjectName("answers-menu")
        menu.setAccessibleName(self.accessibleName())
        menu.aboutToHide.connect(menu.deleteLater)
        for number, button in enumerate(self._buttons):
            action = menu.addAction(f"&{number + 1}  {button.accessibleName()}")
            action.triggered.connect(partial(self._answer, number))
        other = menu.addAction(f"&{len(self._buttons) + 1}  {self.other.accessibleName()}")
        other.triggered.connect(self.other_asked)
        top = widget.mapToGlobal(QPoint(0, 0))
        menu.popup(QPoint(top.x(), max(0, top.y() - menu.sizeHint().height() - 4)))

    def _answer(self, number: int, _checked: bool = False) -> None:
        self.answered.emit(number)
