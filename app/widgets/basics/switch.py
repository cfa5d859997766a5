"""A switch for one setting."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.theme.theme import RADIUS_CONTROL, look
from app.widgets.basics.buttons import Button
from app.widgets.basics.painting import rounded, set_focus_radius


class Switch(Button):
    """On or off, with its words beside it by the caller."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.explain(name)
        set_focus_radius(self, RADIUS_CONTROL)

    def sizeHint(self) -> QSize:
        """The track, and a target of at least 28."""
        return QSize(look().px(32), look().px(28))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaints for hover."""
        super().enterEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Repaints when enabled or disabled."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints track and knob; on and off differ in place and fill, not in colour alone."""
        del event
        t, painter = look().tokens, QPainter(self)
        height = look().px(18)
        track = QRectF(0, (self.height() - height) / 2, look().px(32), height)
        on = self.isChecked()
        ink = t.text if self.isEnabled() else t.text3
        dashed = not self.isEnabled() and t.high_contrast
        edge = t.text3 if dashed else None if on else t.edge
        fill = t.field if dashed or not on else ink
        rounded(painter, track, height / 2, fill, edge, dashed=dashed)
        knob = height - 6
        left = track.right() - knob - 3 if on else track.left() + 3
        fill = t.text3 if dashed else t.raised if on else t.edge
        rounded(painter, QRectF(left, track.top() + 3, knob, knob), knob / 2, fill)
