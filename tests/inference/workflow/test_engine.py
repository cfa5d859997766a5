from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.errors import SelectionNeeded
from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Selection
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Until
from inference.request.jobs import (
    CandidateReady,
    Event,
    Job,
    JobCancelled,
    JobFailed,
    JobFinished,
    Planned,
    Prepared,
    Progress,
    ScoreReady,
)
from inference.workflow.engine import Engine
from inference.workflow.prepare import prepare
from tests.inference.engine_cases import ENDS, picture


def run(job: Job, until: Callable[[Event], bool] | None = None) -> list[Event]:
    """Job in, list of events out; the token is set at the first event `until` accepts."""
    events: list[Event] = []
    token = CancelToken()

    def emit(event: Event) -> None:
        events.append(event)
        if until is not None and until(event):
            token.cancel()

    Engine().run(job, emit, token)
    assert all(e.job_id == job.id for e in events)
    assert [isinstance(e, ENDS) for e in events] == [False] * (len(events) - 1) + [True]
    return events


def edit_job(
    words: str, image: Image | None = None, selection: Selection | None = None, **options: Any
) -> EditJob:
    return EditJob((Instruction(words),), image or picture(), selection, **options)


def planned(events: list[Event]) -> tuple[EditRequest, ...]:
    """The requests of a job, from its events."""
    (plan,) = (e for e in events if isinstance(e, Planned))
    return plan.requests


def test_prepare_says_what_would_be_done() -> None:
    words = "warmer, and lift the shadows a little"
    found, end = run(edit_job(words, until=Until.PREPARED))
    assert isinstance(found, Prepared)
    assert isinstance(end, JobFinished)
    assert found.methods == ("adjust",)
    assert "warm" in str(found.sentence).lower()
    (prepared,) = prepare(edit_job(words), ModelStore(()), CancelToken())
    assert len(prepared.variants["adjust"]) == 4
    assert ("warmth", 1) in prepared.wanted_changes


def test_edit_makes_and_scores_every_candidate() -> None:
    job = edit_job("warmer", picture())
    events = run(job)
    made = [e.candidate for e in events if isinstance(e, CandidateReady)]
    scores = [e.score for e in events if isinstance(e, ScoreReady)]
    requests = planned(events)
    assert [c.request for c in made] == list(requests)
    assert [s.key for s in scores] == [r.key for r in requests]
    assert isinstance(events[-1], JobFinished)
    assert scores[0].asked is not None
    assert scores[0].asked > 0.2
    assert scores[0].outside is None
    assert (scores[0].direction, scores[0].image, scores[0].target) == (None, None, None)
    steps = [e for e in events if isinstance(e, Progress)]
    assert {e.stage for e in steps} == {"editing", "scoring"}


def test_without_scoring_candidates_only() -> None:
    kinds = {type(e) for e in run(edit_job("warmer", picture(), until=Until.EDITED))}
    assert kinds == {Prepared, Planned, Progress, CandidateReady, JobFinished}


def test_outside_is_zero_with_a_selection() -> None:
    image = picture(700, 600)
    selection = Selection.from_rect(Rect(100, 100, 300, 200), 700, 600).feathered(20)
    for words in ("warmer", "blur the background"):
        scores = [e.score for e in run(edit_job(words, image, selection))
                  if isinstance(e, ScoreReady)]  # fmt: skip
        assert scores
        assert all(score.outside == 0.0 for score in scores)


def test_the_same_job_gives_the_same_events() -> None:
    job = edit_job("film grain, warmer", picture())
    first, second = (
        [(e.candidate.patch.digest) for e in run(job) if isinstance(e, CandidateReady)]
        for _ in range(2)
    )
    assert first == second
    scores = [[e.score for e in run(job) if isinstance(e, ScoreReady)] for _ in range(2)]
    assert scores[0] == scores[1]


@pytest.mark.parametrize("kind", [Progress, CandidateReady, ScoreReady])
def test_cancel_at_every_stage(kind: type[Event]) -> None:
    job = edit_job("warmer", picture(1600, 1200))
    began: list[Event] = []

    def asked(event: Event) -> bool:
        if isinstance(event, kind) and not began:
            began.append(event)
            return True
        return False

    events = run(job, until=asked)
    assert isinstance(events[-1], JobCancelled)
    assert sum(isinstance(e, ScoreReady) for e in events) < job.count


def test_cancel_in_the_middle_of_a_render() -> None:
    token = CancelToken()
    job = edit_job("warmer", picture(1000, 900))
    events: list[Event] = []
    scoring = [0]

    class Watched(CancelToken):
        @property
        def cancelled(self) -> bool:
            scoring[0] += 1
            return scoring[0] > 3

    token = Watched()
    Engine().run(job, events.append, token)
    assert isinstance(events[-1], JobCancelled)
    assert not any(isinstance(e, ScoreReady) for e in events)


def test_cancelled_before_it_starts() -> None:
    token = CancelToken()
    token.cancel()
    for job in (edit_job("warmer", until=Until.PREPARED), edit_job("warmer")):
        events: list[Event] = []
        Engine().run(job, events.append, token)
        assert events == [JobCancelled(job.id)]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("", "not_understood"),
        ("xyzzy plugh", "not_understood"),
        ("darken the sky", "selection_needed"),
    ],
)
def test_expected_errors_are_told(words: str, kind: str) -> None:
    (end,) = run(edit_job(words))
    assert isinstance(end, JobFailed)
    assert end.kind == kind
    assert str(end.message)
    assert end.fix
    assert not end.details


def test_unknown_methods_and_settings_are_refused() -> None:
    (end,) = run(edit_job("warmer", methods=("magic",)))
    assert isinstance(end, JobFailed)
    assert end.kind == "unknown_method"
    (end,) = run(edit_job("warmer", settings=(("exposure", 99.0),)))
    assert isinstance(end, JobFailed)
    assert end.kind == "bad_setting"


def test_settings_alone_are_an_instruction() -> None:
    (request,) = planned(run(edit_job("", settings=(("exposure", 1.0),))))
    assert request.settings == (("exposure", 1.0),)


def test_bugs_and_lack_of_memory_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(error: Exception) -> Callable[..., None]:
        def raising(*_: object) -> None:
            raise error

        return raising

    job = edit_job("warmer")
    monkeypatch.setattr("inference.workflow.prepare.prepare", broken(RuntimeError("oh")))
    (end,) = run(job)
    assert isinstance(end, JobFailed)
    assert end.kind == "bug"
    assert "RuntimeError: oh" in end.details
    monkeypatch.setattr("inference.workflow.prepare.prepare", broken(MemoryError()))
    (end,) = run(job)
    assert isinstance(end, JobFailed)
    assert end.kind == "out_of_memory"
    monkeypatch.setattr("inference.workflow.prepare.prepare", broken(SelectionNeeded("a", "b")))
    (end,) = run(job)
    assert isinstance(end, JobFailed)
    assert (end.kind, str(end.message), str(end.fix)) == ("selection_needed", "a", "b")


def test_references_are_not_pictures() -> None:
    (end,) = run(EditJob((Instruction("warmer"),), None))  # type: ignore[arg-type]
    assert isinstance(end, JobFailed)
    assert end.kind == "bug"


def test_adjust_needs_no_torch() -> None:
    code = (
        "import sys\n"
        "from tests.inference.workflow.test_engine import *\n"
        "run(edit_job('warmer', picture()))\n"
        "bad = {m.split('.')[0] for m in sys.modules} & "
        "{'torch', 'diffusers', 'transformers', 'open_clip', 'accelerate', 'PySide6'}\n"
        "assert not bad, bad\n"
    )
    root = Path(__file__).resolve().parents[3]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


def test_large_pictures_are_measured_small_but_detail_at_full_size() -> None:
    rng = np.random.default_rng(3)
    noise = Image.from_array(rng.integers(90, 160, (1500, 1500, 3), np.uint8))
    sharper = [e.score for e in run(edit_job("sharper", noise)) if isinstance(e, ScoreReady)]
    assert max(s.asked or 0.0 for s in sharper) > 0.2
