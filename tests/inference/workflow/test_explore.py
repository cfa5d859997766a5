from __future__ import annotations

import numpy as np
import pytest

from editor.errors import NotUnderstood
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.jobs import (
    CandidateReady,
    EditJob,
    Event,
    ExploreJob,
    ExploreReady,
    JobFailed,
    JobFinished,
    ScoreReady,
)
from inference.workflow.engine import Engine
from inference.workflow.explore import plan_exploration
from inference.workflow.prepare import prepare_several


def ramp() -> Image:
    values = np.linspace(20, 120, 96)[None, :, None] * np.array([1.0, 0.9, 0.8])
    return Image.from_array(values.repeat(80, axis=0).astype(np.uint8))


def said(*texts: str) -> tuple[Instruction, ...]:
    return tuple(Instruction(text) for text in texts)


def run(engine: Engine, job: ExploreJob | EditJob) -> list[Event]:
    events: list[Event] = []
    engine.run(job, events.append, CancelToken())
    return events


def test_each_is_scored_by_its_own_words() -> None:
    engine, source = Engine(ModelStore()), ramp()
    events = run(engine, ExploreJob(said("brighter", "darker", "warmer"), source=source))
    ready = next(e for e in events if isinstance(e, ExploreReady))
    assert isinstance(events[-1], JobFinished)
    planned = plan_exploration(ready, source_digest=source.pixel_digest, seed=3)
    assert [request.instruction.text for _, request in planned] == ["brighter", "darker", "warmer"]
    assert {request.seed for _, request in planned} == {3}
    events = run(engine, EditJob.of_several(planned, source, None))
    scores = {e.score.key: e.score for e in events if isinstance(e, ScoreReady)}
    assert len(scores) == sum(isinstance(e, CandidateReady) for e in events) == 3
    # "Darker" measured by the words of "brighter" would have gone the wrong way.
    assert all((scores[request.key].asked or 0) > 0.4 for _, request in planned)


def test_what_cannot_be_done_is_left_out() -> None:
    ready = prepare_several(
        ExploreJob(said("turn the boat into a swan", "warmer")), ModelStore(), CancelToken()
    )
    assert [one.instruction.text for one in ready.readies] == ["warmer"]
    with pytest.raises(NotUnderstood):
        prepare_several(ExploreJob(said("turn it into a swan")), ModelStore(), CancelToken())
    with pytest.raises(NotUnderstood):
        prepare_several(ExploreJob(()), ModelStore(), CancelToken())


def test_the_same_edit_is_rendered_once() -> None:
    ready = prepare_several(ExploreJob(said("warmer", "warmer")), ModelStore(), CancelToken())
    assert len(plan_exploration(ready, source_digest="0" * 40)) == 1


def test_a_cancel_and_a_refusal_end_it() -> None:
    token = CancelToken()
    token.cancel()
    events: list[Event] = []
    Engine(ModelStore()).run(ExploreJob(said("warmer")), events.append, token)
    assert type(events[-1]).__name__ == "JobCancelled"
    last = run(Engine(ModelStore()), ExploreJob(said("gibberish please")))[-1]
    assert isinstance(last, JobFailed)
    assert last.kind == "not_understood"
