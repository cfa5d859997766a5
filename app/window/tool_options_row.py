from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget, QWidgetAction

from app.canvas.tool_options import (
    BRUSH_SIZES,
    MOST_FEATHER,
    Combine,
    ToolOptions,
    log_position,
    log_value,
)
from app.canvas.tools import PAINTERS, SELECTORS, CanvasTools
from app.i18n.texts import tr
from app.theme.theme import MEDIUM
from app.widgets.basics.buttons import ToolButton
from app.widgets.basics.labels import WHOLE, QuietLabel
from app.widgets.basics.option_slider import STEPS, OptionSlider, SliderScale
from app.widgets.basics.segments import Segment, ViewSwitch
from app.widgets.basics.subject_buttons import SubjectButtons
from app.widgets.basics.switch import Switch

SPACING: Final = 12
"""Logical pixels between two options."""

_SIZES: Final = SliderScale(
    STEPS,
    lambda place: log_value(place / STEPS, *BRUSH_SIZES),
    lambda value: round(log_position(value, *BRUSH_SIZES) * STEPS),
)
_FEATHERS: Final = SliderScale(
    STEPS // 2,
    lambda place: float(round(MOST_FEATHER * (place / (STEPS // 2)) ** 2)),
    lambda value: round((value / MOST_FEATHER) ** 0.5 * (STEPS // 2)),
)
"""Narrow edges are set more finely than wide ones."""


def modes() -> tuple[Segment, ...]:
    """How what is drawn combines with the selection."""
    return (
        Segment("replace", tr("New"), "square"),
        Segment("add", tr("Add"), "squares-unite", "Shift"),
        Segment("subtract", tr("Subtract"), "squares-subtract", "Alt"),
        Segment("intersect", tr("Intersect"), "squares-intersect", "Shift+Alt"),
    )


class ToolOptionsRow(QWidget):
    """What can be set for the active tool, in one order: mode, the tool's own, feather.

    What does not fit is behind ⋯ at the end.
    """

    def __init__(self, tools: CanvasTools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self.setObjectName("tool-options")
        self.setAccessibleName(tr("Options of the tool"))
        self.mode = ViewSwitch(
            modes(), tr("How it combines with the selection"), self, prefix="mode"
        )
        self.mode.set_compact(True)
        self.mode_name = QuietLabel("", self, size=13, weight=MEDIUM, token="text", least=WHOLE)
        self.more = ToolButton("ellipsis", tr("More options"), "", self, size=30, icon_size=17)
        self.more.setObjectName("tool-options-more")
        self._options: dict[str, QWidget] = {
            name: self._make(name, self)
            for name in ("subject", "size", "hardness", "tolerance", "only_touching", "feather")
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        for widget in (self.mode, self.mode_name, *self._options.values(), self.more):
            row.addWidget(widget)
        row.addStretch(1)
        self._wanted: tuple[str, ...] = ()
        self._hidden: tuple[str, ...] = ()
        self.mode.chosen.connect(self._choose_mode)
        self.more.clicked.connect(self._open_more)
        tools.options_changed.connect(self.refresh)
        self.refresh()

    def option(self, name: str) -> QWidget:
        """The control of an option, by its name in `options_of`."""
        return self._options[name]

    @property
    def behind_more(self) -> tuple[str, ...]:
        """Names of the options that are behind ⋯."""
        return self._hidden

    def refresh(self) -> None:
        """Show the options of the active tool as they are."""
        tools = self._tools
        self._wanted = options_of(tools.tool)
        if tools.tool in SELECTORS:
            self.mode.set_current(tools.mode)
            self.mode_name.set_text(self.mode.text_of(tools.mode))
        for name, widget in self._options.items():
            _show(widget, _value(name, tools))
        self._fit()

    def sizeHint(self) -> QSize:
        """As wide as everything in it; it takes what it gets."""
        return QSize(self._width(self._wanted, named=True), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The mode and ⋯."""
        return QSize(self._width((), named=False), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts behind ⋯ what does not fit."""
        super().resizeEvent(event)
        self._fit()

    # --- room -----------------------------------------------------------------------------------

    def _fit(self) -> None:
        """The name of the mode goes first, then sliders get shorter, then the last options go."""
        room = self.width()
        shown, named, short = self._wanted, True, False
        self._shorten(short)
        if self._width(shown, named=named) > room:
            named = False
        if self._width(shown, named=named) > room:
            short = True
            self._shorten(short)
        while shown and self._width(shown, named=named) > room:
            shown = shown[:-1]
        self._hidden = self._wanted[len(shown) :]
        self.mode_name.setVisible(named)
        for name, widget in self._options.items():
            widget.setVisible(name in shown)
        self.more.setVisible(bool(self._hidden))

    def _shorten(self, short: bool) -> None:
        for widget in self._options.values():
            if isinstance(widget, OptionSlider):
                widget.set_short(short)

    def _width(self, shown: tuple[str, ...], *, named: bool) -> int:
        parts: list[QWidget] = [self.mode, *(self._options[name] for name in shown)]
        parts += [self.mode_name] if named else []
        parts += [self.more] if len(shown) < len(self._wanted) else []
        return sum(part.sizeHint().width() for part in parts) + SPACING * (len(parts) - 1)

    def _open_more(self) -> None:
        """A menu with a control for each option that does not fit."""
        menu = QMenu(self)
        menu.setObjectName("tool-options-menu")
        body = QWidget(menu)
        rows = QVBoxLayout(body)
        rows.setContentsMargins(14, 10, 14, 10)
        for name in self._hidden:
            control = self._make(name, body)
            _show(control, _value(name, self._tools))
            rows.addWidget(control)
        action = QWidgetAction(menu)
        action.setDefaultWidget(body)
        menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))

    # --- options --------------------------------------------------------------------------------

    def _choose_mode(self, mode: Combine) -> None:
        self._tools.set_mode(mode)

    def _make(self, name: str, parent: QWidget) -> QWidget:
        tools = self._tools

        def set_option(**values: Any) -> None:
            tools.set_options(replace(tools.options, **values))

        control: QWidget
        if name == "subject":
            control = SubjectButtons(parent)
            control.asked.connect(tools.ask_subject)
        elif name == "only_touching":
            control = _NamedSwitch(tr("Only touching"), parent)
            control.switch.toggled.connect(lambda on: set_option(only_touching=on))
        else:
            title, scale, say, hint = _slider(name)
            control = OptionSlider(title, scale, say, hint, parent)
            setters: dict[str, Callable[[float], object]] = {
                "size": lambda v: tools.set_brush(tools.brush.resized(v)),
                "hardness": lambda v: tools.set_brush(tools.brush.hardened(v / 100)),
                "tolerance": lambda v: set_option(tolerance=round(v)),
                "feather": lambda v: set_option(feather=round(v)),
            }
            control.changed.connect(setters[name])
        control.setObjectName(f"option-{name}")
        return control


class _NamedSwitch(QWidget):
    """A switch with its name."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.switch = Switch(name, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(QuietLabel(name, self, size=13, weight=MEDIUM, token="text", least=WHOLE))
        row.addWidget(self.switch)


def options_of(tool: str) -> tuple[str, ...]:
    """Names of what can be set for a tool besides the mode, in the order of the row."""
    if tool in PAINTERS:
        return ("size", "hardness")
    if tool == "subject":
        return ("subject", "feather")
    if tool == "similar":
        return ("tolerance", "only_touching", "feather")
    return ("feather",) if tool in SELECTORS else ()


def _slider(name: str) -> tuple[str, SliderScale, Callable[[float], str], str]:
    """Title, scale, value in words, and what the tooltip adds."""
    if name == "size":
        hint = tr("In pixels of the screen, at any zoom") + "\n[ ]"
        return tr("Size"), _SIZES, lambda v: tr("{0} px").format(round(v)), hint
    if name == "hardness":
        hint = tr("How much of the brush covers fully") + "\nShift+[ ]"
        return tr("Hardness"), SliderScale.even(0, 100), lambda v: f"{v:.0f} %", hint
    if name == "tolerance":
        hint = tr("How far a colour may differ")
        return tr("Tolerance"), SliderScale.even(0, 100), lambda v: f"{v:.0f} %", hint
    hint = tr("Softens the edge inwards, outside stays exact")
    return tr("Feather"), _FEATHERS, lambda v: tr("{0} px inside").format(round(v)), hint


def _value(name: str, tools: CanvasTools) -> float:
    options: ToolOptions = tools.options
    values: dict[str, float] = {
        "subject": 0.0,
        "size": tools.brush.size,
        "hardness": tools.brush.hardness * 100,
        "tolerance": options.tolerance,
        "only_touching": options.only_touching,
        "feather": options.feather,
    }
    return values[name]


def _show(control: QWidget, value: float) -> None:
    """A value on its control, without telling anybody."""
    if isinstance(control, OptionSlider):
        control.set_value(value)
    elif isinstance(control, _NamedSwitch):
        blocked = control.switch.blockSignals(True)
        control.switch.setChecked(bool(value))
        control.switch.blockSignals(blocked)
