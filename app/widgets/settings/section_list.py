"""The sections of the settings at the left of their room, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, RADIUS_CONTROL, SEMIBOLD, look
from app.widgets.basics.buttons import Button
from app.widgets.basics.painting import draw_key_cap, draw_text, key_cap_width, rounded, text_width

WIDTH: Final = 216
_ICON: Final = 16
_PADDING: Final = 12


@dataclass(frozen=True)
class Section:
    """A section: id, title, icon."""

    id: str
    title: str
    icon: str


class SectionButton(Button):
    """Icon and words of a section, or the way back with its key."""

    def __init__(self, section: Section, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._section, self._key = section, key
        self._compact = False
        self.setObjectName(f"section-{section.id}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_title(section.title)

    def set_title(self, title: str, name: str = "") -> None:
        """Other words; `name` stands for {0} in them, and alone is shortened where room lacks."""
        self._words, self._name = title, name
        self.setText(title.format(name))
        self.explain(self.text(), self._key)
        self.updateGeometry()

    def set_compact(self, compact: bool) -> None:
        """Only the icon, unless it is the chosen one."""
        self._compact = compact
        self.updateGeometry()
        self.update()

    @property
    def _is_icon(self) -> bool:
        return self._compact and not self.isChecked()

    def sizeHint(self) -> QSize:
        """Icon, words, key."""
        px = look().px
        if self._is_icon:
            return QSize(px(_ICON) + 2 * px(_PADDING), px(36))
        width = text_width(self.text(), 13, SEMIBOLD) + px(_ICON) + 2 * px(_PADDING) + px(10)
        width += key_cap_width(self._key) + px(10) if self._key else 0
        line = QFontMetricsF(look().font(13, SEMIBOLD)).height()
        return QSize(round(width), max(px(36), round(line) + 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the row; the chosen one is raised."""
        del event
        t, painter, rect, px = look().tokens, QPainter(self), QRectF(self.rect()), look().px
        on, hot = self.isChecked(), self.underMouse() or self.isDown()
        if on:
            edge = t.edge if t.high_contrast else None
            rounded(painter, rect, RADIUS_CONTROL, t.hover if t.dark else t.raised, edge)
        elif hot:
            rounded(painter, rect, RADIUS_CONTROL, t.raised if t.dark else t.hover)
        ink = t.text if on or hot else t.text2
        side = px(_ICON)
        box = QRectF(px(_PADDING), rect.top(), side, rect.height())
        paint_icon(painter, box, self._section.icon, ink, side)
        if self._is_icon:
            return
        left = box.right() + px(10)
        right = rect.right() - px(_PADDING)
        if self._key:
            right -= key_cap_width(self._key)
            draw_key_cap(painter, right, rect.center().y(), self._key, t.text2, t.edge)
            right -= px(8)
        weight = SEMIBOLD if on else MEDIUM
        metrics = QFontMetricsF(look().font(13, weight))
        room = right - left - metrics.horizontalAdvance(self._words.format(""))
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, max(room, 0))
        words = self._words.format(name)
        area = QRectF(left, rect.top(), right - left, rect.height())
        draw_text(painter, area, words, ink, 13, weight)


class SectionList(QWidget):
    """Sections below each other, or as a row of tabs in narrow windows.

    Signals:
        chosen(str): id of a section.
        left(): back to where one came from.
    """

    chosen = Signal(str)
    left = Signal()

    def __init__(self, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings-sections")
        self.setAccessibleName(self.tr("Sections of the settings"))
        self.back = SectionButton(
            Section("back", self.tr("Back"), "chevron-left"), self.tr("Esc"), self
        )
        self.back.clicked.connect(self.left)
        self.buttons: dict[str, SectionButton] = {}
        self._line = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._line.addWidget(self.back)
        for section in sections:
            button = SectionButton(section, parent=self)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.clicked.connect(partial(self._choose, section.id))
            self.buttons[section.id] = button
            self._line.addWidget(button)
        self._line.addStretch(1)
        self.set_tabs(False)
        look().changed.connect(self._resize)

    @property
    def current(self) -> str:
        """Id of the chosen section."""
        return next((name for name, b in self.buttons.items() if b.isChecked()), "")

    def set_current(self, section: str) -> None:
        """Choose a section without telling anybody; as a tab it alone shows its words."""
        self.buttons[section].setChecked(True)
        for button in self.buttons.values():
            button.updateGeometry()

    def set_tabs(self, tabs: bool) -> None:
        """A row of tabs instead of a column."""
        self._tabs = tabs
        directions = QBoxLayout.Direction
        self._line.setDirection(directions.LeftToRight if tabs else directions.TopToBottom)
        self._line.setContentsMargins(12, 8 if tabs else 20, 12, 8)
        self._line.setSpacing(2 if tabs else 4)
        for button in (self.back, *self.buttons.values()):
            policy = QSizePolicy.Policy.Fixed if tabs else QSizePolicy.Policy.Expanding
            button.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
            button.set_compact(tabs)
        self._resize()

    def _resize(self) -> None:
        if self._tabs:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16777215)
        else:
            widest = max((b.sizeHint().width() for b in self.buttons.values()), default=0)
            self.setFixedWidth(max(look().px(WIDTH), widest + 24))

    def _choose(self, section: str) -> None:
        self.set_current(section)
        self.chosen.emit(section)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the section before and after."""
        keys = Qt.Key
        steps = {keys.Key_Up: -1, keys.Key_Left: -1, keys.Key_Down: 1, keys.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        names = list(self.buttons)
        now = names.index(self.current) if self.current in names else 0
        wanted = names[(now + step) % len(names)]
        self.buttons[wanted].setFocus(Qt.FocusReason.TabFocusReason)
        self.buttons[wanted].click()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints ground and edge."""
        del event
        t, painter = look().tokens, QPainter(self)
        painter.fillRect(self.rect(), t.window)
        if self._tabs:
            painter.fillRect(0, self.height() - 1, self.width(), 1, t.line)
        else:
            painter.fillRect(self.width() - 1, 0, 1, self.height(), t.line)
