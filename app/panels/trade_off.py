from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.session.changes import Changes
from app.session.session import Session
from app.session.trade_off import TradeOff, TradeOffPoint, trade_off
from app.theme.theme import MEDIUM, SEMIBOLD
from app.widgets.basics.labels import WHOLE, QuietLabel
from app.widgets.basics.trade_off_plot import PlotPoint, TradeOffPlot


class TradeOffPanel(QWidget):
    """The results between the words and the picture; the slider walks along the best of them.

    It is hidden while fewer than two results were measured.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("trade-off")
        self._shown = TradeOff(())
        self._count = QuietLabel("", self, size=12)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(
            QuietLabel(tr("Trade-off"), self, size=13, weight=SEMIBOLD, token="text", least=WHOLE)
        )
        head.addWidget(self._count)
        head.addStretch(1)
        self.plot = TradeOffPlot(tr("Keeps the picture →"), tr("↑ Follows the words"), self)
        self.plot.setObjectName("trade-off-plot")
        self.plot.chosen.connect(session.view.look_at)
        self.keep = QSlider(Qt.Orientation.Horizontal, self)
        self.keep.setObjectName("trade-off-keep")
        self.keep.setPageStep(1)
        self.keep.setToolTip(tr("From what follows the words best to what keeps most"))
        self.keep.valueChanged.connect(self._walk)
        self._line = QWidget(self)
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(
            QuietLabel(tr("Keep"), self, size=13, weight=MEDIUM, token="text", least=WHOLE)
        )
        line.addWidget(self.keep, 1)
        line.addWidget(QuietLabel(tr("along the best line"), self, size=12))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.plot)
        column.addWidget(self._line)
        session.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Show the results that there are."""
        found = trade_off(self._session.results)
        if found != self._shown:
            self._shown = found
            self.plot.set_points(
                [_point(point) for point in found.points],
                [point.key for point in found.best],
                (found.least_kept, found.least_followed),
            )
            self._count.set_text(tr("{0} results, click one").format(len(found.points)))
        self.setVisible(bool(found.points))
        self._mark()

    def _mark(self) -> None:
        looked_at, best = self._session.view.looked_at or "", self._shown.best
        self.plot.set_current(looked_at)
        self._line.setVisible(len(best) > 1)
        blocked = self.keep.blockSignals(True)
        self.keep.setRange(0, max(len(best) - 1, 0))
        keys = [point.key for point in best]
        if looked_at in keys:
            self.keep.setValue(keys.index(looked_at))
        self.keep.blockSignals(blocked)
        self._say_keep()

    def _say_keep(self) -> None:
        best = self._shown.best
        if best:
            point = best[min(self.keep.value(), len(best) - 1)]
            self.keep.setAccessibleName(tr("Keep: result {0}").format(point.number))

    def _walk(self, place: int) -> None:
        self._session.view.look_at(self._shown.best[place].key)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.RESULTS | Changes.LOOK | Changes.HEAD | Changes.JOB):
            self.refresh()


def _point(point: TradeOffPoint) -> PlotPoint:
    text = tr("Result {0}: follows {1}, keeps {2}")
    spoken = text.format(point.number, f"{point.followed:.2f}", f"{point.kept:.2f}")
    return PlotPoint(
        point.key, point.number, point.kept, point.followed, spoken, hollow=not point.passed
    )
