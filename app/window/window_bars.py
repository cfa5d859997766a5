from __future__ import annotations

import itertools

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QMenuBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.panels.wording import tr
from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, ROW_PADDING, SEMIBOLD, look
from app.widgets.basics.buttons import Button, ToolButton
from app.widgets.basics.labels import QuietLabel, below
from app.widgets.basics.painting import draw_key_cap, draw_text, key_cap_width, rounded

RAIL_TOOLS = (
    ("tool_pan",),
    ("tool_rectangle", "tool_ellipse", "tool_lasso", "tool_brush", "tool_eraser"),
)


class Bar(QWidget):
    """A strip of the window's grey with a line on one side."""

    def __init__(self, name: str, height: int, line: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._height, self._line = height, line
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Its height grows with the text."""
        return QSize(200, look().px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints ground and line."""
        del event
        t, painter = look().tokens, QPainter(self)
        painter.fillRect(self.rect(), t.window)
        y = 0 if self._line == "top" else self.height() - 1
        painter.fillRect(0, y, self.width(), 1, t.line)


class CommandField(Button):
    """Looks like a field, opens the command palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find-command")
        self.compact = False
        self.explain(tr("Find a command"), "Ctrl+K")

    def sizeHint(self) -> QSize:
        """190 × 28, or a square in narrow windows."""
        px = look().px
        return QSize(px(28), px(28)) if self.compact else QSize(px(190), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints glass, words and key."""
        del event
        t, painter, px = look().tokens, QPainter(self), look().px
        rect = QRectF(self.rect())
        fill = t.hover if self.underMouse() else t.field
        rounded(painter, rect, 7, fill, t.line if t.dark else t.edge)
        side = px(15)
        if self.compact:
            paint_icon(painter, rect, "search", t.text2, side)
            return
        paint_icon(painter, QRectF(px(9), 0, side, rect.height()), "search", t.text2, side)
        width = key_cap_width("Ctrl K")
        area = QRectF(px(30), 0, rect.width() - px(36) - width, rect.height())
        draw_text(painter, area, tr("Find a command"), t.text2, 12)
        cap = rect.right() - width - px(5)
        draw_key_cap(painter, cap, rect.center().y(), "Ctrl K", t.text3, t.line)


class TopBar(Bar):
    """Menus, title and "saved", command field, undo and redo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("top-bar", 40, "bottom", parent)
        self.menus = QMenuBar(self)
        self.menus.setObjectName("menus")
        self.menus.setNativeMenuBar(False)
        self.title = QuietLabel("", self, size=13, weight=SEMIBOLD, token="text")
        self.saved = QuietLabel("", self, size=12)
        self.find_field = CommandField(self)
        self.undo = ToolButton("undo-2", tr("Undo"), "Ctrl+Z", self, size=34, icon_size=17)
        self.redo = ToolButton("redo-2", tr("Redo"), "Ctrl+Shift+Z", self, size=34, icon_size=17)
        self.undo.setObjectName("undo")
        self.redo.setObjectName("redo")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 1)
        row.setSpacing(4)
        self.burger = ToolButton("menu", tr("Menus"), "", self, size=34, icon_size=18)
        self.burger.setObjectName("burger")
        self.burger.clicked.connect(self._open_menus)
        self.burger.hide()
        row.addWidget(self.burger)
        row.addWidget(self.menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        row.addWidget(self.find_field)
        row.addSpacing(6)
        row.addWidget(self.undo)
        row.addWidget(self.redo)

    def set_folded(self, folded: bool) -> None:
        """All menus under one button, in narrow windows."""
        self.menus.setVisible(not folded)
        self.burger.setVisible(folded)
        self._place()

    def set_compact(self, compact: bool) -> None:
        """The command field as an icon."""
        self.find_field.compact = compact
        self.find_field.updateGeometry()

    def _open_menus(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("menus-folded")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.menus.actions())
        menu.popup(below(self.burger))

    def set_title(self, title: str, saved: str) -> None:
        """The document's name, and when it was last written."""
        self.title.set_text(title)
        self.saved.set_text(saved)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the title in the middle of the window."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        first = self.menus if self.burger.isHidden() else self.burger
        left = first.x() + first.sizeHint().width() + 16
        right = self.find_field.x() - 16
        title, saved = self.title.sizeHint().width(), self.saved.sizeHint().width()
        room = right - left
        self.saved.setVisible(bool(self.saved.text) and title + 8 + saved <= room)
        whole = title + (8 + saved if not self.saved.isHidden() else 0)
        self.title.setVisible(room > look().px(40))
        title = min(title, max(room, 0))
        x = min(max((self.width() - whole) // 2, left), max(right - whole, left))
        height = self.title.sizeHint().height()
        y = (self.height() - height) // 2
        self.title.setGeometry(x, y, title, height)
        self.saved.setGeometry(x + title + 8, y, saved, height)


class ToolRail(QWidget):
    """Tools at the left, theme and keys at the foot."""

    tool_chosen = Signal(str)
    theme_asked = Signal()
    keys_asked = Signal()

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tools")
        self.setAccessibleName(tr("Tools"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 6, 8)
        column.setSpacing(4)
        from app.window.actions import BY_ID

        self._actions = actions
        self._folded, self._current = False, "tool_pan"
        self.buttons: dict[str, ToolButton] = {}
        for number, group in enumerate(RAIL_TOOLS):
            if number:
                column.addSpacing(9)
            for name in group:
                info = BY_ID[name]
                button = ToolButton(
                    info.icon, actions[name].text(), info.keys[0], self, checkable=True
                )
                button.setObjectName(name)
                button.setAutoExclusive(True)
                button.clicked.connect(lambda _=False, n=name: self._chosen(n))
                self.buttons[name] = button
                column.addWidget(button)
        column.addStretch(1)
        self.theme = ToolButton("contrast", tr("Theme"), "", self)
        self.theme.setObjectName("theme")
        self.keys = ToolButton("keyboard", tr("Keys"), "F1", self)
        self.keys.setObjectName("keys")
        column.addWidget(self.theme)
        column.addWidget(self.keys)
        self.theme.clicked.connect(self.theme_asked)
        self.keys.clicked.connect(self.keys_asked)

    def set_tool(self, name: str) -> None:
        """Show which tool is in hand."""
        if name in self.buttons:
            self._current = name
            self.buttons[name].setChecked(True)
            self._fold()

    def set_folded(self, folded: bool) -> None:
        """Only the tool in hand; a click on it opens the others."""
        if folded != self._folded:
            self._folded = folded
            self._fold()

    def _fold(self) -> None:
        for name, button in self.buttons.items():
            button.setVisible(not self._folded or name == self._current)
        self.update()

    def _chosen(self, name: str) -> None:
        if not self._folded:
            self._actions[name].trigger()
            return
        menu = QMenu(self)
        menu.setObjectName("tools-folded")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self._actions[n] for n in self.buttons])
        button = self.buttons[name]
        menu.popup(button.mapToGlobal(QPoint(button.width() + 4, 0)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints ground, edge and the line between groups."""
        del event
        t, painter = look().tokens, QPainter(self)
        painter.fillRect(self.rect(), t.window)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), t.line)
        if self._folded:
            return
        first = self.buttons["tool_rectangle"].geometry()
        painter.fillRect(first.x() + 8, first.y() - 7, first.width() - 16, 1, t.line)


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
