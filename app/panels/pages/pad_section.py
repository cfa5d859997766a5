from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.canvas.thumbnails import to_qimage
from app.i18n.texts import tr
from app.session.guidance_pad import FOLLOW, KEEP, SIDE, Cell, GuidancePad
from app.session.method_settings import MethodSettings
from app.theme.theme import SEMIBOLD
from app.widgets.basics.labels import WHOLE, QuietLabel, Sentence
from app.widgets.prompt.guidance_pad_view import GuidancePadView, PadCell

_SMALL = 0.1


def _values(follow: float, keep: float) -> str:
    return tr("Follow {0}, keep {1}").format(f"{follow:.1f}", f"{keep:.2f}")


class PadSection(QWidget):
    """The guidance pad on the page of a method: previews while it is seen.

    Signals:
        run_asked(): Enter on the pad.
    """

    run_asked = Signal()

    def __init__(
        self,
        pad: GuidancePad,
        settings: MethodSettings,
        method: str,
        aspect: float,
        parent: QWidget | None = None,
    ) -> None:
        """Args: `aspect` is the picture's width by its height."""
        super().__init__(parent)
        self.setObjectName("pad-section")
        self._pad, self._settings, self._method, self._aspect = pad, settings, method, aspect
        pad.setParent(self)
        self._ready = QuietLabel("", self, size=12)
        head = QHBoxLayout()
        head.addWidget(
            QuietLabel(
                tr("Guidance pad"), self, size=13, weight=SEMIBOLD, token="text", least=WHOLE
            )
        )
        head.addStretch(1)
        head.addWidget(self._ready)
        self.view = GuidancePadView(tr("Guidance pad"), SIDE, self)
        self.view.setObjectName("guidance-pad")
        across = QuietLabel(tr("Keep the picture →"), self, size=12, token="text3")
        self._note = Sentence("", self, size=12, token="text3")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(QuietLabel(tr("↑ Follow the words"), self, size=12, token="text3"))
        column.addWidget(self.view)
        column.addWidget(across, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self._note)
        self.view.dragged.connect(self._drag)
        self.view.settled.connect(pad.settle)
        self.view.stepped.connect(self._step)
        self.view.home_asked.connect(self._home)
        self.view.run_asked.connect(self.run_asked)
        pad.changed.connect(self.refresh)
        settings.changed.connect(pad.follow_settings)

    def refresh(self) -> None:
        """Show the previews that are there and the point."""
        pad = self._pad
        if not pad.is_open:
            return
        cells = {}
        for column in range(SIDE):
            for row in range(SIDE):
                cell: Cell = (column, row)
                pixels, short = pad.picture(cell), pad.short_of(cell)
                if pixels is not None:
                    spoken = ": ".join(filter(None, [_values(*pad.values(cell)), short]))
                    cells[cell] = PadCell(to_qimage(pixels), spoken, bool(short))
        self.view.show_pad(cells, pad.point, self._aspect, self._spoken())
        self._ready.set_text(tr("{0} of {1} ready").format(pad.ready, SIDE * SIDE))
        keys = tr("Drag the ring. Arrow keys move it, Home brings back the default.")
        below = tr("Hatched ones do not reach your bar.")
        hatched = any(one.below for one in cells.values())
        self._note.set_text(pad.problem or " ".join([keys, below] if hatched else [keys]))

    def _spoken(self) -> str:
        """Where the ring stands, and what is there."""
        pad = self._pad
        column, row = (round(place) for place in pad.point)
        if pad.picture((column, row)) is None:
            state = tr("not ready yet")
        else:
            state = pad.short_of((column, row)) or tr("ready")
        return f"{_values(pad.follow, pad.keep)}, {state}"

    def _drag(self, column: float, row: float) -> None:
        self._pad.move(self._pad.value(FOLLOW, row), self._pad.value(KEEP, column))

    def _step(self, across: int, up: int, small: bool) -> None:
        pad = self._pad
        if small:
            pad.move(
                pad.within(FOLLOW, pad.follow + up * _SMALL),
                pad.within(KEEP, pad.keep + across * _SMALL),
            )
        else:
            column, row = pad.point
            self._drag(
                min(max(round(column) + across, 0), SIDE - 1),
                min(max(round(row) + up, 0), SIDE - 1),
            )
        pad.settle()

    def _home(self) -> None:
        self._drag(SIDE // 2, SIDE // 2)
        self._pad.settle()

    def showEvent(self, event: QShowEvent) -> None:
        """Previews are made while the pad is seen."""
        super().showEvent(event)
        self._pad.open(self._method)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """And no longer."""
        super().hideEvent(event)
        self._pad.close()
