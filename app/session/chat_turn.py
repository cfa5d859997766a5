"""One turn of the conversation about a picture: what was said, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp
from typing import Final

from app.session.changes import StatusMessage
from app.session.results import Slot
from editor.model.edit import Instruction
from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.ranking.rewrite_order import RewriteFigures, rewrite_order, standing
from inference.request.registry import METHODS
from inference.request.rewrite_job import RewrittenPrompt

_ORDERS: Final = {
    "insert": "add {0}",
    "delete": "remove {0}",
    "replace": "replace {0} with {1}",
    "swap": "swap {0} and {1}",
}


@dataclass(frozen=True)
class ChatTurn:
    """A request and its rewritten prompts.

    Attributes:
        said: the request.
        job: id of its results.
        node: id of the idea it is about.
        caption: what the prompts change.
        plain: the plain prompt after, which all are measured against.
        question, answer: what was asked before, and what was said to it.
        texts: the prompts while they are written.
        options: the prompts, once all are there.
        drawn: by prompt, the result that shows it or is on its way.
        words_only: no model here can draw such pictures.
        problem: why there are no prompts.
        seed: of the sampling.
    """

    said: str
    job: str
    node: str
    caption: str = ""
    plain: str = ""
    question: str = ""
    answer: str = ""
    texts: tuple[str, ...] = ()
    options: tuple[RewrittenPrompt, ...] = ()
    drawn: Mapping[str, Slot] = field(default_factory=dict)
    words_only: bool = False
    problem: StatusMessage | None = None
    seed: int = 0

    @property
    def meant(self) -> str:
        """The request, or the answer to its question, which says it more clearly."""
        return self.answer or self.said

    def figures(self, option: RewrittenPrompt) -> RewriteFigures:
        """What the place of a prompt follows from."""
        slot = self.drawn.get(option.prompt)
        score = slot.score if slot is not None else None
        if score is None:
            return RewriteFigures(option.integrity.score)
        return RewriteFigures(option.integrity.score, score.aesthetic, score.preference)

    def ordered(self, threshold: float) -> tuple[RewrittenPrompt, ...]:
        """The prompts, best first; see `rewrite_order`."""
        places = rewrite_order([self.figures(one) for one in self.options], threshold)
        return tuple(self.options[place] for place in places)

    def shares(self, option: RewrittenPrompt) -> tuple[float | None, float | None]:
        """Beauty and liking of a prompt's picture among those of this turn, 0..1.

        The logistic function of the z-score: 0.5 is the middle of the turn. None where it is
        unknown, or there is no other picture to compare it with.
        """
        place = self.options.index(option)
        rows = [self.figures(one) for one in self.options]
        found = []
        for values in ([row.aesthetic for row in rows], [row.preference for row in rows]):
            others = sum(value is not None for value in values) > 1
            known = values[place] is not None and others
            found.append(1 / (1 + exp(-standing(values)[place])) if known else None)
        return found[0], found[1]


def instruction_of(turn: ChatTurn, option: RewrittenPrompt, method: str) -> Instruction:
    """What a method is given to draw a prompt.

    The artist's own words, which name the idea when it is kept. A method that goes by instructions
    is given what the prompt says beyond the plain one too, as further orders.
    """
    text = turn.meant
    if not METHODS[method].captions:
        changes = prompt_edit(turn.plain, option.prompt).changes
        orders = (_ORDERS[one.op].format(one.text, one.other) for one in changes)
        text = ", ".join((text, *orders))
    return Instruction(text, turn.caption, option.prompt)
