"""The chosen result in full, beside the grid: picture, reason, bars with figures."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton
from app.widgets.basics.labels import Sentence
from app.widgets.basics.painting import draw_text
from app.widgets.cards.card_delegate import paint_badge, scaled
from app.widgets.cards.card_model import CardData
from app.widgets.cards.score_bars import ScoreData, paint_named_bar, spoken_score

MOST_PICTURE: Final = 300
LEAST_PICTURE: Final = 120
"""Height of the picture, before text scaling; it gives way so that all words are seen."""
WORDS: Final = 170
"""Usual height of title, reason, bars and comparison, before text scaling."""
FIGURE: Final = 34
"""Room for the figure behind a bar, before text scaling."""


class ChosenResult(QScrollArea):
    """What a card says, with room: nothing is shortened, and every bar has its figure.

    Signals:
        fan_asked(str): show all results of the stack, or one of them again.
    """

    fan_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chosen-result")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(self)
        self.picture = _Picture(inside)
        self.title = Sentence("", inside, size=16, weight=SEMIBOLD, token="text")
        self.reason = Sentence("", inside, token="text")
        self.bars = _Bars(inside)
        self.beside = Sentence("", inside)
        self.fan = LinkButton("", inside)
        self.fan.setObjectName("chosen-fan")
        self._card_id = ""
        self.fan.clicked.connect(lambda: self.fan_asked.emit(self._card_id))
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        for widget in (self.picture, self.title, self.reason, self.bars, self.beside):
            column.addWidget(widget)
        column.addWidget(self.fan)
        column.addStretch(1)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def show_card(self, card: CardData, beside: str) -> None:
        """Show a result.

        Args:
            card: what its card says.
            beside: how others compare with it, "" for nothing.
        """
        self.picture.show_picture(card.thumbnail, str(card.rank), first=card.rank == 1)
        title, reason = card.action or card.reason, card.reason if card.action else ""
        for line, text in ((self.title, title), (self.reason, reason), (self.beside, beside)):
            line.set_text(text)
            line.setVisible(bool(text))
        self.bars.show_scores(card.scores)
        self._card_id = card.id
        shown = (
            self.tr("Show all {0}").format(card.alike) if card.alike > 2 else self.tr("Show both")
        )
        self.fan.set_content(self.tr("Show them as one again") if card.fanned else shown)
        self.fan.setVisible(bool(card.alike))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture takes what the words leave."""
        super().resizeEvent(event)
        room = self.viewport().height() - look().px(WORDS)
        self.picture.set_most(min(max(room, look().px(LEAST_PICTURE)), look().px(MOST_PICTURE)))


class _Picture(QWidget):
    """The whole picture with its rank, as large as the column."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._rank, self._first = "", False
        self._most = look().px(MOST_PICTURE)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_picture(self, image: QImage | None, rank: str, *, first: bool) -> None:
        self._image, self._rank, self._first = image, rank, first
        self.updateGeometry()
        self.update()

    def set_most(self, height: int) -> None:
        self._most = height
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        most = self._most
        if self._image is None or self._image.isNull():
            return most // 2
        return min(most, round(width * self._image.height() / self._image.width()))

    def sizeHint(self) -> QSize:
        width = self.width() or look().px(240)
        return QSize(look().px(240), self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._image is None or self._image.isNull():
            return
        painter, aspect = QPainter(self), self._image.width() / self._image.height()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = min(float(self.width()), self.height() * aspect)
        place = QRectF(0, 0, width, width / aspect)
        painter.drawImage(place, scaled(self._image, place, painter))
        side = look().px(20)
        paint_badge(painter, QRectF(5, 5, side, side), self._rank, gold=self._first)


class _Bars(QWidget):
    """Named bars, each with its figure of 100 behind it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._scores: tuple[ScoreData, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_scores(self, scores: tuple[ScoreData, ...]) -> None:
        self._scores = scores
        self.setAccessibleName(", ".join(map(spoken_score, scores)))
        self.setToolTip("\n".join(score.detail for score in scores if score.detail))
        self.setVisible(bool(scores))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(200), round(self._row() * len(self._scores)))

    def _row(self) -> float:
        return QFontMetricsF(look().font(12)).height() + look().px(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter, t, row = QPainter(self), look().tokens, self._row()
        metrics = QFontMetricsF(look().font(12))
        label = max((metrics.horizontalAdvance(score.name) for score in self._scores), default=0.0)
        figure = look().px(FIGURE)
        for number, score in enumerate(self._scores):
            box = QRectF(0, number * row, self.width() - figure, row)
            paint_named_bar(painter, box, score, label)
            if score.value is not None:
                at = QRectF(box.right(), box.top(), figure, row)
                right = Qt.AlignmentFlag.AlignRight
                draw_text(painter, at, str(round(100 * score.value)), t.text2, 12, align=right)
