from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.session.changes import Changes
from app.session.reconstruction import (
    INVERSION,
    Closeness,
    can_hold_tighter,
    closeness,
    hold_tighter,
    inverted,
    reconstruction_psnr,
    strategy_of,
)
from app.session.session import Session
from app.theme.icons import paint_icon
from app.theme.theme import look
from app.widgets.basics.buttons import LinkButton
from app.widgets.basics.labels import Sentence
from app.widgets.basics.setting_rows import choice_text
from inference.request.registry import METHODS

_ICONS: dict[Closeness, tuple[str, str]] = {
    "very_close": ("check", "ok"),
    "close": ("check", "text2"),
    "loose": ("triangle-alert", "warn"),
}


class ReconstructionBadge(QWidget):
    """How close the original comes back where a method inverts it; hidden where none did."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("reconstruction")
        self._icon = _Icon(self)
        self.text = Sentence("", self, size=12)
        self.text.setObjectName("reconstruction-text")
        self.tighter = LinkButton(tr("Hold it tighter"), self, size=12)
        self.tighter.setObjectName("hold-tighter")
        self.tighter.clicked.connect(self._hold_tighter)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._icon)
        line.addWidget(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.tighter)
        session.changed.connect(self._on_changed)
        session.method_settings.changed.connect(self._on_set)
        self.refresh()

    def refresh(self) -> None:
        """Show what the results say."""
        session = self._session
        slot = inverted(session.results, session.view.looked_at)
        psnr = reconstruction_psnr(slot) if slot is not None else None
        self.setVisible(psnr is not None)
        if slot is None or psnr is None:
            return
        found = closeness(psnr)
        texts = {
            "very_close": tr("The original comes back very close, {0} dB"),
            "close": tr("The original comes back close, {0} dB"),
            "loose": tr("The original comes back loosely, {0} dB"),
        }
        self.text.set_text(texts[found].format(round(psnr)))
        self._icon.show_icon(*_ICONS[found])
        strategy = strategy_of(slot)
        info = METHODS[slot.request.method].setting(INVERSION)
        name = choice_text(info, strategy)
        self.setToolTip(tr("Way back to the picture: {0} ({1})").format(name, strategy))
        loose = found == "loose" and can_hold_tighter(slot, session.method_settings)
        self.tighter.setVisible(loose)

    def _hold_tighter(self) -> None:
        session = self._session
        slot = inverted(session.results, session.view.looked_at)
        if slot is not None:
            hold_tighter(slot, session.method_settings)
            session.messages.notice(tr("The next run holds the original tighter."))

    def _on_set(self, method: str) -> None:
        del method
        self.refresh()

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.RESULTS | Changes.LOOK | Changes.HEAD | Changes.JOB):
            self.refresh()


class _Icon(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._token = "check", "text2"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, token: str) -> None:
        """Another icon, in a colour of the theme."""
        self._name, self._token = name, token
        self.update()

    def sizeHint(self) -> QSize:
        """Small, beside a line of text."""
        return QSize(look().px(15), look().px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the icon."""
        del event
        color = getattr(look().tokens, self._token)
        paint_icon(QPainter(self), QRectF(self.rect()), self._name, color, look().px(14))
