from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.i18n.texts import tr
from app.theme.theme import RADIUS_PANEL, SEMIBOLD, look
from app.widgets.basics.painting import draw_text, rounded, text_width

WIDTH = 2
"""Of the ring, in logical pixels."""


class DropRing(QWidget):
    """Lies over the whole window while something is dragged over it that can be opened."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("drop-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Drop to open"))
        self.hide()
        window.installEventFilter(self)

    def set_shown(self, shown: bool) -> None:
        """Show it over everything else, or take it away."""
        window = self.parentWidget()
        if shown and window is not None:
            self.setGeometry(window.rect())
            self.raise_()
        self.setVisible(shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the window."""
        window = self.parentWidget()
        if event.type() == QEvent.Type.Resize and watched is window and window is not None:
            self.setGeometry(window.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the ring, and what will happen in the middle."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        rounded(painter, rect, RADIUS_PANEL, None, t.ring, WIDTH)
        words, px = tr("Drop to open"), look().px
        plate = QRectF(0, 0, text_width(words, 15, SEMIBOLD) + px(40), px(44))
        plate.moveCenter(rect.center())
        rounded(painter, plate, RADIUS_PANEL, t.raised, t.edge)
        draw_text(painter, plate, words, t.text, 15, SEMIBOLD, Qt.AlignmentFlag.AlignHCenter)
