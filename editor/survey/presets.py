"""The questions of the surveys that the program offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from editor.messages import Message
from editor.survey.survey import SurveyQuestion


@dataclass(frozen=True)
class SurveyPreset:
    """Questions for answers shown one at a time and for two beside each other.

    Attributes:
        title: of the survey, unless another one is given.
        pairs: whether answers are shown in pairs unless asked otherwise.
        scales: (id, question, what 1 means, what 4 means) for single answers.
        choices: (id, question) for pairs.
    """

    title: Message
    pairs: bool
    scales: tuple[tuple[str, Message, Message, Message], ...]
    choices: tuple[tuple[str, Message], ...]

    def questions(self, *, pairs: bool) -> tuple[SurveyQuestion, ...]:
        """The questions in English."""
        if pairs:
            return tuple(SurveyQuestion(name, str(text), "choice") for name, text in self.choices)
        return tuple(
            SurveyQuestion(name, str(text), "scale", str(lowest), str(highest))
            for name, text, lowest, highest in self.scales
        )


_BAD, _GOOD = Message("survey.bad"), Message("survey.good")
_NO, _YES = Message("survey.no"), Message("survey.yes")
_USE = ("use", Message("survey.use"), _NO, _YES)
_USE_RATHER = ("use", Message("survey.use_rather"))
_BETTER_OF_TWO = ("better", Message("survey.better_of_two"))

PRESETS: Final = {
    "concept": SurveyPreset(
        Message("survey.title_concept"),
        pairs=False,
        scales=(
            ("quality", Message("survey.quality"), _BAD, _GOOD),
            ("faithfulness", Message("survey.faithfulness"), _NO, _YES),
        ),
        choices=(_BETTER_OF_TWO, ("faithful", Message("survey.faithful_of_two"))),
    ),
    "chat": SurveyPreset(
        Message("survey.title_chat"),
        pairs=True,
        scales=(("better", Message("survey.follows"), _NO, _YES), _USE),
        choices=(_BETTER_OF_TWO, ("follows", Message("survey.follows_of_two")), _USE_RATHER),
    ),
    "suggestions": SurveyPreset(
        Message("survey.title_suggestions"),
        pairs=False,
        scales=(("better", Message("survey.better_than_before"), _NO, _YES), _USE),
        choices=(_BETTER_OF_TWO, _USE_RATHER),
    ),
}
"""By name. "concept" has the two questions of the concept-to-prompt paper (quality and
faithfulness, 1 to 4), "chat" the win, tie or lose of DiffChat, "suggestions" whether a step is
better and would be used."""
