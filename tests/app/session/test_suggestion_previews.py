"""Suggestions drawn while nothing else runs, in a session without a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.runtime.model_folders import ModelFolders
from app.session.suggestion_previews import MOST, SLOW_SECONDS, SuggestionPreviews
from editor.model.edit import Suggestion
from inference.request import jobs
from inference.request.edit_job import Quality
from inference.workflow.preparation import Preparation
from tests.app.session.part_cases import previews_of
from tests.app.session_cases import CAPTION, repainting

TEXTS = ("Rain", "Snow", "Fog", "Night", "Noon")


def shown_suggestions(f: Any) -> None:
    job = f.last(jobs.SuggestJob)
    made = tuple(Suggestion.of(t, CAPTION, f"{CAPTION}, {t}", "Because.") for t in TEXTS)
    f.engine.job_event.emit(jobs.SuggestionsReady(job.id, CAPTION, made))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


@pytest.fixture
def previews(f: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SuggestionPreviews:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders((tmp_path,)))
    made = previews_of(f.session)
    made.set_enabled(True)
    f.session.suggestion_feed.start()
    f.wait(lambda: f.engine.submitted)
    shown_suggestions(f)
    return made


def rest(previews: SuggestionPreviews) -> None:
    """Nothing else has gone on for long enough."""
    assert previews.timer.isActive()
    previews.timer.stop()
    previews.timer.timeout.emit()


def test_the_first_are_drawn_one_after_another(f: Any, previews: SuggestionPreviews) -> None:
    assert [one.text for one in previews.wanted] == list(TEXTS[:MOST])
    rest(previews)
    for number in range(MOST):
        job = f.engine.job
        assert job.instructions[0].text == TEXTS[number]
        assert (job.quality, job.priority) == (Quality.PREVIEW, jobs.Priority.PREVIEW)
        assert not job.ask
        f.engine.prepare(0.5)
        f.engine.edit()
        assert list(previews.candidates) == list(TEXTS[: number + 1])
    assert f.engine.job.instructions[0].text == TEXTS[MOST - 1]
    assert f.session.results is None, "they are no results"


def test_an_edit_ends_them_and_they_go_on_afterwards(f: Any, previews: SuggestionPreviews) -> None:
    rest(previews)
    drawn = f.engine.job
    f.session.edit.run("brighter")
    assert drawn.id in f.engine.cancelled
    assert not previews.timer.isActive()
    f.engine.prepare(0.5)
    f.engine.edit()
    assert f.session.results is not None
    assert not previews.candidates
    rest(previews)


def test_typing_puts_them_off(f: Any, previews: SuggestionPreviews) -> None:
    rest(previews)
    drawn = f.engine.job
    previews.pause()
    assert drawn.id in f.engine.cancelled
    rest(previews)
    assert f.engine.job.instructions == drawn.instructions


def test_a_job_that_gave_way_follows(f: Any, previews: SuggestionPreviews) -> None:
    rest(previews)
    f.engine.job_event.emit(jobs.JobCancelled(f.engine.job.id))
    rest(previews)
    assert f.engine.job.instructions[0].text == TEXTS[0]


def test_what_no_method_draws_is_left_out(f: Any, previews: SuggestionPreviews) -> None:
    rest(previews)
    f.engine.understand(Preparation(f.engine.job.instructions[0], methods=("flux_kontext",)))
    job = f.engine.job
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    assert f.engine.job.instructions[0].text == TEXTS[1]
    assert TEXTS[0] not in {one.text for one in previews.wanted}


def test_another_picture_begins_anew(f: Any, previews: SuggestionPreviews) -> None:
    rest(previews)
    f.engine.prepare(0.5)
    f.engine.edit()
    assert previews.candidates
    f.run()
    f.keep()
    assert not previews.candidates


def test_a_slow_method_draws_no_more(
    f: Any, previews: SuggestionPreviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("app.session.suggestion_previews.time.monotonic", lambda: now[0])
    rest(previews)
    job = f.engine.job
    assert "instruct_pix2pix" in job.only
    f.engine.understand(Preparation(job.instructions[0], **repainting("Rain")))
    now[0] = SLOW_SECONDS + 1
    f.engine.edit()
    assert "instruct_pix2pix" not in f.engine.job.only
    assert "adjust" in f.engine.job.only


def test_switched_off_it_draws_nothing(f: Any, previews: SuggestionPreviews) -> None:
    rest(previews)
    drawn = f.engine.job
    previews.set_enabled(False)
    assert drawn.id in f.engine.cancelled
    assert not previews.wanted
    assert not previews.timer.isActive()
