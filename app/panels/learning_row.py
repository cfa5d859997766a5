from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.session.learnt_ranking import ALL, DOCUMENT, OFF, LearntRanking
from app.widgets.basics.buttons import LinkButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.labels import Sentence
from editor.ranking.learn import LEAST_CHOICES
from editor.ranking.weights import Weights

_MUCH: Final = 1.15
"""From this factor on a side counts more, or less, than its slider says."""


class LearningRow(QWidget):
    """Whether the ranking learns from what is kept, what it learnt so far, and a way to forget it.

    Args:
        ranking: the session's.
    """

    def __init__(self, ranking: LearntRanking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ranking = ranking
        name = tr("Learn from what you keep")
        self.scope = ChoiceButton(name, parent=self)
        self.scope.setObjectName("rank-learn")
        self.scope.set_choices(
            [
                Choice(ALL, tr("In all documents"), tr("What you keep anywhere counts.")),
                Choice(DOCUMENT, tr("In this document"), tr("What you keep here counts here.")),
                Choice(OFF, tr("Never"), tr("The sliders alone count, and nothing is noted.")),
            ],
            ranking.scope,
        )
        self.scope.chosen.connect(ranking.set_scope)
        line = QHBoxLayout()
        line.addWidget(Sentence(name, self, size=13, token="text"), 1)
        line.addWidget(self.scope)
        self._said = Sentence("", self, size=12)
        self.forget = LinkButton(tr("Forget it"), self, size=12)
        self.forget.setObjectName("rank-forget")
        self.forget.clicked.connect(ranking.forget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self._said)
        column.addWidget(self.forget)
        ranking.changed.connect(self._say)
        self._say()

    def _say(self) -> None:
        ranking = self._ranking
        count, learnt = ranking.count, ranking.learnt
        if ranking.scope == OFF:
            text = tr("Nothing is noted.")
        elif learnt is None:
            text = tr("{0} of {1} kept results that it takes to learn. They stay on this computer.")
            text = text.format(count, LEAST_CHOICES)
        else:
            text = tr("Learnt from {0} kept results on this computer: {1}.")
            text = text.format(count, learnt_text(learnt, ranking.sliders))
        self._said.set_text(text)
        self.forget.setVisible(count > 0)


def learnt_text(learnt: Weights, sliders: Weights) -> str:
    """What was learnt, in words: which sides count more or less than their sliders say."""
    sides = (
        (learnt.words, sliders.words, tr("the words count more"), tr("the words count less")),
        (learnt.picture, sliders.picture, tr("the picture more"), tr("the picture less")),
        (learnt.beauty, sliders.beauty, tr("beauty more"), tr("beauty less")),
    )
    said = []
    for now, before, more, less in sides:
        if now > _MUCH * before:
            said.append(f"{more} ({now:.1f})")
        elif now * _MUCH < before:
            said.append(f"{less} ({now:.1f})")
    return ", ".join(said) if said else tr("what you keep fits the sliders")
