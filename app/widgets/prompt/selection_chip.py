"""The selection as a chip in the prompt box."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, RADIUS_CONTROL, look
from app.widgets.basics.buttons import Button, ToolButton
from app.widgets.basics.painting import draw_text, rounded, text_width


class SelectionChip(Button):
    """The selection the job will act in: click for options, × clears."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt-selection")
        self._icon = "square-dashed"
        self._compact = False
        self._clear = ToolButton("x", "", "", self, size=28, icon_size=13)
        self._clear.explain_action(self.tr("Clear the selection"), "select_none")
        self._clear.clicked.connect(self.cleared)

    def set_content(self, text: str, icon_name: str) -> None:
        """Shows another selection."""
        self.setText(text)
        self._icon = icon_name
        self.explain(self.tr("Selection: {0}").format(text))
        self._relook()

    def set_compact(self, compact: bool) -> None:
        """The icon alone; its words are in the tooltip."""
        self._compact = compact
        self._relook()

    def sizeHint(self) -> QSize:
        """Icon, words and ×; long names are elided."""
        px = look().px
        if self._compact:
            return QSize(px(34) + px(28) + 2, px(34))
        words = min(text_width(self.text(), 12, MEDIUM), px(120))
        return QSize(round(words) + px(14 + 8 + 12) + px(28) + 4, px(46))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the × at the right edge."""
        super().resizeEvent(event)
        side = look().px(28)
        self._clear.setGeometry(
            self.width() - side - 2, round((self.height() - side) / 2), side, side
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints box, icon and words."""
        del event
        t, painter, rect, px = look().tokens, QPainter(self), QRectF(self.rect()), look().px
        fill = t.hover if self.underMouse() or not t.dark else t.raised
        rounded(painter, rect, RADIUS_CONTROL, fill, t.edge if t.high_contrast else None)
        paint_icon(painter, QRectF(px(10), 0, px(16), rect.height()), self._icon, t.text2, px(16))
        if self._compact:
            return
        words = QRectF(px(34), 0, rect.width() - px(34) - px(28) - 2, rect.height())
        draw_text(painter, words, self.text(), t.text, 12, MEDIUM)
