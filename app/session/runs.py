from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.session.changes import Changes, Notify
from app.session.current_results import CurrentResults, restored
from app.session.document_binding import DocumentBinding
from app.session.results import Results
from app.session.view_state import ViewState

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.model.history import History
    from editor.storage.document import Document
    from editor.storage.stored_jobs import StoredJob


@dataclass(frozen=True)
class Run:
    """One run of words on an idea, of which at least one result was finished.

    Attributes:
        job: its id.
        number: 1 for the first on this idea.
        words: what was asked for; "" where each result has words of its own (Explore).
        finished: number of results.
        time: when its first result was shown, seconds since 1970; 0 for a new picture.
    """

    job: str
    number: int
    words: str
    finished: int
    time: float = 0.0


class Runs:
    """Every run of the idea that the results in the list started from; none is ever lost.

    Those of a document stand in its file. New pictures from words have no document yet: theirs
    are kept here until one is opened.
    """

    def __init__(
        self,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        notify: Notify,
    ) -> None:
        self._binding, self._results = binding, results
        self._view, self._notify = view, notify
        self._new: dict[str, Results] = {}
        """Results of new pictures by job, oldest first."""

    @property
    def all(self) -> tuple[Run, ...]:
        """Oldest first; the one under way is none of them before its first result."""
        results, document = self._results.value, self._binding.document
        if results is None:
            return ()
        if document is None:
            return tuple(
                Run(one.job, number, one.instruction.text, len(one.finished))
                for number, one in enumerate(self._new.values(), 1)
            )
        return tuple(
            Run(job.job, number, words_of(job), len(job.candidates), job.time)
            for number, job in enumerate(document.results(results.parent), 1)
        )

    def show(self, job: str) -> None:
        """Put an earlier run into the list again; nothing while an edit is live."""
        now = self._results.value
        if now is None or self._results.is_busy or job == now.job:
            return
        document, node = self._binding.document, self._binding.node
        found = self._new.get(job)
        if document is not None and node is not None:
            stored = next((one for one in document.results(now.parent) if one.job == job), None)
            # Seen from an idea below, they are still the results of the idea above it.
            below = node.id if node.id != now.parent else None
            found = restored(stored, below) if stored is not None else None
        if found is None:
            return
        self._results.value = found
        self._view.show_current()
        self._view.looked_at = next((s.key for s in found.ordered if s.candidate), None)
        self._notify(Changes.RESULTS | Changes.JOB | Changes.LOOK | Changes.PREVIEW)

    def on_changed(self, changes: Changes) -> None:
        """Remember new pictures while there is no document that could."""
        if not changes & (Changes.RESULTS | Changes.DOCUMENT):
            return
        results = self._results.value
        if self._binding.document is not None:
            self._new.clear()
        elif results is not None and results.finished and not results.stage.is_live:
            self._new[results.job] = replace(results, set_aside=frozenset())


def words_of(job: StoredJob) -> str:
    """What a run was asked for; "" where each result has words of its own."""
    words = {candidate.request.instruction.text for candidate in job.candidates}
    return words.pop() if len(words) == 1 else ""


def not_kept(document: Document, node_id: str) -> tuple[StoredJob, ...]:
    """The runs from an idea with the results that no idea below holds or has beside it.

    Oldest first, each result once, runs without any left out.
    """
    seen = _held(document.history, node_id)
    found = []
    for job in document.results(node_id):
        rest = tuple(c for c in job.candidates if c.key not in seen)
        seen |= {candidate.key for candidate in rest}
        if rest:
            found.append(replace(job, candidates=rest))
    return tuple(found)


def results_with(document: Document, node_id: str, key: str) -> Results | None:
    """The results beside an idea, or of a run from it, that hold a result; None if none do."""
    node = document.history.nodes.get(node_id)
    if node is None:
        return None
    beside = document.results(node.parent) if node.parent is not None else ()
    for job in (*beside, *document.results(node_id)):
        if key in {candidate.key for candidate in job.candidates}:
            return restored(job, node_id if job in beside else None)
    return None


def _held(history: History, node_id: str) -> set[str]:
    """Keys of the results that ideas below an idea were made of, or have beside them."""
    return {
        candidate.key
        for node in history.nodes.values()
        if node.parent == node_id
        for candidate in (*node.candidates, *node.siblings)
    }
