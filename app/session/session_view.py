from __future__ import annotations

from dataclasses import dataclass

from app.session.results import Results, ResultsStage
from editor.model.history import History


@dataclass(frozen=True)
class SessionView:
    """A snapshot of the session: all that decides which actions make sense now.

    Attributes:
        has_document: a document is open.
        can_undo: head has a parent.
        can_redo: a step was undone.
        stage: of the results in the list, None without results.
        is_new_picture: the results are new pictures and no document yet.
        is_explored: each result has words of its own.
        finished: number of results that can be looked at.
        has_look: what is looked at can be kept.
    """

    has_document: bool = False
    can_undo: bool = False
    can_redo: bool = False
    stage: ResultsStage | None = None
    is_new_picture: bool = False
    is_explored: bool = False
    finished: int = 0
    has_look: bool = False

    @property
    def is_busy(self) -> bool:
        """A job runs, or waits for an answer."""
        return self.stage is not None and self.stage.is_live

    @property
    def is_asking(self) -> bool:
        """A question waits for its answer."""
        return self.stage is ResultsStage.ASKING

    @property
    def is_ranked(self) -> bool:
        """The job ran to its end and its results are in order."""
        return self.stage is ResultsStage.RANKED


def session_view(
    *,
    history: History | None = None,
    results: Results | None = None,
    looked_at: str | None = None,
) -> SessionView:
    """The snapshot of what a session holds.

    Args:
        history: of the open document, None where none is open.
        results: in the list, None without results.
        looked_at: key of the result on the canvas, None for the current picture.
    """
    finished = results.finished if results is not None else ()
    return SessionView(
        has_document=history is not None,
        can_undo=history is not None and history.can_undo,
        can_redo=history is not None and history.redo_target is not None,
        stage=results.stage if results is not None else None,
        is_new_picture=results is not None and results.source is not None,
        is_explored=results is not None and results.explored,
        finished=len(finished),
        has_look=any(slot.key == looked_at for slot in finished),
    )
