from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.messages import text_of
from app.i18n.reasons import reason_text
from app.i18n.texts import tr
from app.panels.trade_off import TradeOffPanel
from app.runtime.settings import Settings
from app.session.session import Session
from app.widgets.basics.labels import Sentence
from app.widgets.basics.sliders import WordSlider
from editor.model.score import CHANGE, DIRECTION, MEASURED
from editor.ranking.rank import Weights, bases
from editor.ranking.reasons import why_not_by_clip

STEPS: Final = (0.0, 0.5, 1.0, 1.5, 2.0)
"""What none, a little, some, more and most weigh."""


class WhyThisOrder(QWidget):
    """One sentence on number 1, what counts how much (the list re-sorts meanwhile), and by what.

    Args:
        session: its results have a ranking.
    """

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        assert session.results is not None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._first = Sentence(self._number_1(), self, token="text")
        self._first.setVisible(bool(self._number_1()))
        column.addWidget(self._first)
        words = (tr("none"), tr("a little"), tr("some"), tr("more"), tr("most"))
        self._sliders: dict[str, WordSlider] = {}
        for key, name in (("words", tr("Follow the words")), ("picture", tr("Keep the picture"))):
            now = getattr(session.driver.weights, key)
            nearest = min(range(len(STEPS)), key=lambda i, now=now: abs(STEPS[i] - now))  # type: ignore[misc]
            slider = WordSlider(name, words, nearest, self)
            slider.setObjectName(f"rank-{key}")
            slider.changed.connect(partial(self._changed, key))
            self._sliders[key] = slider
            column.addWidget(slider)
        column.addWidget(TradeOffPanel(session, self))
        column.addWidget(Sentence(self._measured(), self, size=12))

    def _number_1(self) -> str:
        results = self._session.results
        places = results.ranking.places if results is not None else ()
        reason = reason_text(places[0]) if places else ""
        return tr("Number 1: {0}.").format(reason) if reason else ""

    def _measured(self) -> str:
        """By what these results stand in order; several kinds stand behind each other."""
        results = self._session.results
        scores = [slot.score for slot in results.slots if slot.score] if results else []
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
        self._settings.set(f"rank_{key}", STEPS[value])
        self._session.driver.set_weights(
            Weights(**{k: STEPS[s.value] for k, s in self._sliders.items()})
        )
        self._first.set_text(self._number_1())
        self._first.setVisible(bool(self._number_1()))
