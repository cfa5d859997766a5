"""Score bars: 4 px high, with a notch at the artist's bar and hollow below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.theme.theme import look
from app.widgets.basics.painting import blend, draw_text, rounded

BAR_HEIGHT: Final = 4.0


@dataclass(frozen=True)
class ScoreData:
    """One score as a bar.

    Attributes:
        name: in an artist's words: Words, Picture, Beauty.
        value: 0 … 1, or `None` where it was not measured.
        notch: the artist's bar, 0 … 1, or `None`.
        detail: number and method's name, for the tooltip.
    """

    name: str
    value: float | None
    notch: float | None = None
    detail: str = ""

    @property
    def passed(self) -> bool:
        """False when the value does not reach the notch."""
        return self.value is None or self.notch is None or self.value >= self.notch


def paint_bar(painter: QPainter, rect: QRectF, score: ScoreData, *, dimmed: bool = False) -> None:
    """Paints a bar in the middle of `rect`. A bar that misses its notch is drawn hollow."""
    t = look().tokens
    height = look().px(BAR_HEIGHT)
    top = round(rect.center().y() - height / 2)
    track = QRectF(rect.left(), top, rect.width(), height)
    ground = blend(t.hover, t.text3, 0.12)
    rounded(painter, track, height / 2, ground)
    if score.value is None:
        return
    ink = t.text3 if dimmed else t.text2
    share = min(max(score.value, 0.0), 1.0)
    filled = QRectF(track.left(), top, max(track.width() * share, height), height)
    if score.passed:
        rounded(painter, filled, height / 2, ink)
    else:
        hollow = filled.adjusted(0, -0.5, 0, 0.5)
        rounded(painter, hollow, height / 2 + 0.5, t.panel, ink, 1.2)
    if score.notch is not None:
        x = round(track.left() + track.width() * score.notch)
        # A gap in the ground colour on both sides keeps the notch visible on a filled bar.
        painter.fillRect(QRectF(x - 1, top - 2.5, 3, height + 5), t.panel)
        painter.fillRect(QRectF(x, top - 2.5, 1, height + 5), t.text)


def paint_named_bar(
    painter: QPainter, rect: QRectF, score: ScoreData, label: float, *, dimmed: bool = False
) -> None:
    """Paints the name in `label` pixels and the bar in the rest of `rect`."""
    t = look().tokens
    ink = t.text3 if dimmed else t.text2
    draw_text(painter, QRectF(rect.left(), rect.top(), label, rect.height()), score.name, ink, 12)
    left = rect.left() + label + look().px(8)
    bar = QRectF(left, rect.top(), max(rect.right() - left, 8), rect.height())
    if score.value is None:
        draw_text(painter, bar, "–", t.text3, 12)
    else:
        paint_bar(painter, bar, score, dimmed=dimmed)


def spoken_score(score: ScoreData) -> str:
    """Returns the score for a screen reader: `Words 86`."""
    return score.name if score.value is None else f"{score.name} {round(score.value * 100)}"
