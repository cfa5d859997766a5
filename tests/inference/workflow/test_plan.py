"""From what `prepare` found to requests, and what a job says on the way; no engine, no models."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from editor.messages import verbatim
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from inference.methods.adjust import INFO as ADJUST
from inference.methods.instruct_pix2pix import INFO as INSTRUCT_PIX2PIX
from inference.methods.sdedit import INFO as SDEDIT
from inference.request import jobs, registry
from inference.request.analysis import Question, Variant
from inference.request.edit_job import EditJob, Quality, Until
from inference.request.fit import FitContext
from inference.request.method_options import MethodOptions
from inference.request.registry import METHODS
from inference.workflow.plan import announced, fitting_methods, plan_edit, plan_requests
from inference.workflow.preparation import Preparation
from inference.workflow.tone_preview import tone_preview

PICTURE = Image.from_array(np.full((4, 4, 3), 90, np.uint8))


def _ready(*variants: dict[str, float], name: str = "adjust") -> Preparation:
    made = tuple(
        Variant(tuple(sorted(v.items())), verbatim(f"way {i}")) for i, v in enumerate(variants)
    )
    return Preparation(Instruction("x"), (name,), {name: made})


def test_plan_gives_one_request_per_variant() -> None:
    ready = _ready({"exposure": 1.0}, {"exposure": 0.5}, {"exposure": 2.0})
    requests = plan_requests(ready, source_digest="s", selection_digest="m", count=2, seed=7)
    assert [dict(r.settings) for r in requests] == [{"exposure": 1.0}, {"exposure": 0.5}]
    assert {(r.source_digest, r.selection_digest, r.seed) for r in requests} == {("s", "m", 7)}
    assert len(plan_requests(ready, source_digest="s", count=8)) == 3
    assert ready.sentence_of(requests[1]) == verbatim("way 1")


def test_settings_fixed_by_hand_win_and_equal_requests_fall_together() -> None:
    ready = _ready({"exposure": 1.0}, {"exposure": 0.5})
    requests = plan_requests(ready, source_digest="s", settings=(("exposure", 0.1),))
    assert [dict(r.settings) for r in requests] == [{"exposure": 0.1}]


def test_sampling_methods_count_seeds_and_share(monkeypatch: pytest.MonkeyPatch) -> None:
    sampler = dataclasses.replace(ADJUST, name="sampler", variety="seeds", cost=5.0)
    monkeypatch.setattr(registry, "METHODS", {**METHODS, "sampler": sampler})
    ready = _ready({"exposure": 1.0}, {"exposure": 0.5}, {"exposure": 0.2})
    requests = plan_requests(
        ready, source_digest="s", methods=("sampler", "adjust"), count=5, seed=3
    )
    assert [(r.method, r.seed) for r in requests] == [
        ("adjust", 3), ("adjust", 3), ("adjust", 3), ("sampler", 3), ("sampler", 4),
    ]  # fmt: skip


def test_planning_is_pure() -> None:
    ready = _ready({"exposure": 1.0})
    assert plan_requests(ready, source_digest="s") == plan_requests(ready, source_digest="s")


def job(**options: object) -> EditJob:
    return EditJob((Instruction("x"),), PICTURE, **options)  # type: ignore[arg-type]


def painted(**more: object) -> Preparation:
    name = INSTRUCT_PIX2PIX.name
    return Preparation(Instruction("x"), (name,), {name: (Variant((), verbatim("x")),)}, **more)  # type: ignore[arg-type]


def test_what_was_shown_before_is_left_out() -> None:
    found = _ready(*({"exposure": step / 4} for step in range(1, 7)))
    plan = plan_edit(job(count=2, skip=3), [found], PICTURE, None)
    assert [dict(r.settings) for r in plan.requests] == [{"exposure": 1.0}, {"exposure": 1.25}]
    assert plan_edit(job(count=2, skip=6), [found], PICTURE, None).requests == ()


def test_only_readings_are_left_out_where_several_methods_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """ "Again" after two readings and two seeds: two further readings and two further seeds."""
    sampler = dataclasses.replace(ADJUST, name="sampler", variety="seeds", cost=5.0)
    monkeypatch.setattr(registry, "METHODS", {**METHODS, "sampler": sampler})
    ready = _ready(*({"exposure": step / 4} for step in range(1, 7)))
    found = dataclasses.replace(ready, methods=("sampler", "adjust"))
    both = job(methods=("sampler", "adjust"), count=4, skip=2, seed=4)
    plan = plan_edit(both, [found], PICTURE, None)
    assert [(r.method, r.seed) for r in plan.requests] == [
        ("adjust", 4), ("adjust", 4), ("sampler", 4), ("sampler", 5),
    ]  # fmt: skip
    assert [dict(r.settings) for r in plan.requests[:2]] == [{"exposure": 0.75}, {"exposure": 1.0}]


def test_each_instruction_is_measured_by_its_own_words() -> None:
    brighter = dataclasses.replace(_ready({"exposure": 1.0}), wanted_changes=(("lightness", 1),))
    darker = dataclasses.replace(_ready({"exposure": -1.0}), wanted_changes=(("lightness", -1),))
    plan = plan_edit(job(count=1), [brighter, darker, brighter], PICTURE, None)
    assert len(plan.requests) == 2, "the same edit is made once"
    assert [plan.measured[r.key][0] for r in plan.requests] == [
        (("lightness", 1),), (("lightness", -1),),
    ]  # fmt: skip
    assert {r.seed for r in plan.requests} == {0}, "what differs is what was said"


def test_a_preview_takes_the_quick_settings_where_none_is_fixed() -> None:
    preview = job(count=1, quality=Quality.PREVIEW)
    (request,) = plan_edit(preview, [painted()], PICTURE, None).requests
    assert set(INSTRUCT_PIX2PIX.preview) <= set(request.settings)
    fixed = dataclasses.replace(preview, settings=(("num_inference_steps", 3),))
    (request,) = plan_edit(fixed, [painted()], PICTURE, None).requests
    assert dict(request.settings)["num_inference_steps"] == 3


def test_what_is_set_for_a_method_goes_before_its_sweep_and_after_what_is_fixed() -> None:
    options = MethodOptions((("image_guidance_scale", 2.0), ("negative_prompt", "fog")), 40, 16)
    own = job(count=2, seed=7, options=((INSTRUCT_PIX2PIX.name, options),))
    requests = plan_edit(own, [painted()], PICTURE, None).requests
    assert [r.seed for r in requests] == [40, 41]
    assert {r.work_size for r in requests} == {(16, 16)}
    for request in requests:
        assert dict(request.settings)["image_guidance_scale"] == 2.0
        assert dict(request.settings)["negative_prompt"] == "fog"
    fixed = dataclasses.replace(own, settings=(("image_guidance_scale", 3.0),))
    (first, _) = plan_edit(fixed, [painted()], PICTURE, None).requests
    assert dict(first.settings)["image_guidance_scale"] == 3.0


def test_a_model_guided_by_words_alone_is_varied_by_their_guidance() -> None:
    name = INSTRUCT_PIX2PIX.name
    own = (("guidance_scale", 1.5), ("image_guidance_scale", 1.0))
    found = dataclasses.replace(painted(), defaults={name: own})
    requests = plan_edit(job(count=4), [found], PICTURE, None).requests
    made = [dict(request.settings) for request in requests]
    assert [values["image_guidance_scale"] for values in made] == [1.0] * 4, "no third branch"
    assert [values["guidance_scale"] for values in made] == [1.5, 2.0, 3.0, 1.5]
    plain = plan_edit(job(count=3), [painted()], PICTURE, None).requests
    assert [dict(r.settings)["image_guidance_scale"] for r in plain] == [1.5, 1.2, 1.8]
    assert len({dict(r.settings)["guidance_scale"] for r in plain}) == 1


def test_candidates_of_sdedit_lie_about_the_strength_that_is_asked() -> None:
    found = dataclasses.replace(painted(), methods=(SDEDIT.name,))

    def strengths(count: int, **settings: float) -> list[float]:
        asked = job(count=count, settings=settings_of(settings))
        requests = plan_edit(asked, [found], PICTURE, None).requests
        assert [r.seed for r in requests] == list(range(count))
        return [dict(r.settings)["strength"] for r in requests]

    assert strengths(4) == [0.7, 0.55, 0.85, 0.625]
    assert strengths(3, strength=0.4) == [0.4, 0.25, 0.55]
    assert strengths(1, strength=0.4) == [0.4], "one candidate is what was asked"
    assert strengths(3, strength=1.0) == [1.0, 0.85, 0.85], "never over the limit"


def test_a_preview_stays_quick_whatever_is_set() -> None:
    options = MethodOptions((("num_inference_steps", 90),), work_side=512)
    preview = job(count=1, quality=Quality.PREVIEW, options=((INSTRUCT_PIX2PIX.name, options),))
    (request,) = plan_edit(preview, [painted()], PICTURE, None).requests
    assert set(INSTRUCT_PIX2PIX.preview) <= set(request.settings)
    assert request.work_size == (0, 0)


def test_what_is_set_for_another_method_changes_nothing() -> None:
    options = (("sdedit", MethodOptions((("num_inference_steps", 90),), 3, 512)),)
    plans = [plan_edit(job(options=o), [painted()], PICTURE, None) for o in ((), options)]
    assert plans[0].requests == plans[1].requests


QUESTION = Question(verbatim("Which?"), ("a", "b"))


@pytest.mark.parametrize(
    ("options", "more", "last"),
    [
        ({}, {}, jobs.Planned),
        ({}, {"question": QUESTION}, jobs.QuestionAsked),
        ({"ask": False}, {"question": QUESTION}, jobs.Planned),
        ({"until": Until.PREPARED}, {}, jobs.Prepared),
        ({"until": Until.EDITED}, {}, jobs.Planned),
        ({"only": ("instruct_pix2pix",)}, {}, jobs.Planned),
        ({"only": ("instruct_pix2pix",)}, {"warning": verbatim("Expect little.")}, jobs.Prepared),
        ({"only": ()}, {}, jobs.Prepared),
    ],
)
def test_how_far_a_job_goes(
    options: dict[str, object], more: dict[str, object], last: type
) -> None:
    events, plan = announced(job(**options), [painted(**more)], PICTURE, None)
    assert isinstance(events[0], jobs.Prepared)
    assert isinstance(events[-1], last)
    assert (plan is not None) == (last is jobs.Planned)
    assert len(events) == (1 if last is jobs.Prepared else 2)


@pytest.mark.parametrize(
    ("readable", "painted", "names"),
    [
        (True, False, ["adjust", "instruct_pix2pix"]),
        (True, True, ["instruct_pix2pix"]),
        (False, False, ["instruct_pix2pix"]),
    ],
)
def test_auto(readable: bool, painted: bool, names: list[str]) -> None:
    context = FitContext(readable, painted)
    found = fitting_methods([ADJUST, INSTRUCT_PIX2PIX], lambda info: context)
    assert [info.name for info in found] == names


def test_auto_without_a_model_is_tone_and_colour() -> None:
    context = FitContext(readable=True, painted=True)
    assert fitting_methods([ADJUST], lambda info: context) == [ADJUST]


def test_auto_takes_the_best_of_several_that_compete() -> None:
    """One that fits less than half as well is left out."""
    general = dataclasses.replace(INSTRUCT_PIX2PIX, name="general", fit=lambda context: 0.8)
    poor = dataclasses.replace(INSTRUCT_PIX2PIX, name="poor", fit=lambda context: 0.4)
    found = fitting_methods([ADJUST, general, poor, INSTRUCT_PIX2PIX], lambda info: FitContext())
    assert [info.name for info in found] == ["instruct_pix2pix", "general"]


def test_auto_never_takes_what_runs_only_where_it_is_named() -> None:
    assert not METHODS["inpaint"].competes
    assert fitting_methods([METHODS["inpaint"]], lambda info: FitContext()) == []


def test_a_tone_preview_is_the_engines_first_candidate() -> None:
    from inference.models.store import ModelStore
    from inference.request.cancel import CancelToken
    from inference.workflow.engine import Engine

    candidate = tone_preview("warmer", PICTURE, None)
    assert candidate is not None
    made: list[jobs.Event] = []
    work = EditJob((Instruction("warmer"),), PICTURE, until=Until.EDITED)
    Engine(ModelStore()).run(work, made.append, CancelToken())
    first = next(e.candidate for e in made if isinstance(e, jobs.CandidateReady))
    assert (candidate.key, candidate.patch.digest) == (first.key, first.patch.digest)


@pytest.mark.parametrize("text", ["turn it into a boat", "darken the sky", ""])
def test_other_words_have_no_tone_preview(text: str) -> None:
    assert tone_preview(text, PICTURE, None) is None
