from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent

from app.i18n.texts import tr
from app.panels.pages.export_rows import name_label
from app.panels.pages.page import Page
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.labels import Sentence
from app.widgets.basics.option_slider import OptionSlider, SliderScale
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
        self.show_as = ViewSwitch(parts, tr("Show as"), self, prefix="edge-show")
        self.show_as.set_wide()
        self.shift = OptionSlider(
            tr("Shift edge"), SliderScale.even(-SHIFT, SHIFT), _signed,
            tr("Outwards, or inwards below zero"), self,
        )  # fmt: skip
        self.smooth = OptionSlider(
            tr("Smooth"), SliderScale.even(0, SMOOTH), _pixels,
            tr("Rounds corners, and specks smaller than this go"), self,
        )  # fmt: skip
        self.contrast = OptionSlider(
            tr("Contrast"), SliderScale.even(0, 100), _percent, tr("Makes a soft edge harder"), self
        )
        self.values = EdgeValues()
        self.rows.addWidget(name_label(tr("Show as"), self))
        self.rows.addWidget(self.show_as)
        for slider, value in ((self.shift, 0), (self.smooth, 0), (self.contrast, 0)):
            slider.set_value(value)
            slider.changed.connect(self._take)
            self.rows.addWidget(slider)
        self.rows.addWidget(Sentence(tr("Esc leaves the edge as it was."), self, size=12))
        self.done = PushButton(tr("Done"), self, kind="gold", key=tr("Enter"))
        self.done.setObjectName("page-save")
        self.done.clicked.connect(self.done_asked)
        self.rows.addWidget(self.done)
        self.rows.addStretch(1)
        self.show_as.chosen.connect(lambda _: self.changed.emit())
        self.setFocusProxy(self.done)

    def _take(self, _: float) -> None:
        self.values = EdgeValues(
            shift=round(self.shift.value),
            smooth=round(self.smooth.value),
            contrast=self.contrast.value / 100,
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


def _signed(value: float) -> str:
    return f"{round(value):+d} px" if round(value) else "0 px"


def _pixels(value: float) -> str:
    return f"{round(value)} px"


def _percent(value: float) -> str:
    return f"{round(value)} %"
