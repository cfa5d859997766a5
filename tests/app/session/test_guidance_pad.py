"""Previews over both guidance scales: the nearest first, cancelled when the point moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.session.guidance_pad import FOLLOW, KEEP, GuidancePad, has_pad
from editor.messages import verbatim
from editor.model.edit import Candidate, Instruction
from editor.model.patch import Patch
from editor.model.score import Score
from inference.request import jobs
from inference.request.registry import METHODS
from inference.workflow.plan import announced
from inference.workflow.preparation import Preparation
from tests.app.session_cases import Fixture, repainting

METHOD = "instruct_pix2pix"
WORDS = "make it night"


class PadFixture(Fixture):
    """A session with a pad, and an engine that answers the pad's jobs one at a time."""

    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        super().__init__(tmp_path, app)
        self.words = Instruction(WORDS)
        session = self.session
        self.pad = GuidancePad(
            session.driver, session.engine, session.binding, session.current_results, session.view,
            session.model_choices, session.method_settings, lambda: self.words,
        )  # fmt: skip
        session.changed.connect(self.pad.on_changed)

    @property
    def asked(self) -> tuple[float, float]:
        """Follow and keep of the newest preview that was asked for."""
        settings = dict(self.engine.job.settings)
        return settings[FOLLOW], settings[KEEP]

    def make(self, understood: Instruction | None = None, **figures: Any) -> None:
        """The engine makes the newest preview, with a score where it has figures."""
        job = self.engine.job
        found = Preparation(understood or job.instructions[0], **repainting(WORDS))
        events, plan = announced(job, [found], job.source, job.selection)
        assert plan is not None
        for event in events:
            self.engine.job_event.emit(event)
        (request,) = plan.requests
        pixels = np.full((4, 6, 3), 90, np.uint8)
        self.engine.job_event.emit(jobs.Preview(job.id, request.key, pixels))
        self.engine.job_event.emit(jobs.CandidateReady(job.id, Candidate(request, Patch(()))))
        if figures:
            self.engine.job_event.emit(jobs.ScoreReady(job.id, Score(request.key, **figures)))
        self.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[PadFixture]:
    fixture = PadFixture(tmp_path, qapp)
    yield fixture
    fixture.pad.close()
    fixture.session.close()
    fixture.work.close()


def test_only_methods_with_both_guidances_have_a_pad() -> None:
    assert [info.name for info in METHODS.values() if has_pad(info)] == [METHOD]


def test_the_default_lies_in_the_middle_and_is_made_first(f: PadFixture) -> None:
    f.pad.open(METHOD)
    assert f.pad.point == (2.0, 2.0)
    assert f.asked == (7.5, 1.5)
    job = f.engine.job
    assert (job.quality, job.count, job.until) == (jobs.Quality.PREVIEW, 1, jobs.Until.SCORED)
    assert job.priority is jobs.Priority.PREVIEW


def test_all_cells_come_one_by_one_the_nearest_first(f: PadFixture) -> None:
    f.pad.open(METHOD)
    made = []
    while f.pad.ready < 25:
        made.append(f.asked)
        f.make()
    away = [((k - 1.5) / 0.25) ** 2 + ((t - 7.5) / 2.5) ** 2 for t, k in made]
    assert away == sorted(away)
    assert len(set(made)) == 25
    assert len(f.engine.submitted) == 25


def test_the_canvas_shows_the_nearest_that_is_finished(f: PadFixture) -> None:
    f.pad.open(METHOD)
    assert f.session.view.live is None
    f.make()
    shown = f.session.view.live
    assert shown is not None
    assert dict(shown.request.settings)[FOLLOW] == 7.5
    assert f.session.view.live_note == "Follow 7.5, keep 1.50. Run makes it at full quality"
    f.pad.move(12.5, 2.0)
    assert f.session.view.live is shown  # until the one that is nearer is there
    f.make()
    shown = f.session.view.live
    assert shown is not None
    assert dict(shown.request.settings)[FOLLOW] == 12.5


def test_what_is_far_is_cancelled_when_the_point_moves(f: PadFixture) -> None:
    f.pad.open(METHOD)
    first = f.engine.job
    f.pad.move(7.6, 1.5)  # still the nearest
    assert f.engine.job is first
    assert f.engine.cancelled == []
    f.pad.move(12.5, 2.0)
    assert f.engine.cancelled == [first.id]
    assert f.asked == (12.5, 2.0)


def test_finished_cells_are_kept_until_words_or_picture_change(f: PadFixture) -> None:
    f.pad.open(METHOD)
    f.make()
    f.pad.move(12.5, 2.0)
    assert f.pad.ready == 1
    f.words = Instruction("make it snow")
    f.pad.move(7.5, 1.5)
    assert f.pad.ready == 0
    assert f.engine.job.instructions[0].text == "make it snow"


def test_captions_that_one_preview_found_serve_the_others(f: PadFixture) -> None:
    f.pad.open(METHOD)
    job = f.engine.job
    assert job.describe
    whole = Instruction(WORDS, "a house at noon", "a house at night")
    f.make(whole)
    assert f.engine.job.instructions == (whole,)
    assert not f.engine.job.describe


def test_an_edit_goes_first_and_its_result_is_not_pushed_away(f: PadFixture) -> None:
    f.pad.open(METHOD)
    f.make()
    waiting = f.engine.job
    f.run()
    assert waiting.id in f.engine.cancelled
    looked_at = f.session.view.looked_at
    assert looked_at is not None
    f.make()  # previews go on after it
    assert f.session.view.looked_at == looked_at
    f.pad.move(7.5, 1.75)
    assert f.session.view.live is not None


def test_what_gave_way_to_another_job_is_asked_for_again(f: PadFixture) -> None:
    """Suggestions, say, go first; the engine ends a preview for them."""
    f.pad.open(METHOD)
    first = f.engine.job
    f.engine.job_event.emit(jobs.JobCancelled(first.id))
    assert f.engine.job is not first
    assert f.engine.job.settings == first.settings
    f.make()
    assert f.pad.ready == 1


def test_another_model_or_seed_makes_other_previews(f: PadFixture) -> None:
    f.pad.open(METHOD)
    f.make()
    f.session.driver.seed = 7
    f.pad.move(7.5, 1.5)
    assert f.pad.ready == 0
    assert f.engine.job.seed == 7
    f.make()
    f.settings.set("models", {METHOD: {"diffusion": "another"}})
    f.session.model_choices.changed.emit()
    assert f.pad.ready == 0
    assert f.engine.job.models != ()


def test_the_point_is_that_of_the_settings(f: PadFixture) -> None:
    f.session.method_settings.set(METHOD, KEEP, 2.0)
    f.pad.open(METHOD)
    assert f.pad.point == (4.0, 2.0)
    f.pad.move(10.0, 1.25)
    f.pad.settle()
    stored = dict(f.session.method_settings.options(METHOD).settings)
    assert (stored[FOLLOW], stored[KEEP]) == (10.0, 1.25)
    f.session.method_settings.reset(METHOD)
    f.pad.follow_settings(METHOD)
    assert f.pad.point == (2.0, 2.0)


def test_without_words_it_says_so_and_asks_for_nothing(f: PadFixture) -> None:
    f.words = Instruction("")
    f.pad.open(METHOD)
    assert f.pad.problem == "Say what should change, then it is previewed here."
    assert f.engine.submitted == []


def test_previews_go_with_the_words(f: PadFixture) -> None:
    f.pad.open(METHOD)
    f.make()
    assert f.session.view.live is not None
    f.words = Instruction("")
    f.pad.move(7.5, 1.75)
    assert f.session.view.live is None
    assert f.pad.ready == 0


def test_a_failure_is_said_and_nothing_is_tried_again_by_itself(f: PadFixture) -> None:
    f.pad.open(METHOD)
    job = f.engine.job
    f.engine.job_event.emit(jobs.JobFailed(job.id, "out_of_memory", verbatim("No room.")))
    assert f.pad.problem == "No room."
    assert len(f.engine.submitted) == 1


def test_closed_it_takes_its_preview_away(f: PadFixture) -> None:
    f.pad.open(METHOD)
    f.make()
    waiting = f.engine.job
    f.pad.close()
    assert f.session.view.live is None
    assert waiting.id in f.engine.cancelled
    assert f.pad.ready == 0


def test_a_cell_below_the_bar_says_which(f: PadFixture) -> None:
    f.pad.open(METHOD)
    f.make(direction=0.05, image=0.95, target=0.8, source=0.8)
    f.make(direction=0.4, image=0.9, target=0.8, source=0.8)
    assert f.pad.short_of((2, 2)) == "Too little changed"
    assert [f.pad.short_of((c, r)) for c in range(5) for r in range(5)].count("") == 24
    f.words = Instruction("make it snow")
    f.pad.move(7.5, 1.5)
    assert f.pad.short_of((2, 2)) == ""


def test_the_next_one_waits_for_the_score_of_the_last(f: PadFixture) -> None:
    f.pad.open(METHOD)
    job = f.engine.job
    found = Preparation(job.instructions[0], **repainting(WORDS))
    events, plan = announced(job, [found], job.source, job.selection)
    assert plan is not None
    for event in (*events, jobs.CandidateReady(job.id, Candidate(plan.requests[0], Patch(())))):
        f.engine.job_event.emit(event)
    assert f.pad.ready == 1
    assert f.session.view.live is not None  # it is shown at once
    f.pad.move(12.5, 2.0)
    assert (f.engine.job, f.engine.cancelled) == (job, [])
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    assert f.asked == (12.5, 2.0)


def test_a_preview_whose_score_gave_way_is_asked_for_again(f: PadFixture) -> None:
    f.pad.open(METHOD)
    job = f.engine.job
    found = Preparation(job.instructions[0], **repainting(WORDS))
    events, plan = announced(job, [found], job.source, job.selection)
    assert plan is not None
    for event in (*events, jobs.CandidateReady(job.id, Candidate(plan.requests[0], Patch(())))):
        f.engine.job_event.emit(event)
    f.engine.job_event.emit(jobs.JobCancelled(job.id))
    assert f.pad.ready == 0
    assert f.engine.job.settings == job.settings
