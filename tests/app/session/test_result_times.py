from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.session.result_times import ResultTimes
from editor.model.edit import Candidate
from editor.model.patch import Patch, settings_of
from inference.request import jobs
from inference.workflow.preparation import Preparation
from tests.app.session_cases import Fixture, repainting


class TimesFixture(Fixture):
    """A session whose edits are timed."""

    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        super().__init__(tmp_path, app)
        self.times = ResultTimes(self.session.engine, self.session.driver, self.settings)


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[TimesFixture]:
    fixture = TimesFixture(tmp_path, qapp)
    yield fixture
    fixture.session.close()
    fixture.work.close()


def begin(f: TimesFixture) -> jobs.EditJob:
    f.session.edit.run("make it night", methods=("instruct_pix2pix",))
    job: jobs.EditJob = f.engine.job
    f.engine.understand(Preparation(job.instructions[0], **repainting("make it night")))
    return job


def make(f: TimesFixture, job: jobs.EditJob, seconds: float) -> None:
    for request in f.engine.requests:
        recorded = settings_of({"seconds": seconds})
        candidate = Candidate(request, Patch(()), recorded)
        f.engine.job_event.emit(jobs.CandidateReady(job.id, candidate))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 1.0))


def test_the_last_measurement_is_remembered(f: TimesFixture, tmp_path: Path) -> None:
    times = f.times
    assert times.seconds("instruct_pix2pix") is None
    make(f, begin(f), 3.214)
    assert times.seconds("instruct_pix2pix") == 3.21
    make(f, begin(f), 2.5)
    assert times.seconds("instruct_pix2pix") == 2.5
    assert times.seconds("sdedit") is None


def test_an_edit_that_had_to_load_does_not_count(f: TimesFixture) -> None:
    job = begin(f)
    f.engine.job_event.emit(jobs.Progress(job.id, "loading", 0, 1))
    make(f, job, 20.0)
    assert f.times.seconds("instruct_pix2pix") is None


def test_events_of_other_jobs_do_not_count(f: TimesFixture) -> None:
    job = begin(f)
    candidate = Candidate(f.engine.requests[0], Patch(()), settings_of({"seconds": 0.1}))
    f.engine.job_event.emit(jobs.CandidateReady("a-preview", candidate))
    assert f.times.seconds("instruct_pix2pix") is None
    make(f, job, 3.0)
    assert f.times.seconds("instruct_pix2pix") == 3.0
