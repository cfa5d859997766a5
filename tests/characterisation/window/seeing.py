"""What a person sees in the window, as data: words, buttons, rows, menus; no class of the program.

Only Qt is asked: object names, accessible names, models. So the words stay the same where classes
and modules get other names.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QMimeData, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from tests.characterisation.window.normal import Names, without_figures

REGIONS = (
    "top-bar", "tools", "options", "prompt-dock", "results-panel", "history-panel", "status",
    "command-palette", "map-panel", "drop-frame", "not-kept", "message",
)  # fmt: skip


def visible(widget: QWidget, window: QWidget) -> bool:
    """Whether it is on the screen. Fonts decide for which chips there is room."""
    parent = widget.parentWidget()
    if widget.objectName().startswith("chip-") and parent is not None:
        return parent.isVisibleTo(window)
    return widget.isVisibleTo(window)


def region_of(widget: QWidget, window: QWidget) -> str:
    """The named part of the window a widget stands in; a page by its own name."""
    step: QWidget | None = widget
    while step is not None and step is not window:
        name, parent = step.objectName(), step.parentWidget()
        if name in REGIONS:
            return name
        if parent is not None and parent.objectName() == "side" and name not in ("side-column", ""):
            return f"page {name}"
        step = parent
    return "elsewhere"


def rows_of(model: QAbstractItemModel) -> list[str]:
    """What a screen reader says of each row."""
    role = Qt.ItemDataRole
    found = []
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        spoken = index.data(role.AccessibleTextRole) or index.data(role.DisplayRole) or ""
        found.append(without_figures(str(spoken)))
    return found


def rows_with_hints(model: QAbstractItemModel) -> list[str]:
    """The same with the tooltip of each row, where that says more."""
    found = []
    for row, spoken in enumerate(rows_of(model)):
        hint = str(model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) or "")
        more = [line for line in hint.split("\n") if line and line not in spoken]
        found.append(" | ".join([spoken, *more]))
    return found


def words_of(widget: QWidget) -> str:
    """One line about a widget, "" for one that says nothing."""
    name = widget.accessibleName()
    if isinstance(widget, QMenuBar | QScrollBar | QAbstractItemView):
        return ""
    if isinstance(widget, QLineEdit):
        return f"field {name}: “{widget.text()}”"
    if isinstance(widget, QPlainTextEdit):
        empty = "" if widget.toPlainText() else f" ({widget.placeholderText()})"
        return f"field {name}: “{widget.toPlainText()}”{empty}"
    if isinstance(widget, QComboBox):
        choices = [widget.itemText(n) for n in range(widget.count())]
        return f"choice {name}: {widget.currentText()} of {', '.join(choices)}"
    if isinstance(widget, QTabBar):
        texts = [widget.tabText(n) for n in range(widget.count())]
        texts[widget.currentIndex()] += " (here)"
        return f"tabs: {', '.join(texts)}"
    if isinstance(widget, QAbstractSlider):
        return f"slider {name}: {widget.value()}" + ("" if widget.isEnabled() else " (off)")
    if isinstance(widget, QAbstractButton):
        return _button(widget, name or widget.text())
    return name


def _button(button: QAbstractButton, name: str) -> str:
    marks = []
    if button.isCheckable():
        marks.append("down" if button.isChecked() else "up")
    if not button.isEnabled():
        marks.append(f"off: {button.accessibleDescription()}".rstrip(": "))
    elif button.objectName().startswith("chip-"):
        marks.append(button.accessibleDescription())
    return f"button {name}" + (f" ({'; '.join(marks)})" if marks else "")


def regions(window: QWidget, names: Names, *, coarse: bool) -> dict[str, list[str]]:
    """The words of each part of the window, sorted, and the rows of each list in their order."""
    found: dict[str, list[str]] = {}
    for widget in window.findChildren(QWidget):
        if not visible(widget, window):
            continue
        if isinstance(widget, QAbstractItemView):
            model = widget.model()
            if model is not None and not isinstance(widget.parentWidget(), QComboBox):
                found[f"list {widget.objectName()}"] = _list(widget, model, names, coarse)
            continue
        line = words_of(widget)
        if line:
            where = region_of(widget, window)
            line = names.zoom(line) if widget.objectName() == "status-zoom" else line
            found.setdefault(where, []).append(names.text(line))
    for where, lines in found.items():
        if not where.startswith("list "):
            lines.sort()
    return found


def _list(
    view: QAbstractItemView, model: QAbstractItemModel, names: Names, coarse: bool
) -> list[str]:
    named = view.objectName()
    lines = rows_with_hints(model) if named == "history" else rows_of(model)
    if named in ("candidates", "sheets") and coarse:
        return [line.partition(".")[0] for line in lines]
    current = view.currentIndex().row()
    if view.hasFocus() and 0 <= current < len(lines):
        lines[current] += " (focus)"
    return [names.text(line) for line in lines]


def actions(window: QWidget) -> dict[str, str]:
    """Which actions cannot be done now, which are ticked, and what undo and redo would do."""
    found = [a for a in window.actions() if a.objectName().startswith("action-")]
    known = {a.objectName().removeprefix("action-"): a for a in found}
    off = [name for name, a in known.items() if not a.isEnabled()]
    on = [name for name, a in known.items() if a.isChecked()]
    return {
        "off": ", ".join(sorted(off)),
        "ticked": ", ".join(sorted(on)),
        "undo": known["undo"].text(),
        "redo": known["redo"].text(),
    }


def menus(names: Names) -> list[str]:
    """Each menu that is open, with its rows."""
    found = []
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QMenu) and widget.isVisible():
            rows = [_row(action) for action in widget.actions()]
            found.append(f"{widget.objectName()}: {names.text(' / '.join(rows))}")
    return sorted(found)


def _row(action: QAction) -> str:
    if action.isSeparator():
        return "—"
    mark = " (on)" if action.isCheckable() and action.isChecked() else ""
    return action.text() + mark + ("" if action.isEnabled() else " (off)")


def focus() -> str:
    """Where the keys go: the name of the widget, or what it is called."""
    widget = QApplication.focusWidget()
    if widget is None:
        return ""
    return widget.objectName() or widget.accessibleName() or "unnamed"


def clipboard(names: Names) -> str:
    """What the clipboard holds."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if not data:
        return ""
    if data.hasImage():
        image = QGuiApplication.clipboard().image()
        return f"a picture, {image.width()} by {image.height()}"
    return names.text(data.text()) if data.hasText() else ""


def look_at(
    window: QWidget, facts: dict[str, Any], names: Names, *, coarse: bool
) -> dict[str, Any]:
    """Everything recorded after a step."""
    if not window.isVisible():
        return {"window": "closed"}
    made = names.facts(facts)
    made["focus"] = focus()
    if coarse:
        made["looked_at"] = "one of them" if made["looked_at"] else ""
        made["results"] = len(made["results"])
    seen: dict[str, Any] = {f"probe {name}": value for name, value in made.items()}
    seen |= {f"actions {name}": value for name, value in actions(window).items()}
    seen["title"] = names.text(window.windowTitle())
    seen["menus"] = menus(names)
    seen["clipboard"] = clipboard(names)
    seen |= regions(window, names, coarse=coarse)
    return seen
