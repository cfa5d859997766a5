from __future__ import annotations

import numpy as np
import pytest

from editor.errors import NotUnderstood
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Quality
from inference.request.jobs import (
    CandidateReady,
    Event,
    JobFailed,
    JobFinished,
    Planned,
    Prepared,
    ScoreReady,
)
from inference.workflow.engine import Engine
from inference.workflow.prepare import prepare


def ramp() -> Image:
    values = np.linspace(20, 120, 96)[None, :, None] * np.array([1.0, 0.9, 0.8])
    return Image.from_array(values.repeat(80, axis=0).astype(np.uint8))


def instructions(*texts: str) -> tuple[Instruction, ...]:
    return tuple(Instruction(text) for text in texts)


def run(job: EditJob) -> list[Event]:
    events: list[Event] = []
    Engine(ModelStore()).run(job, events.append, CancelToken())
    return events


def explore(*texts: str) -> EditJob:
    return EditJob(
        instructions(*texts), ramp(), count=1, seed=3, quality=Quality.PREVIEW, ask=False
    )


def test_each_is_scored_by_its_own_words() -> None:
    events = run(explore("brighter", "darker", "warmer"))
    assert isinstance(events[-1], JobFinished)
    assert [e.instruction.text for e in events if isinstance(e, Prepared)] == [
        "brighter", "darker", "warmer",
    ]  # fmt: skip
    (planned,) = (e for e in events if isinstance(e, Planned))
    assert [r.instruction.text for r in planned.requests] == ["brighter", "darker", "warmer"]
    assert {request.seed for request in planned.requests} == {3}
    scores = {e.score.key: e.score for e in events if isinstance(e, ScoreReady)}
    assert len(scores) == sum(isinstance(e, CandidateReady) for e in events) == 3
    # "Darker" measured by the words of "brighter" would have gone the wrong way.
    assert all((scores[request.key].asked or 0) > 0.4 for request in planned.requests)


def test_what_cannot_be_done_is_left_out() -> None:
    found = prepare(explore("turn the boat into a swan", "warmer"), ModelStore(), CancelToken())
    assert [one.instruction.text for one in found] == ["warmer"]
    with pytest.raises(NotUnderstood):
        prepare(explore("turn it into a swan"), ModelStore(), CancelToken())
    with pytest.raises(NotUnderstood):
        prepare(explore(), ModelStore(), CancelToken())


def test_a_cancel_and_a_refusal_end_it() -> None:
    token = CancelToken()
    token.cancel()
    events: list[Event] = []
    Engine(ModelStore()).run(explore("warmer"), events.append, token)
    assert type(events[-1]).__name__ == "JobCancelled"
    last = run(explore("gibberish please"))[-1]
    assert isinstance(last, JobFailed)
    assert last.kind == "not_understood"
