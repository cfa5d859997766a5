from __future__ import annotations

from dataclasses import astuple
from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.messages import text_of
from app.i18n.reasons import reason_text
from app.i18n.texts import tr
from app.panels.learning_row import LearningRow
from app.panels.score_table import ScoreTable
from app.panels.trade_off import TradeOffPanel
from app.session.session import Session
from app.widgets.basics.labels import Sentence
from app.widgets.basics.sliders import WordSlider
from editor.model.score import CHANGE, DIRECTION, MEASURED, Score
from editor.ranking.rank import bases
from editor.ranking.reasons import why_not_by_clip
from editor.ranking.weights import Weights

STEPS: Final = (0.0, 0.5, 1.0, 1.5, 2.0)
"""What none, a little, some, more and most weigh."""


class WhyThisOrder(QWidget):
    """Why number 1 is first, the numbers, what counts how much, and what was learnt.

    The list re-sorts while the sliders move.

    Args:
        session: its results have a ranking.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        assert session.results is not None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._first = Sentence(self._number_1(), self, token="text")
        self._first.setVisible(bool(self._number_1()))
        column.addWidget(self._first)
        self._table = ScoreTable(session.results, self)
        self._table.setVisible(self._table.has_numbers)
        column.addWidget(self._table)
        words = (tr("none"), tr("a little"), tr("some"), tr("more"), tr("most"))
        names = {
            "words": tr("Follow the words"),
            "picture": tr("Keep the picture"),
            "beauty": tr("Beauty"),
        }
        stand = dict(zip(names, astuple(session.learnt_ranking.sliders), strict=True))
        self._sliders: dict[str, WordSlider] = {}
        for key, name in names.items():
            slider = WordSlider(name, words, _nearest(stand[key]), self)
            slider.setObjectName(f"rank-{key}")
            slider.changed.connect(partial(self._changed, key))
            self._sliders[key] = slider
            column.addWidget(slider)
        # Without a model of taste nothing would follow this slider.
        self._sliders["beauty"].setVisible(any(_has_taste(one) for one in self._scores()))
        column.addWidget(LearningRow(session.learnt_ranking, self))
        column.addWidget(TradeOffPanel(session, self))
        column.addWidget(Sentence(self._measured(), self, size=12))
        session.learnt_ranking.changed.connect(self._follow)

    def _scores(self) -> list[Score]:
        results = self._session.results
        return [slot.score for slot in results.slots if slot.score] if results else []

    def _number_1(self) -> str:
        results = self._session.results
        places = results.ranking.places if results is not None else ()
        reason = reason_text(places[0]) if places else ""
        return tr("Number 1: {0}.").format(reason) if reason else ""

    def _measured(self) -> str:
        """By what these results stand in order; several kinds stand behind each other."""
        scores = self._scores()
        present = set(bases(scores))
        sentences = {
            DIRECTION: tr(
                "Measured by CLIP, a model that compares pictures with words: how well the words "
                "were followed, and how much is kept."
            ),
            MEASURED: tr(
                "Measured on the pixels: how much of the change you asked for was reached, and how "
                "much else changed."
            ),
            CHANGE: tr(
                "Nothing here can measure these words on this picture. The result that changes "
                "as much as most others do stands first."
            ),
        }
        lines = [sentence for basis, sentence in sentences.items() if basis in present]
        return "\n".join([*lines, *filter(None, [text_of(why_not_by_clip(scores))])])

    def _changed(self, key: str, value: int) -> None:
        stand = dict(zip(self._sliders, astuple(self._session.learnt_ranking.sliders), strict=True))
        self._session.learnt_ranking.set_sliders(Weights(**{**stand, key: STEPS[value]}))

    def _follow(self) -> None:
        """The list may stand in another order."""
        self._first.set_text(self._number_1())
        self._first.setVisible(bool(self._number_1()))
        if self._session.results is not None:
            self._table.show_results(self._session.results)


def _nearest(weight: float) -> int:
    return min(range(len(STEPS)), key=lambda i: abs(STEPS[i] - weight))


def _has_taste(score: Score) -> bool:
    return score.aesthetic is not None or score.preference is not None
