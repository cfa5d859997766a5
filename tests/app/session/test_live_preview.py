"""Live, in a session without a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.runtime.model_folders import ModelFolders
from app.runtime.settings import Settings
from app.session.changes import Changes
from app.session.live_preview import LivePreview
from app.session.results import ResultsStage
from editor.messages import verbatim
from editor.model.edit import Candidate, Instruction
from editor.model.patch import Patch, settings_of
from inference.methods.instruct_pix2pix import INFO as INSTRUCT_PIX2PIX
from inference.request import jobs
from inference.request.analysis import Domain, Question
from inference.workflow.preparation import Preparation
from tests.app.session.part_cases import Parts, results
from tests.app.session_cases import CAPTION, repainting


@pytest.fixture
def live(f: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LivePreview:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders((tmp_path,)))
    preview: LivePreview = f.session.live_preview
    return preview


def test_tone_and_colour_follow_the_words(f: Any, live: LivePreview) -> None:
    nodes = len(f.document.history.nodes)
    live.say("warmer")
    f.wait(lambda: f.session.view.live is not None)
    assert not f.engine.submitted  # the window does it alone
    assert len(f.document.history.nodes) == nodes
    assert not f.session.results
    first = f.session.view.live
    live.say("cooler")
    f.wait(lambda: f.session.view.live is not first)
    live.say("")
    assert f.session.view.live is None


def test_a_real_job_and_a_look_end_it(f: Any, live: LivePreview) -> None:
    live.say("warmer")
    f.wait(lambda: f.session.view.live is not None)
    f.run("brighter")
    assert f.session.view.live is None
    live.say("cooler")
    f.wait(lambda: f.session.view.live is not None)
    assert f.session.view.looked_at is None  # Keep this means what is seen
    f.session.view.look_at_number(1)
    assert f.session.view.live is None
    assert f.session.view.looked_at is not None


def test_off_means_off(f: Any, live: LivePreview) -> None:
    live.say("warmer")
    f.wait(lambda: f.session.view.live is not None)
    live.set_mode("off")
    assert f.session.view.live is None
    assert not live.enabled
    live.set_mode("on")
    f.wait(lambda: f.session.view.live is not None)


def prepared(f: Any, live: LivePreview, **more: Any) -> jobs.EditJob:
    live.say("turn the house into a swan")
    f.wait(lambda: f.engine.submitted and isinstance(f.engine.submitted[-1], jobs.EditJob))
    job: jobs.EditJob = f.engine.job
    assert job.priority is jobs.Priority.PREVIEW
    words = job.instructions[0]
    f.engine.understand(Preparation(words, **repainting(words.text), **more))
    return job


def test_a_sampling_method_makes_a_quick_one(f: Any, live: LivePreview) -> None:
    job = prepared(f, live)
    assert job.priority is jobs.Priority.PREVIEW
    assert job.until is jobs.Until.EDITED
    (request,) = f.engine.requests
    assert set(INSTRUCT_PIX2PIX.preview) <= set(request.settings)
    candidate = Candidate(request, Patch(settings_of({"exposure": 0.2})))
    f.engine.job_event.emit(jobs.CandidateReady(job.id, candidate))
    assert f.session.view.live is candidate
    assert f.document.results(f.session.node.id) == ()
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


def made(f: Any) -> None:
    """The preview under way is there."""
    candidate = Candidate(f.engine.requests[0], Patch())
    f.engine.job_event.emit(jobs.CandidateReady(f.engine.job.id, candidate))
    f.engine.job_event.emit(jobs.JobFinished(f.engine.job.id, 0.1))


def test_on_a_known_picture_the_preview_comes_before_the_reading(f: Any, live: LivePreview) -> None:
    heard: list[Any] = []
    live.understood.connect(heard.append)
    first = prepared(f, live, caption=CAPTION)
    assert first.describe
    assert len(heard) == 1
    made(f)
    assert f.engine.submitted[-1] is not first  # "Read as" of words that no caption was given for
    live.say("turn the house into a boat")
    f.wait(lambda: not f.engine.job.describe)
    quick = f.engine.job
    f.engine.understand(Preparation(quick.instructions[0], **repainting("x")))
    assert len(heard) == 1
    made(f)
    reading = f.engine.job
    assert reading is not quick
    assert reading.until is jobs.Until.PREPARED
    assert reading.source is f.session.image
    assert reading.instructions[0].source_prompt == CAPTION
    whole = Instruction(reading.instructions[0].text, CAPTION, "a boat at noon")
    f.engine.understand(Preparation(whole, **repainting("x"), caption=CAPTION))
    assert heard[-1].instruction == whole
    assert f.engine.submitted[-1] is reading  # and that is all


def test_further_typing_cancels_it(f: Any, live: LivePreview) -> None:
    job = prepared(f, live)
    live.say("turn the house into a boat")
    assert job.id in f.engine.cancelled
    candidate = Candidate(f.engine.requests[0], Patch())
    f.engine.job_event.emit(jobs.CandidateReady(job.id, candidate))  # it had just finished
    assert f.session.view.live is None


def test_what_gave_way_to_another_job_is_made_after_it(f: Any, live: LivePreview) -> None:
    job = prepared(f, live)
    f.engine.job_event.emit(jobs.JobCancelled(job.id))
    f.wait(lambda: f.engine.job is not job)
    assert f.engine.job.instructions == job.instructions


def test_slow_methods_wait_to_be_switched_on(f: Any, live: LivePreview) -> None:
    measured = {"instruct_pix2pix": {"seconds": 4.0, "runs": 2}}
    live._settings.set("live_seconds", measured)
    prepared(f, live)
    assert f.engine.requests == ()
    assert not live.is_quick(INSTRUCT_PIX2PIX)
    live._settings.set("live", "on")
    assert live.is_quick(INSTRUCT_PIX2PIX)


def test_foreign_pictures_have_no_preview(f: Any, live: LivePreview) -> None:
    prepared(f, live, domain=Domain(False, 0.1), warning=verbatim("Expect little of them."))
    assert f.engine.requests == ()


def test_words_that_are_asked_about_have_no_preview(f: Any, live: LivePreview) -> None:
    prepared(f, live, question=Question(verbatim("Which one?"), ("this", "that")))
    assert f.engine.requests == ()
    assert f.session.clarification.question is None  # it is asked once the words are run


def test_words_for_a_scene_wait_for_who_paints_it(f: Any, live: LivePreview) -> None:
    heard: list[Any] = []
    live.understood.connect(heard.append)
    live.say("the same picture at dusk")
    f.wait(lambda: f.engine.submitted)
    job = f.engine.job
    assert f.session.view.live is None  # tone and colour has a reading, but no say yet
    f.engine.understand(Preparation(job.instructions[0], ("adjust",)))
    assert heard
    assert f.engine.submitted[-1] is job  # nobody paints here, so the window hints at it
    f.wait(lambda: f.session.view.live is not None)
    live.say("the same picture at dusk", ("adjust",))
    f.wait(lambda: f.session.view.live is not None)
    assert f.engine.submitted[-1] is job


def test_alone_it_draws_into_the_view_and_goes_with_a_job(
    p: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders(()))
    preview = LivePreview(
        p.engine, p.binding, p.results, p.view, Settings(p.tmp_path / "settings.json"), tuple, tuple
    )
    p.open()
    preview.say("warmer")
    p.wait(lambda: p.view.live is not None)
    p.results.value = results(stage=ResultsStage.RUNNING)
    preview.on_changed(Changes.JOB)
    assert p.view.live is None
    p.results.value = None
    preview.say("cooler")
    p.wait(lambda: p.view.live is not None)
    preview.on_changed(Changes.HEAD)  # walked on
    assert p.view.live is None
    assert not p.engine.submitted
