from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QSlider,
)

from app.i18n.texts import tr
from app.panels.pages.page import Page
from app.widgets.basics.buttons import PushButton, Switch
from app.widgets.basics.labels import QuietLabel, Sentence


class ExportPage(Page):
    """Format and what goes into the file; the system's chooser asks where."""

    def __init__(self, formats: tuple[str, ...], current: str, done: Callable[..., None]) -> None:
        super().__init__()
        self.rows.addWidget(
            Sentence(tr("Writes the picture you see at full size, depth and profile."), self)
        )
        self.format = QComboBox(self)
        self.format.setObjectName("export-format")
        self.format.setAccessibleName(tr("Format"))
        for name in formats:
            self.format.addItem(name.upper(), name)
        self.format.setCurrentIndex(max(0, self.format.findData(current)))
        self.quality = QSlider(Qt.Orientation.Horizontal, self)
        self.quality.setObjectName("export-quality")
        self.quality.setAccessibleName(tr("Quality"))
        self.quality.setRange(50, 100)
        self.quality.setValue(95)
        self.quality_label = QuietLabel(tr("Quality 95"), self, size=13)
        self.quality.valueChanged.connect(
            lambda v: self.quality_label.set_text(tr("Quality {0}").format(v))
        )
        self.strip = Switch(tr("Leave out camera and place data"), self)
        self.strip.setObjectName("export-strip")
        self.note = Sentence("", self)
        self.go = PushButton(tr("Export"), self, kind="gold")
        self.go.setObjectName("page-save")
        for widget in (
            self.format, self.quality_label, self.quality, self.strip, self.note, self.go,
        ):  # fmt: skip
            self.rows.addWidget(widget)
        self.rows.addStretch(1)
        self.go.clicked.connect(
            lambda: done(self.format.currentData(), self.quality.value(), self.strip.isChecked())
        )
        self.format.currentIndexChanged.connect(lambda _: self._shown())
        self._shown()
        self.setFocusProxy(self.format)

    def _shown(self) -> None:
        lossy = self.format.currentData() in ("jpeg", "webp")
        self.quality.setVisible(lossy)
        self.quality_label.setVisible(lossy)
