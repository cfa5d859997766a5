from __future__ import annotations

import itertools

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QWidget,
)

from app.panels.wording import tr
from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, ROW_PADDING, look
from app.widgets.basics.labels import QuietLabel
from app.window.bar import Bar


class StatusLine(Bar):
    """Foot of the window: offline, device, models; size, depth and profile, zoom."""

    zoom_asked = Signal()
    models_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("status", 29, "top", parent)
        self.offline = QuietLabel("", self)
        self.offline.setObjectName("status-offline")
        self.device = QuietLabel("", self)
        self.device.setObjectName("status-device")
        self.models = QuietLabel("", self)
        self.models.setObjectName("status-models")
        self.models.set_clickable(tr("Show the models"))
        self.size_label = QuietLabel("", self)
        self.size_label.setObjectName("status-size")
        self.depth_label = QuietLabel("", self)
        self.depth_label.setObjectName("status-depth")
        self.zoom = QuietLabel("", self, weight=MEDIUM, token="text")
        self.zoom.setObjectName("status-zoom")
        self.zoom.set_clickable(tr("Zoom"))
        row = QHBoxLayout(self)
        row.setContentsMargins(look().px(32), 1, ROW_PADDING, 0)
        row.setSpacing(20)
        for widget in (self.offline, self.device, self.models):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.size_label, self.depth_label, self.zoom):
            row.addWidget(widget)
        self.zoom.clicked.connect(self.zoom_asked)
        self.models.clicked.connect(self.models_asked)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the strip, the shield and thin lines between the facts."""
        super().paintEvent(event)
        t, painter, px = look().tokens, QPainter(self), look().px
        box = QRectF(px(12), 1, px(15), self.height() - 1)
        paint_icon(painter, box, "shield-check", t.ok, px(15))
        shown = [
            self.offline,
            self.device,
            self.models,
            self.size_label,
            self.depth_label,
            self.zoom,
        ]
        shown = [w for w in shown if not w.isHidden() and w.text]
        for before, after in itertools.pairwise(shown):
            if before is self.models or after is self.size_label:
                continue
            x = (before.geometry().right() + after.x()) // 2
            painter.fillRect(x, self.height() // 2 - 6, 1, 13, t.line)
