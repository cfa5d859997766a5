from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from app.session.results import Results, ResultsStage, Slot
from app.session.session_view import SessionView, session_view
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.history import History, HistoryNode
from editor.model.patch import Patch
from tests.app.session_cases import Fixture

REQUESTS = tuple(
    EditRequest("0" * 32, None, Instruction("brighter"), "adjust", 1, (("exposure", float(n)),))
    for n in (1, 2)
)
FIRST, SECOND = (Slot(request) for request in REQUESTS)
DONE = replace(FIRST, candidate=Candidate(REQUESTS[0], Patch(REQUESTS[0].settings)))


def results(**fields: object) -> Results:
    return replace(Results("job", "root", Instruction("brighter"), slots=(DONE, SECOND)), **fields)  # type: ignore[arg-type]


def history(*ids: str) -> History:
    """A line of ideas without pixels, head at the last one."""
    tree = History()
    for parent, id_ in zip((None, *ids), ids, strict=False):
        tree = tree.accept(HistoryNode(id_, parent, None, label=id_, time=0.0))
    return tree


def test_nothing_open_offers_nothing() -> None:
    assert session_view() == SessionView()
    assert not SessionView().is_busy


def test_a_snapshot_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        SessionView().has_document = True  # type: ignore[misc]


def test_undo_and_redo_follow_the_history() -> None:
    tree = history("root", "child")
    at_child = session_view(history=tree)
    assert (at_child.can_undo, at_child.can_redo) == (True, False)
    at_root = session_view(history=tree.undo())
    assert (at_root.can_undo, at_root.can_redo) == (False, True)
    assert at_root.has_document


@pytest.mark.parametrize("stage", ResultsStage)
def test_a_live_stage_is_busy(stage: ResultsStage) -> None:
    view = session_view(results=results(stage=stage))
    assert view.stage is stage
    assert view.is_busy is (
        stage in (ResultsStage.PREPARING, ResultsStage.ASKING, ResultsStage.RUNNING)
    )
    assert view.is_ranked is (stage is ResultsStage.RANKED)


def test_only_a_finished_result_can_be_kept() -> None:
    assert session_view(results=results(), looked_at=FIRST.key).has_look
    assert not session_view(results=results(), looked_at=SECOND.key).has_look
    assert not session_view(results=results()).has_look
    assert session_view(results=results()).finished == 1


def test_results_say_what_they_are() -> None:
    assert not session_view(results=results()).is_explored
    assert session_view(results=results(instruction=Instruction(""))).is_explored


def test_a_session_takes_it_of_itself(f: Fixture) -> None:
    assert f.session.snapshot() == SessionView(has_document=True)
    f.run()
    view = f.session.snapshot()
    assert view.is_ranked
    assert view.has_look
    assert view.finished == 2
    f.keep()
    assert f.session.snapshot().can_undo
