from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from app.i18n.texts import tr
from app.theme.theme import MEDIUM, ROW_PADDING, SEMIBOLD, look
from app.widgets.basics.buttons import PushButton, ToolButton
from app.widgets.basics.key_caps import key_caps, with_key
from app.widgets.basics.labels import KeyHint, QuietLabel
from app.widgets.basics.painting import rounded
from app.widgets.basics.segments import Segment, ViewSwitch
from app.window.bar import Bar


def views() -> tuple[Segment, ...]:
    """What the view switch offers; called once the language of the window is known."""
    return (
        Segment("picture", tr("Picture"), "image", "0"),
        Segment("wipe", tr("Wipe"), "square-split-horizontal", action="view_wipe"),
        Segment("side", tr("Side by side"), "columns-2", action="view_side"),
        Segment("all", tr("All"), "layout-grid", action="view_all"),
        Segment("changes", tr("Changes"), "diff", action="view_changes"),
        Segment("map", tr("Map"), "git-fork", action="view_map"),
    )


class StrengthSlider(QWidget):
    """How much of the change is kept, in one line: name, slider, figure.

    Signals:
        changed(float): 0 = before, 1 = all of it, while it moves.
    """

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("strength")
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setValue(100)
        self.slider.setFixedWidth(look().px(84))
        self.slider.setAccessibleName(tr("Strength: how much of the change is kept"))
        key_caps().changed.connect(self._say_key)
        self._say_key()
        self._name = QuietLabel(tr("Strength"), self, size=13, weight=MEDIUM, least=120)
        self._figure = QuietLabel("100 %", self, least=80)
        self._figure.setMinimumWidth(look().px(42))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._name)
        row.addWidget(self.slider)
        row.addWidget(self._figure)
        self.slider.valueChanged.connect(self._on_moved)

    def _say_key(self) -> None:
        text = tr("Strength: how much of the change is kept")
        self.slider.setToolTip(with_key(text, "strength"))

    def set_value(self, opacity: float) -> None:
        """Moves the slider without telling anybody."""
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(round(100 * opacity))
        self.slider.blockSignals(blocked)
        self._figure.set_text(f"{self.slider.value()} %")

    def set_compact(self, step: int) -> None:
        """0: all of it; 1: short; 2: without its name, which the tooltip keeps; 3: no figure."""
        self._name.setVisible(step < 2)
        self._figure.setVisible(step < 3)
        self.slider.setFixedWidth(look().px(84 if step < 1 else 64))

    def _on_moved(self, value: int) -> None:
        self._figure.set_text(f"{value} %")
        self.changed.emit(value / 100)


class OptionsBar(Bar):
    """Over the canvas: what is looked at and what can be done with it; the view switch.

    Signals:
        view_chosen(str), strength_changed(float), paint_asked(), open_asked(), paste_asked(),
        stop_painting_asked()
    """

    view_chosen = Signal(str)
    strength_changed = Signal(float)
    paint_asked = Signal()
    stop_painting_asked = Signal()
    open_asked = Signal()
    paste_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("options", 40, "bottom", parent)
        self._dot = False
        self.title = QuietLabel("", self, size=13, weight=SEMIBOLD, token="text")
        self.detail = QuietLabel("", self, size=13)
        self.open = PushButton(tr("Open your own"), self, kind="flat", height=28)
        self.open.setObjectName("open-own")
        self.open.explain_action(tr("Open your own"), "open")
        self.paste = PushButton(tr("Paste"), self, kind="flat", height=28)
        self.paste.setObjectName("paste-own")
        self.paste.explain_action(tr("Paste"), "paste")
        self.strength = StrengthSlider(self)
        self.paint = PushButton(tr("Paint in"), self, kind="flat", height=28)
        self.paint.setObjectName("paint-in")
        self.paint.explain_action(tr("Paint in"), "paint_in")
        self.views = ViewSwitch(views(), tr("View"), self)
        self.side = ToolButton("panel-right", "", "", self, checkable=True, size=30, icon_size=17)
        self.side.explain_action(tr("Side column"), "side_column")
        self.side.setObjectName("side-toggle")
        self.side.hide()
        row = self._row = QHBoxLayout(self)
        row.setSpacing(8)
        hint = tr("Hold \\ or V to see the picture before")
        self.hint = KeyHint("\\", tr("hold for before"), hint, self)
        self.hint.setObjectName("hold-hint")
        words = (
            self.title, self.detail, self.open, self.paste, self.strength, self.paint, self.hint,
        )  # fmt: skip
        self._parts: tuple[QWidget, ...] = (*words, self.views, self.side)
        self._words: tuple[QWidget, ...] = words
        self._tools: QWidget | None = None
        self._tool_options: QWidget | None = None
        self._narrow = False
        self._painting = self._can_paint = self._can_hold = self._opening = False
        self._finishing = False
        self._offered: tuple[bool, ...] = ()
        for widget in words:
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.views)
        row.addWidget(self.side)
        self.views.chosen.connect(self.view_chosen)
        key_caps().changed.connect(self._fit)
        self.strength.changed.connect(self.strength_changed)
        self.paint.clicked.connect(self._paint)
        self.open.clicked.connect(self.open_asked)
        self.paste.clicked.connect(self.paste_asked)
        look().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def _paint(self) -> None:
        (self.stop_painting_asked if self._painting else self.paint_asked).emit()

    def set_text(self, title: str, detail: str, *, preview: bool = False) -> None:
        """What the canvas shows."""
        preview = preview and (self._tools is None or self._tools.isHidden())
        if (title, detail, preview) == (self.title.text, self.detail.text, self._dot):
            return
        self.title.set_text(title)
        self.detail.set_text(detail)
        self._dot = preview
        self._on_look_changed()

    def _on_look_changed(self) -> None:
        """The words stand right of the dot, which is as large as the text."""
        left = look().px(ROW_PADDING) + (look().px(16) if self._dot else 0)
        self._row.setContentsMargins(left, 0, 8, 1)
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drops what does not fit before a word is cut."""
        super().resizeEvent(event)
        self._fit()

    def add_tools(self, tools: QWidget) -> None:
        """Tools of a view that stand in place of the words, once they are shown."""
        self._row.insertWidget(0, tools, 100)
        tools.hide()
        self._tools = tools

    def show_tools(self, on: bool) -> None:
        """The view's own tools, or the words about the picture."""
        if self._tools is not None:
            self._tools.setVisible(on)
            self.title.setVisible(not on)
            self._fit()

    def add_tool_options(self, options: QWidget) -> None:
        """What can be set for the active tool, in place of the words once it is shown."""
        self._row.insertWidget(0, options, 100)
        options.hide()
        self._tool_options = options

    def show_tool_options(self, on: bool) -> None:
        """The options of the active tool, or the words about the picture."""
        if self._tool_options is not None and on == self._tool_options.isHidden():
            self._tool_options.setVisible(on)
            self.title.setVisible(not on)
            self.set_narrow(self._narrow)

    def set_narrow(self, narrow: bool) -> None:
        """Icons in the view switch; also where the options of a tool need the room."""
        self._narrow = narrow
        options = self._tool_options
        self.views.set_compact(narrow or (options is not None and not options.isHidden()))
        self._fit()

    def _fit(self) -> None:
        """Quiet words go first, then key caps and names that tooltips and menus keep."""
        if self._tools is not None and not self._tools.isHidden():
            for widget in self._words:
                widget.hide()
            return
        if self._tool_options is not None and not self._tool_options.isHidden():
            for widget in self._words:
                widget.hide()
            self.paint.set_content(tr("Stop painting"), key_caps().of("paint_in"))
            self.paint.setVisible(self._painting)
            if self._painting:  # which result the brush brings in
                self.detail.setVisible(bool(self.detail.text) and self._is_room())
            return
        self.open.setVisible(self._opening)
        self.paste.setVisible(self._opening)
        self.strength.setVisible(self._finishing)
        paint, keys = tr("Stop painting") if self._painting else tr("Paint in"), key_caps()
        for step in range(6):
            caps = step < 3
            self.strength.set_compact(max(0, step - 2))
            self.hint.setVisible(self._can_hold and step < 1)
            self.detail.setVisible(step < 2 and bool(self.detail.text))
            own = tr("Open your own") if step < 5 else tr("Open")
            self.open.set_content(own, keys.of("open") * caps)
            self.paste.set_content(tr("Paste"), keys.of("paste") * caps)
            self.paint.set_content(paint, keys.of("paint_in") * caps)
            self.paint.setVisible(self._can_paint and step < 5)
            self.title.setVisible(step < 5 or not self._opening)
            shown = [w for w in self._parts if not w.isHidden()]
            margins = self._row.contentsMargins()
            wanted = sum(w.sizeHint().width() + self._row.spacing() for w in shown)
            if wanted + margins.left() + margins.right() <= self.width():
                return

    def _is_room(self) -> bool:
        """Whether the detail fits beside what is shown already."""
        shown = [w for w in (*self._parts, self._tool_options) if w is not None]
        beside = [w for w in shown if not w.isHidden() and w is not self.detail]
        wanted = sum(w.sizeHint().width() + self._row.spacing() for w in [*beside, self.detail])
        margins = self._row.contentsMargins()
        return wanted + margins.left() + margins.right() <= self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the gold dot of a preview: it is where you are, and not kept yet."""
        super().paintEvent(event)
        if self._dot:
            t, painter, side = look().tokens, QPainter(self), look().px(8)
            box = QRectF(look().px(ROW_PADDING), (self.height() - side - 1) / 2, side, side)
            rounded(painter, box, side / 2, t.ring)

    def offer(
        self, *, opening: bool, finishing: bool, painting: bool, can_paint: bool, can_hold: bool
    ) -> None:
        """Which controls stand beside the words."""
        offered = (opening, finishing, painting, can_paint, can_hold)
        if offered == self._offered:
            return
        self._offered = offered
        self._can_hold = can_hold
        self._painting = painting
        self._finishing, self._opening = finishing, opening
        self._can_paint = finishing and can_paint
        self._fit()
