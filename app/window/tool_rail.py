from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.theme.theme import look
from app.widgets.basics.buttons import ToolButton
from app.window.action_set import ActionSet
from app.window.actions import BY_ID

RAIL_TOOLS = (
    ("tool_pan",),
    ("tool_rectangle", "tool_ellipse", "tool_lasso", "tool_brush", "tool_eraser"),
)


class ToolRail(QWidget):
    """Tools at the left, theme and keys at the foot.

    Signals:
        theme_asked(): the next theme.
        keys_asked(): the page with all shortcuts.
    """

    theme_asked = Signal()
    keys_asked = Signal()

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tools")
        self.setAccessibleName(tr("Tools"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 6, 8)
        column.setSpacing(4)
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
                actions[name].toggled.connect(lambda on, n=name: self._show_tool(n) if on else None)
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

    def _show_tool(self, name: str) -> None:
        self._current = name
        self.buttons[name].setChecked(True)
        self._fold()

    def set_folded(self, folded: bool) -> None:
        """Only the active tool; a click on it opens the others."""
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
