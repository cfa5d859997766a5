from __future__ import annotations

from dataclasses import dataclass

from app.session.results import Results, Stage
from editor.model.edit import Candidate
from editor.model.history import History
from editor.model.selection import Selection
from inference.request.analysis import Question


@dataclass(frozen=True)
class SessionView:
    """A snapshot of the session: all that decides which actions make sense now.

    Attributes:
        has_document: a document is open.
        is_read_only: it is open in another window, so nothing can be changed here.
        is_untitled: it has no name yet.
        has_pixels: the current picture's pixels are there.
        can_undo: head has a parent.
        can_redo: a step was undone.
        has_selection: edits act in a part of the picture only.
        stage: of the results in the list, None without results.
        has_question: a question waits for its answer.
        is_new_picture: the results are new pictures and no document yet.
        is_explored: each result has words of its own.
        finished: number of results that can be looked at.
        has_ranking: the results have an order.
        has_kept_result: one of the results was kept.
        looked_at: key of the result on the canvas, None for the current picture.
        has_look: what is looked at can be kept.
        compared: key of the result beside it.
        is_painting: a second result is painted into the one looked at.
        has_live: the canvas shows what the words in the box would do.
    """

    has_document: bool = False
    is_read_only: bool = False
    is_untitled: bool = False
    has_pixels: bool = False
    can_undo: bool = False
    can_redo: bool = False
    has_selection: bool = False
    stage: Stage | None = None
    has_question: bool = False
    is_new_picture: bool = False
    is_explored: bool = False
    finished: int = 0
    has_ranking: bool = False
    has_kept_result: bool = False
    looked_at: str | None = None
    has_look: bool = False
    compared: str | None = None
    is_painting: bool = False
    has_live: bool = False

    @property
    def is_busy(self) -> bool:
        """A job runs, or waits for an answer."""
        return self.stage is not None and self.stage.is_live

    @property
    def is_ranked(self) -> bool:
        """The job ran to its end and its results are in order."""
        return self.stage is Stage.RANKED

    @property
    def has_results(self) -> bool:
        """There is a list of results, finished or not."""
        return self.stage is not None


def session_view(
    *,
    history: History | None = None,
    read_only: bool = False,
    untitled: bool = False,
    results: Results | None = None,
    question: Question | None = None,
    selection: Selection | None = None,
    looked_at: str | None = None,
    compared: str | None = None,
    paint_key: str | None = None,
    live: Candidate | None = None,
) -> SessionView:
    """The snapshot of what a session holds; `history` is None where no document is open."""
    current = history.current if history is not None and history.head is not None else None
    finished = results.finished if results is not None else ()
    return SessionView(
        has_document=history is not None,
        is_read_only=read_only,
        is_untitled=untitled,
        has_pixels=current is not None and current.picture is not None,
        can_undo=history is not None and history.can_undo,
        can_redo=history is not None and history.redo_target is not None,
        has_selection=selection is not None,
        stage=results.stage if results is not None else None,
        has_question=question is not None,
        is_new_picture=results is not None and results.source is not None,
        is_explored=results is not None and results.explored,
        finished=len(finished),
        has_ranking=results is not None and bool(results.ranking.places),
        has_kept_result=results is not None and results.kept is not None,
        looked_at=looked_at,
        has_look=any(slot.key == looked_at for slot in finished),
        compared=compared,
        is_painting=paint_key is not None,
        has_live=live is not None,
    )
