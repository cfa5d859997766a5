"""A step beside an icon: how an empty panel explains itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import RADIUS_CONTROL, SEMIBOLD, look
from app.widgets.basics.labels import Sentence
from app.widgets.basics.painting import rounded


class IconPlate(QWidget):
    """An icon on a small raised plate, beside an explanation."""

    def __init__(self, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon_name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """A 36 px square."""
        return QSize(look().px(36), look().px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints plate and icon."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        border = t.edge if t.high_contrast else t.line
        rounded(painter, rect, RADIUS_CONTROL, t.raised, border)
        paint_icon(painter, rect, self._icon, t.text2, look().px(18))


class GuideStep(QWidget):
    """One step of "Nothing tried yet": plate, heading, sentence."""

    def __init__(self, icon_name: str, title: str, text: str, parent: QWidget | None = None):
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(14)
        line.addWidget(IconPlate(icon_name, self), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Sentence(title, self, weight=SEMIBOLD, token="text"))
        words.addWidget(Sentence(text, self))
        line.addLayout(words, 1)
