from __future__ import annotations

import pickle

import numpy as np
import pytest

from editor.messages import verbatim
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.patch import Patch
from editor.model.score import Score
from inference.request import jobs
from inference.request.analysis import Domain, Question
from inference.request.cancel import Cancelled, CancelToken

REQUEST = EditRequest("s", None, Instruction("x"), "adjust", 1, (("exposure", 1.0),))
EVENTS = [
    jobs.Prepared("j", Instruction("x"), ("adjust",), verbatim("a"), domain=Domain(True, 0.5)),
    jobs.QuestionAsked("j", Question(verbatim("Which?"), ("a", "b"), (Instruction("a"),))),
    jobs.Planned("j", (REQUEST,), {REQUEST.key: verbatim("a")}),
    jobs.Progress("j", "editing", 1, 4, None),
    jobs.CandidateReady("j", Candidate(REQUEST, Patch((("exposure", 1.0),)))),
    jobs.ScoreReady("j", Score("k", asked=0.5)),
    jobs.JobFinished("j", 1.0),
    jobs.JobCancelled("j"),
    jobs.JobFailed("j", "bug", verbatim("m"), verbatim("f"), "d", ("near",)),
    jobs.EngineReady("CPU", "0", 1),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: type(e).__name__)
def test_events_cross_and_stay_equal(event: jobs.Event) -> None:
    back = pickle.loads(pickle.dumps(event))
    assert type(back) is type(event)
    if isinstance(event, jobs.CandidateReady):
        assert isinstance(back, jobs.CandidateReady)
        assert back.candidate.key == event.candidate.key
        assert back.candidate.patch.digest == event.candidate.patch.digest
    else:
        assert back == event


def test_previews_cross() -> None:
    preview = jobs.Preview("j", "k", np.arange(12, dtype=np.uint8).reshape(2, 2, 3))
    back = pickle.loads(pickle.dumps(preview))
    assert np.array_equal(back.pixels, preview.pixels)


def test_a_token_belongs_to_one_job() -> None:
    one, two = CancelToken(), CancelToken()
    one.cancel()
    assert (one.cancelled, two.cancelled) == (True, False)
    two.check()
    with pytest.raises(Cancelled):
        one.check()


def test_ids_are_distinct() -> None:
    assert len({jobs.new_job_id() for _ in range(1000)}) == 1000
