from __future__ import annotations

from typing import TYPE_CHECKING

from app.session.results import Results, ResultsStage, Slot
from editor.model.edit import Instruction
from editor.model.history import HistoryNode
from editor.ranking import rank as ranking_rules

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.document import Document, StoredJob


class CurrentResults:
    """The results in the list: those of the job under way, else those of the current idea.

    Attributes:
        value: None for an empty list. Who replaces it sends `Changes.RESULTS`.
    """

    def __init__(self) -> None:
        self.value: Results | None = None

    @property
    def is_busy(self) -> bool:
        """True while a job runs: the Run button says Cancel."""
        return self.value is not None and self.value.stage.is_live

    @property
    def are_new_pictures(self) -> bool:
        """True where the results are new pictures and no document yet."""
        return self.value is not None and self.value.source is not None

    def are_elsewhere(self, node: HistoryNode | None) -> bool:
        """True if they are those of an edit of another idea than this one, the current one."""
        results = self.value
        if results is None or node is None or results.source is not None:
            return False
        return node.id not in (results.parent, results.kept_node)

    def is_under_way(self, job: str) -> bool:
        """Whether the results are those of this job, and it has not ended."""
        return self.value is not None and self.value.job == job and self.is_busy


def results_of_head(document: Document | None) -> Results | None:
    """The current idea's own results: those started from it, else those that made it."""
    if document is None or document.history.head is None:
        return None
    head = document.history.current
    stored = document.results(head.id)
    kept_node: str | None = None
    if not stored and head.parent is not None:
        keys = {c.key for c in head.candidates}
        stored = tuple(
            job for job in document.results(head.parent) if keys & {c.key for c in job.candidates}
        )
        kept_node = head.id
    return restored(stored[-1], kept_node) if stored else None


def restored(stored: StoredJob, kept_node: str | None) -> Results:
    """The results of a job as the document holds them; `kept_node`: the idea made from them."""
    by_key = {s.key: s for s in stored.scores}
    instructions = {c.request.instruction for c in stored.candidates}
    same_words = len(instructions) == 1
    return Results(
        job=stored.job,
        parent=stored.parent,
        instruction=instructions.pop() if same_words else Instruction(""),
        selection=stored.selection,
        stage=ResultsStage.RANKED,
        slots=tuple(
            Slot(c.request, candidate=c, score=by_key.get(c.key)) for c in stored.candidates
        ),
        ranking=stored.ranking or ranking_rules.rank(stored.scores, same_words=same_words),
        kept_node=kept_node,
    )
