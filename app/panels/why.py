from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.reasons import reason_text
from app.panels.wording import tr
from app.session import Session
from app.settings import Settings
from app.widgets.labels import Sentence
from app.widgets.sliders import WordSlider
from editor.ranking import Weights

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
        best = reason_text(session.results.ranking.places[0])
        column.addWidget(Sentence(tr("Number 1: {0}.").format(best), self, token="text"))
        words = (tr("none"), tr("a little"), tr("some"), tr("more"), tr("most"))
        self._sliders: dict[str, WordSlider] = {}
        for key, name in (("words", tr("Follow the words")), ("picture", tr("Keep the picture"))):
            now = getattr(session.weights, key)
            nearest = min(range(len(STEPS)), key=lambda i, now=now: abs(STEPS[i] - now))  # type: ignore[misc]
            slider = WordSlider(name, words, nearest, self)
            slider.setObjectName(f"rank-{key}")
            slider.changed.connect(partial(self._changed, key))
            self._sliders[key] = slider
            column.addWidget(slider)
        column.addWidget(Sentence(self._measured(), self, size=12))

    def _measured(self) -> str:
        """By what these results stand in order."""
        results = self._session.results
        scores = [s.score for s in results.slots if s.score is not None] if results else []
        if any(score.direction is not None for score in scores):
            return tr(
                "Measured by CLIP, a model that sets pictures beside words: does the change go the "
                "way of your words, and how much of the picture is kept."
            )
        return tr(
            "Measured on the pixels: how much of the change you asked for was reached, and how "
            "much else changed."
        )

    def _changed(self, key: str, value: int) -> None:
        self._settings.set(f"rank_{key}", STEPS[value])
        self._session.set_weights(Weights(**{k: STEPS[s.value] for k, s in self._sliders.items()}))
