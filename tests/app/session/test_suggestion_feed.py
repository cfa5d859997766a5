"""Suggestions that follow the idea, in a session without a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.runtime.model_folders import ModelFolders
from app.session.changes import Changes
from app.session.results import ResultsStage
from app.session.suggestion_feed import SuggestionFeed
from editor.messages import verbatim
from editor.model.edit import Suggestion
from inference.request import jobs
from inference.request.analysis import Domain
from tests.app.session.part_cases import Parts, results
from tests.app.session_cases import CAPTION


def test_without_models_phrases_that_fit(f: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders(()))
    feed: SuggestionFeed = f.session.suggestion_feed
    feed.start()
    f.wait(lambda: feed.suggestions)
    assert not f.engine.submitted
    first = {s.text for s in feed.suggestions}
    assert len(first) == 5
    assert all(s.reason for s in feed.suggestions)
    assert feed.note
    feed.others()
    f.wait(lambda: {s.text for s in feed.suggestions} != first)


@pytest.fixture
def feed(f: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SuggestionFeed:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders((tmp_path,)))
    made: SuggestionFeed = f.session.suggestion_feed
    made.start()
    f.wait(lambda: f.engine.submitted)
    return made


def answer(f: Any, *texts: str, caption: str = CAPTION, **more: Any) -> jobs.SuggestJob:
    job: jobs.SuggestJob = f.last(jobs.SuggestJob)
    made = tuple(Suggestion.of(t, CAPTION, f"{CAPTION}, {t}", "Because.") for t in texts)
    f.engine.job_event.emit(jobs.SuggestionsReady(job.id, caption, made, **more))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    return job


def test_suggestions_follow_the_idea(f: Any, feed: SuggestionFeed) -> None:
    first = f.last(jobs.SuggestJob)
    assert first.source is f.session.image  # nobody knows yet what it shows
    assert first.priority is jobs.Priority.SUGGEST
    answer(f, "rain", "snow")
    assert [s.text for s in feed.shown] == ["Rain", "Snow"]
    assert feed.caption() == CAPTION
    assert feed.instructions[0].target_prompt == f"{CAPTION}, rain"
    f.run()
    f.keep()
    f.wait(lambda: f.last(jobs.SuggestJob) is not first)
    again = f.last(jobs.SuggestJob)
    assert [s.instruction for s in again.path if s.accepted] == ["", "brighter"]
    assert feed.shown == ()  # they are of another picture


def test_an_answer_that_comes_after_walking_on_is_for_the_idea_it_was_asked_for(
    f: Any, feed: SuggestionFeed
) -> None:
    answer(f, "rain", caption="a ramp")
    f.run()
    f.keep()
    f.session.binding.captions.clear()
    kept = f.session.image.pixel_digest
    f.wait(lambda: f.last(jobs.SuggestJob).path[-1].instruction == "brighter")
    job = f.last(jobs.SuggestJob)
    f.session.binding.captions.clear()
    f.session.undo()
    assert f.session.image.pixel_digest != kept
    made = (Suggestion.of("snow", CAPTION, f"{CAPTION}, snow", "Because."),)
    f.engine.job_event.emit(jobs.SuggestionsReady(job.id, "a brighter ramp", made))
    assert f.session.binding.captions == {kept: "a brighter ramp"}
    assert "Snow" not in {s.text for s in feed.shown}
    f.wait(lambda: f.last(jobs.SuggestJob) is not job)


def test_walking_during_a_job_that_fails_brings_others(f: Any, feed: SuggestionFeed) -> None:
    f.run()
    f.keep()
    f.wait(lambda: f.last(jobs.SuggestJob).path[-1].instruction == "brighter")
    job = answer(f, "rain")
    f.session.edit.run("warmer")
    f.session.undo()
    asked = f.engine.job
    feed._again = False  # nothing was under way when the edit began
    f.engine.job_event.emit(jobs.JobFailed(asked.id, "bug", verbatim("No.")))
    f.wait(lambda: f.last(jobs.SuggestJob) is not job)
    assert len(f.last(jobs.SuggestJob).path) == 1


def test_an_edit_ends_them_and_they_come_back(f: Any, feed: SuggestionFeed) -> None:
    first = f.last(jobs.SuggestJob)
    f.session.edit.run("brighter")
    assert first.id in f.engine.cancelled
    f.engine.job_event.emit(jobs.SuggestionsReady(first.id, CAPTION))  # too late
    f.engine.prepare(0.5)
    f.engine.edit()
    f.wait(lambda: f.last(jobs.SuggestJob) is not first)


def test_pin_refuse_and_correct(f: Any, feed: SuggestionFeed) -> None:
    answer(f, "rain", "snow", "fog", "night")
    feed.pin("Fog", True)
    assert feed.shown[0].text == "Fog"
    feed.refuse("Rain")
    assert "Rain" in f.document.dismissed
    assert "Rain" not in {s.text for s in feed.shown}
    feed.others()
    job = answer(f, "dew", "hail")
    assert job.refused == ("Rain",)
    assert job.seed == 1
    assert [s.text for s in feed.shown] == ["Fog", "Dew", "Hail"]
    feed.pin("Fog", False)
    feed.correct("a blue house")
    job = f.last(jobs.SuggestJob)
    assert job.caption == "a blue house"
    assert job.source is None
    assert list(f.document.captions.values()) == ["a blue house"]  # on disk: it was work


@pytest.mark.parametrize("how", ["foreign", "empty", "failed"])
def test_where_the_model_knows_nothing_phrases_that_fit(
    f: Any, feed: SuggestionFeed, how: str
) -> None:
    if how == "foreign":
        answer(f, "rain", caption="a picture", domain=Domain(False, 0.1), note=verbatim("Foreign."))
    elif how == "empty":
        answer(f, missing=("captioner",), note=verbatim("No captioner."))
    else:
        job = f.last(jobs.SuggestJob)
        f.engine.job_event.emit(jobs.JobFailed(job.id, "bug", verbatim("No.")))
    f.wait(lambda: len(feed.shown) == 5)
    assert "Rain" not in {s.text for s in feed.shown}
    assert all(not s.instruction.target_prompt for s in feed.shown)
    assert f.session.messages.current is None  # nobody asked, so nobody is told


def test_alone_it_asks_for_nothing_before_it_is_started(
    p: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders((p.tmp_path,)))
    feed = SuggestionFeed(p.engine, p.binding, p.results, p.work, p.messages)
    p.open()
    feed.on_changed(Changes.ALL)
    assert not feed._timer.isActive()
    feed.start()
    p.wait(lambda: p.engine.submitted)
    job = p.engine.submitted[-1]
    assert isinstance(job, jobs.SuggestJob)
    p.results.value = results(stage=ResultsStage.RUNNING)
    feed.on_changed(Changes.JOB)  # an edit comes first
    assert p.engine.cancelled == [job.id]
    p.results.value = None
    feed.on_changed(Changes.JOB)
    p.wait(lambda: len(p.engine.submitted) == 2)
