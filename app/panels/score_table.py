from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n.texts import tr
from app.session.results import Results
from app.theme.theme import MEDIUM, look
from app.widgets.basics.painting import draw_text, text_width
from editor.model.score import Score

_ROW: Final = 22
_FIRST: Final = 14
_MOST_ROWS: Final = 8
_RIGHT: Final = Qt.AlignmentFlag.AlignRight
_GAP: Final = 5
"""Least room between two columns, before text scaling."""


def _columns() -> list[tuple[str, Callable[[Score], float | None], bool]]:
    """Heading and figure of each column, and whether it is compared with the run's median."""
    return [
        (tr("Words"), lambda score: score.direction, False),
        (tr("Caption"), lambda score: score.target, False),
        (tr("Kept"), lambda score: score.image, False),
        (tr("Outside"), lambda score: score.outside_ssim, False),
        (tr("Damage"), lambda score: score.damage, False),
        (tr("Beauty"), lambda score: score.aesthetic, True),
        (tr("Liked"), lambda score: score.preference, True),
    ]


def _texts(values: list[float | None], *, compared: bool) -> list[str]:
    """The figures as they are, or as they are ranked: against the median of the run.

    Models of taste have scales of their own, some without a meaning.
    """
    known = [value for value in values if value is not None]
    usual = median(known) if compared and known else 0.0
    form = "+.2f" if compared else ".2f"
    return ["–" if value is None else format(value - usual, form) for value in values]


class ScoreTable(QWidget):
    """The figures that CLIP and the models of taste gave each result, in the order of the list.

    Args:
        results: with a ranking.
    """

    def __init__(self, results: Results, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("score-table")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: list[tuple[str, list[str], bool]] = []
        self._heads: list[str] = []
        self.show_results(results)
        look().changed.connect(self.updateGeometry)

    @property
    def has_numbers(self) -> bool:
        """False where results are ranked by other things."""
        return bool(self._heads)

    def show_results(self, results: Results) -> None:
        """The same table of results in another order."""
        places = [place for place in results.ranking.places if place.score is not None]
        found = []
        for head, figure, compared in _columns():
            values = [figure(place.score) for place in places if place.score is not None]
            if any(value is not None for value in values):
                found.append((head, _texts(values, compared=compared)))
        by_clip = any(place.score.direction is not None for place in places if place.score)
        self._heads = [head for head, _ in found] if by_clip else []
        self._rows = [
            (str(place.rank), [values[i] for _, values in found], place.passed)
            for i, place in enumerate(places[:_MOST_ROWS])
        ]
        lines = [
            ", ".join([f"{number}", *map(" ".join, zip(self._heads, values, strict=False))])
            for number, values, _ in self._rows
        ]
        self.setAccessibleName(tr("Numbers of the results"))
        self.setAccessibleDescription("; ".join(lines))
        self.setToolTip("\n".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A line for each result and the headings."""
        return QSize(look().px(280), look().px(_ROW) * (len(self._rows) + 1))

    def minimumSizeHint(self) -> QSize:
        """As high as `sizeHint`."""
        return QSize(look().px(200), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints headings and numbers; results below the bar are fainter."""
        del event
        t, painter, height = look().tokens, QPainter(self), look().px(_ROW)
        first = look().px(_FIRST)
        shown = self._shown()
        columns = self.columns()
        for head, left, right in columns:
            cell = QRectF(left, 0, right - left, height)
            draw_text(painter, cell, head, t.text3, 11, MEDIUM, _RIGHT)
        for line, (number, values, passed) in enumerate(self._rows, 1):
            ink = t.text if passed else t.text3
            draw_text(painter, QRectF(0, line * height, first, height), number, ink, 12, MEDIUM)
            for i, (_, left, right) in zip(shown, columns, strict=True):
                cell = QRectF(left, line * height, right - left, height)
                draw_text(painter, cell, values[i], ink, 12, align=_RIGHT)

    def columns(self) -> list[tuple[str, float, float]]:
        """Heading, left and right of each column: room for what stands in it and as much free.

        Where not all fit, the caption's is left out, then that of what is kept outside; the tooltip
        has both.
        """
        shown, first = self._shown(), look().px(_FIRST)
        heads, wide = [self._heads[i] for i in shown], [self._needed(i) for i in shown]
        free = (self.width() - first - sum(wide)) / max(1, len(wide))
        edges = [first + sum(wide[:i]) + free * i for i in range(len(wide) + 1)]
        return list(zip(heads, edges, edges[1:], strict=False))

    def _needed(self, column: int) -> float:
        """The width of what stands in a column."""
        texts = [text_width(values[column], 12) for _, values, _ in self._rows]
        return max([text_width(self._heads[column], 11, MEDIUM), *texts])

    def _shown(self) -> list[int]:
        """The columns for which there is room, by number."""
        shown = list(range(len(self._heads)))
        for head in (tr("Caption"), tr("Outside")):
            needed = sum(self._needed(i) + look().px(_GAP) for i in shown)
            if head in self._heads and needed > self.width() - look().px(_FIRST):
                shown.remove(self._heads.index(head))
        return shown
