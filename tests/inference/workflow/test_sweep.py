"""Previews over seeds and guidance, from which candidates are picked; making is stood in for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from editor.messages import verbatim
from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.score import Score
from inference.methods.instruct_pix2pix import INFO
from inference.request.analysis import Variant
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Quality, Until
from inference.request.jobs import CandidateReady, Event, Progress, ScoreReady
from inference.request.method_options import MethodOptions
from inference.request.settings import KEEP, SWEEP_SEEDS
from inference.workflow.mix import MethodTimes
from inference.workflow.plan import RequestPlan, plan_edit
from inference.workflow.preparation import Preparation
from inference.workflow.sweep import with_picks

PICTURE = Image.from_array(np.full((4, 4, 3), 90, np.uint8))
NAME, GUIDANCE = INFO.name, "image_guidance_scale"
FOUND = Preparation(Instruction("x"), (NAME,), {NAME: (Variant((), verbatim("x")),)})


class StandInMaker:
    """Makes nothing; more guidance keeps more, and seed 6 is the best at each guidance."""

    def __init__(self, *, knows: bool = True, compares: bool = True) -> None:
        self.asked: list[RequestPlan] = []
        self._knows, self._compares = knows, compares

    def can_compare(self, instruction: Instruction) -> bool:
        return self._compares

    def make(self, job_id: str, plan: RequestPlan, *rest: Any) -> list[Candidate]:
        emit = rest[2]
        self.asked.append(plan)
        made = [Candidate(request, Patch()) for request in plan.requests]
        emit(Progress(job_id, "loading", 0, 1))
        emit(Progress(job_id, "editing", 1, 2, 3.0))
        for one in made:
            emit(CandidateReady(job_id, one))
        return made

    def score(self, job_id: str, plan: RequestPlan, *rest: Any) -> None:
        made, emit = rest[2], rest[3]
        for one in made:
            guidance = dict(one.request.settings)[GUIDANCE]
            best = 0.1 if one.request.seed == 6 else 0.0
            direction = 1 - guidance / 2 + best if self._knows else None
            image = guidance / 2 + best if self._knows else None
            emit(ScoreReady(job_id, Score(one.key, direction=direction, image=image)))


def swept(maker: StandInMaker, events: list[Event], **options: Any) -> tuple[EditJob, Preparation]:
    values = options.pop("values", {SWEEP_SEEDS: 3})
    begun = options.pop("found", FOUND)
    job = EditJob(
        (Instruction("x"),), PICTURE, seed=5, count=2,
        options=((NAME, MethodOptions(settings_of(values))),), **options,
    )  # fmt: skip
    found = with_picks(
        job, begun, PICTURE, None, maker, events.append, CancelToken(),  # type: ignore[arg-type]
        MethodTimes().seconds,
    )  # fmt: skip
    return job, found


def test_seeds_times_guidances_are_tried_quickly() -> None:
    maker = StandInMaker()
    events: list[Event] = []
    swept(maker, events)
    (plan,) = maker.asked
    tried = {(r.seed, dict(r.settings)[GUIDANCE]) for r in plan.requests}
    assert INFO.grid is not None
    assert tried == {(seed, scale) for seed in (5, 6, 7) for scale in INFO.grid[1]}
    assert all(set(INFO.preview) <= set(request.settings) for request in plan.requests)
    assert set(plan.measured) == {request.key for request in plan.requests}
    assert plan.quality is Quality.PREVIEW
    assert [type(event) for event in events] == [Progress], "they are no results"
    assert isinstance(events[0], Progress)
    assert (events[0].stage, events[0].step, events[0].seconds_left) == ("sweeping", 1, None)


def test_a_model_guided_by_words_alone_is_tried_at_several_guidances_of_words() -> None:
    maker = StandInMaker()
    own = replace(FOUND, defaults={NAME: (("guidance_scale", 1.5), (GUIDANCE, 1.0))})
    swept(maker, [], found=own)
    tried = {
        (r.seed, dict(r.settings)["guidance_scale"], dict(r.settings)[GUIDANCE])
        for r in maker.asked[0].requests
    }
    assert tried == {(seed, words, 1.0) for seed in (5, 6, 7) for words in (1.5, 2.0, 3.0)}


def test_keep_picks_along_the_front_what_is_drawn() -> None:
    for keep, expected in ((0.0, [1.2, 1.5]), (0.5, [1.5, 1.2]), (1.0, [1.8, 1.5])):
        job, found = swept(StandInMaker(), [], values={SWEEP_SEEDS: 3, KEEP: keep})
        requests = plan_edit(job, [found], PICTURE, None).requests
        assert [r.seed for r in requests] == [6, 6], "the best of each guidance"
        assert [dict(r.settings)[GUIDANCE] for r in requests] == expected
        for request in requests:
            assert not {SWEEP_SEEDS, KEEP} & set(dict(request.settings))
            assert dict(request.settings)["num_inference_steps"] == 20, "drawn in full"


def test_a_guidance_that_the_artist_set_stays() -> None:
    maker = StandInMaker()
    swept(maker, [], values={SWEEP_SEEDS: 2, GUIDANCE: 2.5})
    assert {dict(r.settings)[GUIDANCE] for r in maker.asked[0].requests} == {2.5}


def test_nothing_is_swept_unless_it_is_asked_for() -> None:
    cases: tuple[dict[str, Any], ...] = (
        {"values": {}}, {"quality": Quality.PREVIEW}, {"until": Until.PREPARED},
    )  # fmt: skip
    for options in cases:
        maker = StandInMaker()
        assert swept(maker, [], **options)[1] == FOUND
        assert not maker.asked


def test_without_clip_nothing_is_tried_and_that_is_said() -> None:
    maker = StandInMaker(compares=False)
    _, found = swept(maker, [])
    assert not maker.asked
    assert [one.code for one in found.skipped] == ["sweep.cannot_compare"]
    assert found == replace(FOUND, skipped=found.skipped)


def test_where_clip_does_not_know_the_picture_the_plan_stays() -> None:
    job, found = swept(StandInMaker(knows=False), [])
    assert (
        plan_edit(job, [found], PICTURE, None).requests
        == plan_edit(replace(job, options=()), [FOUND], PICTURE, None).requests
    )
