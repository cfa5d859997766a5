from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSlider

from app.i18n.texts import tr
from app.panels.pages.export_rows import name_label, named_row
from app.panels.pages.page import Page
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.labels import WHOLE, QuietLabel, Sentence
from app.widgets.basics.segments import Segment, ViewSwitch
from editor.model.coverage import EdgeValues

SHIFT: Final = 20
"""Picture pixels that the edge can be moved by, either way."""
SMOOTH: Final = 20
"""Picture pixels of the largest corner that is rounded."""


class EdgePage(Page):
    """How the edge of the selection runs, judged on the picture while it changes.

    Signals:
        changed(): the edge, or how it is shown, is to be another one.
        done_asked(): take the edge.
        left(): the page is no longer seen.
    """

    changed = Signal()
    done_asked = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        shows = {
            "overlay": tr("Overlay"),
            "black": tr("On black"),
            "white": tr("On white"),
            "cutout": tr("Cut-out"),
        }
        parts = [Segment(one, text, "") for one, text in shows.items()]
        self.rows.addWidget(name_label(tr("Show as"), self))
        self.show_as = ViewSwitch(parts, tr("Show as"), self, prefix="edge-show")
        self.show_as.set_wide()
        self.rows.addWidget(self.show_as)
        self.shift = self._slider(
            "shift", tr("Shift edge"), (-SHIFT, SHIFT), _signed, tr("Outwards, inwards below zero")
        )
        hint = tr("Rounds corners, and smaller specks go")
        self.smooth = self._slider("smooth", tr("Smooth"), (0, SMOOTH), _pixels, hint)
        self.contrast = self._slider(
            "contrast", tr("Contrast"), (0, 100), _percent, tr("Makes a soft edge harder")
        )
        self.values = EdgeValues()
        self.rows.addWidget(Sentence(tr("Esc leaves the edge as it was."), self, size=12))
        self.done = PushButton(tr("Done"), self, kind="gold", key=tr("Enter"))
        self.done.setObjectName("page-save")
        self.done.clicked.connect(self.done_asked)
        self.rows.addWidget(self.done)
        self.rows.addStretch(1)
        self.show_as.chosen.connect(lambda _: self.changed.emit())
        self.setFocusProxy(self.done)

    def _slider(
        self, kind: str, name: str, limits: tuple[int, int], say: Callable[[int], str], hint: str
    ) -> QSlider:
        """A slider below its name and value; it stands at zero."""
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName(f"edge-{kind}")
        slider.setAccessibleName(name)
        slider.setToolTip(hint)
        slider.setRange(*limits)
        figure = QuietLabel(say(0), self, size=13, least=WHOLE)
        slider.valueChanged.connect(lambda value: figure.set_text(say(value)))
        slider.valueChanged.connect(self._take)
        self.rows.addLayout(named_row(name_label(name, self), figure))
        self.rows.addWidget(slider)
        return slider

    def _take(self) -> None:
        self.values = EdgeValues(
            shift=self.shift.value(),
            smooth=self.smooth.value(),
            contrast=self.contrast.value() / 100,
        )
        self.changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """The canvas shows the edge as long as the page is seen."""
        super().showEvent(event)
        self.changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """The canvas goes back to the selection as it is."""
        super().hideEvent(event)
        self.left.emit()


def _signed(value: int) -> str:
    return f"{value:+d} px" if value else "0 px"


def _pixels(value: int) -> str:
    return f"{value} px"


def _percent(value: int) -> str:
    return f"{value} %"
