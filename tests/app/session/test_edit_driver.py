"""The driver with a scripted engine: events in, results, messages and jobs out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.session.changes import Changes, MessageKind
from app.session.edit_options import EditOptions
from app.session.results import Results, ResultsStage
from editor.messages import verbatim
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.selection import Selection
from editor.ranking.weights import Weights
from inference.request import jobs
from inference.workflow.edit_run import EditStage
from inference.workflow.preparation import Preparation
from tests.app.session.part_cases import HEIGHT, WIDTH, Parts, slot
from tests.app.session_cases import adjusting

ADJUSTING = adjusting(0.5)


def begin(p: Parts) -> None:
    """Start an edit of the document's picture."""

    def job(results: Results, image: Image) -> jobs.EditJob:
        return p.driver.options.job(results, p.binding.captions, image, p.driver.seed)

    p.driver.start_here(Instruction("brighter"), job, 4)


def test_nothing_starts_without_a_document(p: Parts) -> None:
    assert not p.driver.may_start()
    assert p.messages.current is None


def test_an_empty_selection_is_in_the_way(p: Parts) -> None:
    p.open()
    assert p.driver.may_start()
    p.view.set_selection(Selection.from_array(np.zeros((HEIGHT, WIDTH), np.uint8)))
    assert not p.driver.may_start()
    assert p.messages.current is not None
    assert p.messages.current.action == "select_none"
    p.messages.on_changed(Changes.SELECTION)
    assert p.messages.current is None


def test_a_refused_run_leaves_no_live_preview(p: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    document = p.open()
    p.view.set_live(slot(0.5).candidate)
    monkeypatch.setattr(type(document), "read_only", True)
    assert not p.driver.may_start()
    assert p.messages.current is not None
    assert p.view.live is None


def test_from_words_to_ranked_results(p: Parts) -> None:
    document = p.open()
    p.driver.options = EditOptions(count=2)
    ended: list[ResultsStage] = []
    p.driver.ranked.connect(lambda: ended.append(p.results.value.stage))  # type: ignore[union-attr]
    begin(p)
    assert p.results.value is not None
    assert p.results.value.stage is ResultsStage.PREPARING
    p.engine.prepare(0.5, 1.0)
    assert p.results.value.stage is ResultsStage.RUNNING
    assert len(p.results.value.slots) == 2
    (job,) = p.engine.submitted
    assert job.id == p.driver.run.id == p.results.value.job
    p.engine.edit()
    assert ended == [ResultsStage.RANKED]
    assert p.view.looked_at == p.results.value.ordered[0].key
    assert p.driver.options.able == ("adjust",)
    assert "2 results" in p.announced[-1]
    stored = document.results(document.history.current.id)
    assert [candidate.key for candidate in stored[0].candidates] == [
        slot.key for slot in p.results.value.slots
    ]


def test_no_further_reading_brings_the_results_of_here_back(p: Parts) -> None:
    p.open()
    p.driver.options = EditOptions(count=1, skip=2)
    begin(p)
    p.engine.prepare(0.5, 1.0)
    assert p.results.value is None
    assert "no further readings" in p.line_text()
    assert not p.results.is_busy
    assert not p.driver.run.stage.is_live


def test_progress_is_one_line_and_never_goes_back(p: Parts) -> None:
    p.open()
    begin(p)
    p.engine.prepare(0.5, 1.0)
    seen = []
    for stage, step in (("loading", 0), ("editing", 2), ("editing", 1), ("scoring", 1)):
        p.engine.job_event.emit(jobs.Progress(p.driver.run.id, stage, step, 4))
        seen.append(p.driver.progress)
        assert p.messages.current is not None
        assert p.messages.current.kind is MessageKind.PROGRESS
    assert seen == sorted(seen)
    assert 0 < seen[-1] <= 1
    p.engine.edit()
    assert p.messages.current is None  # the end takes it away


def test_events_of_other_jobs_change_nothing(p: Parts) -> None:
    p.open()
    begin(p)
    p.engine.prepare(0.5)
    before = p.results.value
    for event in (
        jobs.JobCancelled("other"),
        jobs.JobFailed("other", "bug", verbatim("It broke.")),
        jobs.Progress("other", "editing", 1, 2),
        jobs.EngineReady("cpu", "1", 1),
    ):
        p.engine.job_event.emit(event)
    assert p.results.value is before


def test_cancel_ends_at_once_and_what_comes_late_is_dropped(p: Parts) -> None:
    p.open()
    p.driver.cancel()  # nothing runs: nothing happens
    assert p.messages.current is None
    begin(p)
    p.engine.prepare(0.5, 1.0)
    p.engine.edit(upto=1)
    p.driver.cancel()
    assert p.results.value is not None
    assert p.results.value.stage is ResultsStage.CANCELLED
    assert p.driver.run.id in p.engine.cancelled
    assert "1 finished result" in p.line_text()
    before = p.results.value
    p.engine.edit()
    assert p.results.value is before


def test_a_failure_is_said_with_its_button(p: Parts) -> None:
    p.open()
    begin(p)
    job = p.engine.submitted[-1].id
    p.engine.job_event.emit(
        jobs.JobFailed(job, "selection_needed", verbatim("Where?"), verbatim("Select"))
    )
    assert p.results.value is None
    assert p.driver.run.stage is EditStage.FAILED
    assert p.messages.current is not None
    assert (p.messages.current.text, p.messages.current.action) == ("Where?", "tool_lasso")


def test_an_engine_that_is_gone_ends_the_edit(p: Parts) -> None:
    p.open()
    begin(p)
    p.engine.failed.emit(OSError("no place"))
    assert not p.results.is_busy
    assert p.messages.current is not None
    assert "no place" in p.messages.current.details


def test_the_end_is_heard_before_the_stage_changes(p: Parts) -> None:
    p.open()
    begin(p)
    stages: list[Any] = []
    p.driver.ending.connect(lambda: stages.append(p.results.value.stage))  # type: ignore[union-attr]
    p.driver.give_up()
    assert stages == [ResultsStage.PREPARING]


def test_a_selection_that_no_longer_fits_is_left_out(p: Parts) -> None:
    p.open()
    p.view.selection = Selection.from_array(np.full((HEIGHT, WIDTH + 1), 255, np.uint8))
    begin(p)
    assert p.engine.job.selection is None
    assert p.results.value is not None
    assert p.results.value.selection is None


def test_weights_sort_ranked_results_again(p: Parts) -> None:
    p.open()
    p.driver.set_weights(Weights(2.0, 0.5))
    assert p.changes[-1:] != [Changes.RESULTS]
    begin(p)
    p.engine.prepare(0.5, 1.0)
    p.engine.edit(asked=(0.2, 0.9))
    assert p.results.value is not None
    first = p.results.value.ranking
    p.driver.set_weights(Weights(0.0, 5.0))
    assert p.changes[-1] is Changes.RESULTS
    assert p.results.value.ranking is not first


@pytest.mark.parametrize("known", [False, True])
def test_a_caption_of_the_artist_stands_over_that_of_a_model(p: Parts, known: bool) -> None:
    p.open()
    begin(p)
    image = p.driver.source()
    assert image is not None
    if known:
        p.binding.captions[image.pixel_digest] = "a wall"
    p.engine.understand(Preparation(Instruction("brighter"), caption="a grey field", **ADJUSTING))
    assert p.binding.captions[image.pixel_digest] == ("a wall" if known else "a grey field")


def test_what_is_kept_is_accepted_once_the_edit_has_ended(p: Parts) -> None:
    p.open()
    begin(p)
    p.engine.prepare(0.5, 1.0)
    p.engine.edit(upto=1)
    key = p.engine.requests[0].key
    p.driver.accept(p.driver.run.id, key)
    assert p.driver.run.accepted == ""
    p.driver.cancel()
    p.driver.accept("of another edit", key)
    assert p.driver.run.accepted == ""
    p.driver.accept(p.driver.run.id, key)
    assert p.driver.run.accepted == key
