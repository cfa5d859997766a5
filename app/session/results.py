from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.ranking import Ranked, Ranking
from editor.model.score import Score
from editor.model.selection import Selection
from inference.workflow.edit_run import EditStage


class ResultsStage(Enum):
    """How far results are, as the window shows it; what follows from it is drawn and enabled.

    While an edit is live its `EditRun` decides (`of`). Results that a document brings back have no
    run: they are ranked.
    """

    PREPARING = "preparing"
    ASKING = "asking"
    RUNNING = "running"
    RANKED = "ranked"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @classmethod
    def of(cls, stage: EditStage) -> ResultsStage:
        """The stage of results whose edit has come to `stage`."""
        return _OF_EDIT[stage]

    @property
    def is_live(self) -> bool:
        """True while the engine still works on it, or waits for an answer."""
        return self in (ResultsStage.PREPARING, ResultsStage.ASKING, ResultsStage.RUNNING)


_OF_EDIT = {
    EditStage.ASKED: ResultsStage.PREPARING,
    EditStage.PREPARED: ResultsStage.PREPARING,
    EditStage.QUESTION: ResultsStage.ASKING,
    EditStage.PLANNED: ResultsStage.RUNNING,
    EditStage.RUNNING: ResultsStage.RUNNING,
    EditStage.SCORED: ResultsStage.RUNNING,
    EditStage.RANKED: ResultsStage.RANKED,
    EditStage.DONE: ResultsStage.RANKED,
    EditStage.CANCELLED: ResultsStage.CANCELLED,
    EditStage.FAILED: ResultsStage.FAILED,
}


@dataclass(frozen=True)
class Slot:
    """One place in the list of results: first only a number, then a preview, then a result."""

    request: EditRequest
    candidate: Candidate | None = None
    score: Score | None = None
    preview: NDArray[np.uint8] | None = field(default=None, compare=False)
    step: int = 0
    steps: int = 0

    @property
    def key(self) -> str:
        """The request's key."""
        return self.request.key


@dataclass(frozen=True)
class Results:
    """What came of one instruction: slots in request order and, once ranked, their order.

    Attributes:
        job: id of the job.
        parent: id of the history node it started from.
        instruction: as completed by `prepare`; without words where each slot has its own.
        selection: where it acted.
        stage: see `ResultsStage`.
        slots: in request order.
        ranking: best first; empty until the end.
        seconds: how long it took.
        set_aside: keys the artist dimmed.
        kept_node: id of the node made from it, if one was.
        source: what it started from where that is no history node (a new picture from words).
        expected: how many results were asked for; there are so many places before the plan is made.
    """

    job: str
    parent: str
    instruction: Instruction
    selection: Selection | None = None
    stage: ResultsStage = ResultsStage.PREPARING
    slots: tuple[Slot, ...] = ()
    ranking: Ranking = field(default_factory=Ranking)
    seconds: float = 0.0
    set_aside: frozenset[str] = frozenset()
    kept_node: str | None = None
    source: Image | None = None
    expected: int = 0

    @property
    def explored(self) -> bool:
        """True where each slot has words of its own (Explore)."""
        return bool(self.slots) and not self.instruction.text

    @property
    def ordered(self) -> tuple[Slot, ...]:
        """Slots as they stand in the list: ranked if there is a ranking, else as requested."""
        if not self.ranking.places:
            return self.slots
        by_key = {s.key: s for s in self.slots}
        placed = [by_key.pop(p.key) for p in self.ranking.places if p.key in by_key]
        # Of a job that was stopped some are finished and not measured, some not finished.
        rest = sorted(by_key.values(), key=lambda slot: slot.candidate is None)
        return (*placed, *rest)

    @property
    def finished(self) -> tuple[Slot, ...]:
        """Slots that hold a candidate."""
        return tuple(s for s in self.slots if s.candidate is not None)

    def place(self, key: str) -> Ranked | None:
        """The ranked place of a slot."""
        return self.ranking.place(key)

    def slot(self, key: str) -> Slot:
        """The slot with this key."""
        return next(s for s in self.slots if s.key == key)

    def at_step(self, step: int, steps: int) -> Results:
        """The same results, those under way so far."""
        return replace(
            self,
            slots=tuple(
                s if s.candidate is not None else replace(s, step=step, steps=steps)
                for s in self.slots
            ),
        )

    def with_slot(self, slot: Slot) -> Results:
        """The same results with one slot replaced."""
        return replace(self, slots=tuple(slot if s.key == slot.key else s for s in self.slots))
