from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.theme.theme import look
from app.widgets.basics.buttons import ToolButton
from app.window.action_set import ActionSet
from app.window.actions import BY_ID

RAIL_TOOLS = (
    (("tool_pan",),),
    (
        ("tool_rectangle", "tool_ellipse"),
        ("tool_lasso",),
        ("tool_brush", "tool_eraser"),
        ("tool_similar",),
        ("tool_subject",),
    ),
)
"""Buttons of the rail in groups; tools in one bracket share a button."""


class _Entry:
    """A button of the rail, and the tools that it stands for.

    Attributes:
        button: in the rail.
        tools: ids of their actions.
        current: the one of them that was used last.
    """

    def __init__(self, names: tuple[str, ...], actions: ActionSet, parent: QWidget) -> None:
        """Args: `names` are ids of actions."""
        texts = tuple(actions[name].text() for name in names)
        self.button = ToolButton(BY_ID[names[0]].icon, texts[0], "", parent, checkable=True)
        self._actions = actions
        self.button.setObjectName(names[0])
        self.button.setAutoExclusive(True)
        if len(names) > 1:
            self.button.set_has_others()
        self.tools = names
        self._texts = dict(zip(names, texts, strict=True))
        self.show_tool(names[0])

    def show_tool(self, name: str) -> None:
        """Stand for this one of the tools."""
        self.current = name
        self.button.set_icon(BY_ID[name].icon)
        others = ", ".join(text for other, text in self._texts.items() if other != name)
        hint = tr("Hold for {0}").format(others) if others else ""
        key = self._actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.button.explain(self._texts[name], key, hint)


class ToolRail(QWidget):
    """Tools at the left."""

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
        self._entries: dict[str, _Entry] = {}
        self.buttons: dict[str, ToolButton] = {}
        """By the id of each tool; two tools that share a button have the same one."""
        for number, group in enumerate(RAIL_TOOLS):
            if number:
                column.addSpacing(9)
            for names in group:
                entry = _Entry(names, actions, self)
                entry.button.clicked.connect(lambda _=False, e=entry: self._chosen(e))
                entry.button.others_asked.connect(
                    lambda e=entry: self._open_menu(e.button, e.tools)
                )
                for name in names:
                    actions[name].toggled.connect(
                        lambda on, n=name: self._show_tool(n) if on else None
                    )
                    self._entries[name] = entry
                    self.buttons[name] = entry.button
                column.addWidget(entry.button)
        column.addStretch(1)
        actions.shortcuts.changed.connect(self._show_keys)

    def _show_keys(self) -> None:
        for entry in self._entries.values():
            entry.show_tool(entry.current)

    def _show_tool(self, name: str) -> None:
        self._current = name
        entry = self._entries[name]
        entry.show_tool(name)
        entry.button.setChecked(True)
        self._fold()

    def shown(self, name: str) -> str:
        """Id of the tool that the button of a tool stands for now."""
        return self._entries[name].current

    def set_folded(self, folded: bool) -> None:
        """Only the active tool; a click on it opens the others."""
        if folded != self._folded:
            self._folded = folded
            self._fold()

    def _fold(self) -> None:
        current = self.buttons.get(self._current)
        for button in self.buttons.values():
            button.setVisible(not self._folded or button is current)
        self.update()

    def _chosen(self, entry: _Entry) -> None:
        if self._folded:
            self._open_menu(entry.button, tuple(self.buttons))
        elif entry.current != self._current:
            self._actions[entry.current].trigger()

    def _open_menu(self, button: ToolButton, names: tuple[str, ...]) -> None:
        menu = QMenu(self)
        menu.setObjectName("tools-folded" if self._folded else "tools-paired")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self._actions[n] for n in names])
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
