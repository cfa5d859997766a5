"""The segmented switch that says how the picture is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, RADIUS_CONTROL, SEMIBOLD, look
from app.widgets.basics.buttons import Button
from app.widgets.basics.painting import blend, disabled_box, draw_text, rounded, text_width


@dataclass(frozen=True)
class Segment:
    """One way to look: id, words, icon for narrow windows, and the key that chooses it.

    The key is that of `action` where there is one, else `key`, which nobody changes.
    """

    id: str
    text: str
    icon: str
    key: str = ""
    action: str = ""


class SegmentButton(Button):
    """One segment; part of an exclusive group, so arrows move and Tab leaves."""

    def __init__(self, segment: Segment, parent: QWidget, prefix: str) -> None:
        super().__init__(parent)
        self.segment = segment
        self.compact = False
        self.setCheckable(True)
        self.setText(segment.text)
        self.setObjectName(f"{prefix}-{segment.id}")
        if segment.action:
            self.explain_action(segment.text, segment.action)
        else:
            self.explain(segment.text, segment.key)

    def sizeHint(self) -> QSize:
        """Words, or the icon; room for the semibold of the chosen one, so nothing shifts."""
        if self.compact:
            return QSize(look().px(32), look().px(26))
        width = text_width(self.segment.text, 12, SEMIBOLD) + 2 * look().px(10)
        return QSize(round(width), look().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the segment; the chosen one is raised, brighter and bolder."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        on, hot = self.isChecked(), self.underMouse() and self.isEnabled()
        ink = t.text if on or hot else t.text2
        if not self.isEnabled():
            ink = t.text3
            disabled_box(painter, rect, RADIUS_CONTROL - 2)
        if on:
            fill = t.hover if t.dark else t.raised
            border = blend(t.hover, t.edge, 1.0 if t.high_contrast else 0.45) if t.dark else t.line
            rounded(painter, rect, RADIUS_CONTROL - 2, fill, border)
        elif hot:
            rounded(painter, rect, RADIUS_CONTROL - 2, t.raised if t.dark else t.line)
        if self.compact:
            paint_icon(painter, rect, self.segment.icon, ink, look().px(16))
        else:
            weight = SEMIBOLD if on else MEDIUM
            align = Qt.AlignmentFlag.AlignHCenter
            draw_text(painter, rect, self.segment.text, ink, 12, weight, align)


class ViewSwitch(QWidget):
    """A row of segments of which one is chosen.

    Signals:
        chosen(str): id of the segment the artist chose.
    """

    chosen = Signal(str)

    def __init__(
        self,
        segments: Sequence[Segment],
        name: str = "",
        parent: QWidget | None = None,
        *,
        prefix: str = "view",
    ) -> None:
        """Args: `prefix` begins the object names of switch and segments."""
        super().__init__(parent)
        self.setObjectName(f"{prefix}-switch")
        self.setAccessibleName(name or self.tr("View"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(1)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, SegmentButton] = {}
        for segment in segments:
            button = SegmentButton(segment, self, prefix)
            self._group.addButton(button)
            self._buttons[segment.id] = button
            row.addWidget(button)
            button.clicked.connect(lambda _=False, s=segment.id: self.chosen.emit(s))
        if segments:
            self._buttons[segments[0].id].setChecked(True)
        look().changed.connect(self.update)

    @property
    def current(self) -> str:
        """Id of the chosen segment."""
        return next((i for i, b in self._buttons.items() if b.isChecked()), "")

    def text_of(self, segment_id: str) -> str:
        """The words of a segment."""
        return self._buttons[segment_id].segment.text

    def set_current(self, segment_id: str) -> None:
        """Chooses a segment without telling anybody."""
        self._buttons[segment_id].setChecked(True)

    def offer(self, segment_id: str, on: bool) -> None:
        """Shows a segment or leaves it out."""
        self._buttons[segment_id].setVisible(on)

    def set_wide(self) -> None:
        """The segments share the whole width of the place."""
        expanding = QSizePolicy.Policy.Expanding
        for widget in (self, *self._buttons.values()):
            widget.setSizePolicy(expanding, QSizePolicy.Policy.Fixed)

    def set_compact(self, compact: bool) -> None:
        """Shows icons instead of words."""
        for button in self._buttons.values():
            button.compact = compact
            button.updateGeometry()
            button.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the frame around the segments."""
        del event
        t = look().tokens
        fill = t.window if t.dark else t.hover
        border = t.edge if t.high_contrast else t.line
        rounded(QPainter(self), QRectF(self.rect()), RADIUS_CONTROL, fill, border)
