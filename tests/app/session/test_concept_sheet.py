"""From words to pictures over a scripted engine: prompts first, then one picture after another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.session import concept_sheet
from app.session.changes import Changes
from app.session.concept_sheet import ConceptSheet
from app.session.model_need import show_models
from app.session.results import Results, ResultsStage
from app.session.story_look import StoryLook
from editor.errors import ModelMissing
from editor.messages import Message
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.patch import Patch
from editor.ranking.prompt_order import RankedPrompt
from inference.request import jobs
from tests.app.session.part_cases import Parts

WORDS = "lighthouse"
PROMPTS = (
    RankedPrompt("a lighthouse by the sea, soft light", 1.0, 1),
    RankedPrompt("a house", 0.0, 0),
)


@pytest.fixture
def p(tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    monkeypatch.setattr(concept_sheet, "picture_side", lambda *_: 8)
    parts = Parts(tmp_path, qapp)
    yield parts
    parts.close()


def begun(p: Parts, words: str = WORDS) -> ConceptSheet:
    """A sheet that is looked at, once the words are read."""
    sheet = ConceptSheet(p.engine, p.results, p.work, tuple)
    sheet.show(True)
    sheet.begin(words)
    p.wait(lambda: not sheet.is_reading)
    return sheet


def newest(p: Parts, kind: type[Any]) -> Any:
    return next(job for job in reversed(p.engine.submitted) if isinstance(job, kind))


def write(p: Parts) -> None:
    job = newest(p, jobs.ConceptJob)
    p.engine.job_event.emit(jobs.ConceptPromptsReady(job.id, job.concepts[0], PROMPTS))
    p.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


def next_picture(p: Parts, number: int) -> jobs.EditJob:
    """The job of the picture with this number, from 1."""
    p.wait(lambda: len([j for j in p.engine.submitted if type(j) is jobs.EditJob]) >= number)
    job: jobs.EditJob = newest(p, jobs.EditJob)
    return job


def draw(p: Parts, job: jobs.EditJob) -> None:
    (instruction,) = job.instructions
    request = EditRequest("0" * 32, None, instruction, "generate", 1)
    p.engine.job_event.emit(jobs.CandidateReady(job.id, Candidate(request, Patch(()))))
    p.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


def test_prompts_are_written_first_and_then_drawn_one_by_one(p: Parts) -> None:
    sheet = begun(p)
    assert newest(p, jobs.ConceptJob).concepts == (WORDS,)
    write(p)
    assert len(sheet.cells) == 3
    first = next_picture(p, 1)
    assert (first.priority, first.quality, first.methods) == (
        jobs.Priority.PREVIEW, jobs.Quality.PREVIEW, ("generate",),
    )  # fmt: skip
    draw(p, first)
    second = next_picture(p, 2)
    assert second.instructions != first.instructions
    assert sheet.chosen_cell is not None
    assert sheet.chosen_cell.drawn is not None
    sheet.another()
    assert sheet.chosen_cell.drawn is None  # it is drawn anew, with other noise


def test_an_edit_goes_first_and_pictures_follow_it(p: Parts) -> None:
    sheet = begun(p)
    write(p)
    job = next_picture(p, 1)
    p.results.value = Results("job", "", Instruction("x"), stage=ResultsStage.RUNNING)
    sheet.on_changed(Changes.JOB)
    assert p.engine.cancelled == [job.id]
    p.results.value = None
    sheet.on_changed(Changes.JOB)
    assert next_picture(p, 2).instructions == job.instructions
    sheet.show(False)
    assert not sheet.is_busy


def test_without_a_model_that_writes_the_words_themselves_are_drawn(p: Parts) -> None:
    sheet = begun(p)
    job = newest(p, jobs.ConceptJob)
    why = Message("ideas.no_prompts")
    p.engine.job_event.emit(jobs.JobFailed(job.id, "writes_no_prompts", why))
    assert sheet.problem is not None
    assert (sheet.problem.button, sheet.problem.action) == ("Add a model", "show_models:chat")
    assert next_picture(p, 1).instructions[0].target_prompt == WORDS


def test_what_cannot_be_drawn_is_left_and_said(p: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = begun(p)
    write(p)
    job = next_picture(p, 1)
    p.engine.job_event.emit(jobs.JobFailed(job.id, "bug", jobs.BUG))
    assert sheet.cells[0].failed.startswith("Something went wrong in the program.")
    next_picture(p, 2)

    def missing(*_: object) -> int:
        raise ModelMissing("none")

    monkeypatch.setattr(concept_sheet, "picture_side", missing)
    other = begun(p, "boat")
    write(p)
    p.wait(lambda: other.problem is not None)
    assert other.problem is not None
    assert other.problem.action == "show_models:text_to_image"


def test_concepts_are_ticked_added_and_left_out(p: Parts) -> None:
    sheet = begun(p)
    sheet.add("  stormy  sea ")
    assert newest(p, jobs.ConceptJob).concepts == (WORDS, "stormy sea")
    sheet.tick(WORDS, False)
    assert newest(p, jobs.ConceptJob).concepts == ("stormy sea",)
    sheet.add("stormy sea")
    assert [one.concept.text for one in sheet.frames] == [WORDS, "stormy sea"]
    sheet.set_balance(0.0)
    sheet.set_story(True)
    assert [cell.prompt.prompt for cell in sheet.cells] == ["stormy sea"]


def test_a_story_is_drawn_in_one_look(p: Parts) -> None:
    sheet = begun(p, "A cat lived in a red house. The cat flew over the hills.")
    assert sheet.is_story
    assert sheet.things == ("red house",)  # no word says what "cat" looks like
    write(p)
    first = next_picture(p, 1).instructions[0].target_prompt
    sheet.choose(first)
    sheet.set_look(StoryLook("watercolour", "red house"))
    assert sheet.chosen != first
    assert sheet.chosen_cell is not None
    assert all(cell.prompt.prompt.endswith(", watercolour") for cell in sheet.cells)
    assert all("red house" in cell.prompt.prompt for cell in sheet.cells)
    sheet.another()
    assert sheet.chosen_cell is not None
    sheet.begin("A boat came. A boat went.")
    assert sheet.look == StoryLook("watercolour")


def test_a_locked_picture_stays_and_another_has_the_words_of_the_artist(p: Parts) -> None:
    sheet = begun(p, "A cat lived in a red house. The cat flew over the hills.")
    first, second = (cell.prompt.prompt for cell in sheet.cells)
    sheet.choose(first)
    sheet.lock(True)
    sheet.another()
    look = StoryLook("pixel art")
    sheet.set_look(look)
    assert [cell.prompt.prompt for cell in sheet.cells] == [first, look.of(second)]
    assert sheet.chosen == first
    sheet.set_words(sheet.cells[1].frame.concept.text, " a cat  in a balloon ")
    assert [cell.prompt.prompt for cell in sheet.cells] == [first, "a cat in a balloon"]
    assert sheet.chosen == "a cat in a balloon"
    write(p)
    assert next_picture(p, 1).instructions[0].target_prompt == first
    sheet.another()  # its words stay; the picture is another one
    assert sheet.chosen == "a cat in a balloon"
    sheet.set_words(sheet.cells[1].frame.concept.text, "")
    assert sheet.chosen == look.of(second)
    sheet.choose(first)
    sheet.lock(False)
    assert sheet.chosen.endswith(", pixel art")


def test_what_the_model_that_draws_cannot_know_is_said_beside_its_pictures(p: Parts) -> None:
    sheet = begun(p, "an old clockmaker and a fox")
    job = newest(p, jobs.ConceptJob)
    for words in job.concepts:
        p.engine.job_event.emit(jobs.ConceptPromptsReady(job.id, words, PROMPTS, (words,)))
    p.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    assert sheet.note is not None
    assert sheet.note.text.startswith("The model that draws cannot know ")
    assert all(f"“{words}”" in sheet.note.text for words in job.concepts)
    assert sheet.note.action == show_models("text_to_image")


def test_what_the_language_model_cannot_know_is_said_and_not_asked_again(p: Parts) -> None:
    sheet = begun(p, "an old clockmaker and a fox")
    job = newest(p, jobs.ConceptJob)
    assert len(job.concepts) == 2
    for words in job.concepts:
        p.engine.job_event.emit(jobs.ConceptPromptsReady(job.id, words, (), (words,)))
    p.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    assert sheet.problem is None
    assert sheet.note is not None
    assert all(f"“{words}”" in sheet.note.text for words in job.concepts)
    assert sheet.note.action == show_models("chat")
    asked = len(p.engine.submitted)
    sheet.tick(job.concepts[0], False)
    assert f"“{job.concepts[0]}”" not in sheet.note.text
    sheet.tick(job.concepts[0], True)
    sheet.tick(job.concepts[1], False)
    sheet.tick(job.concepts[0], False)
    assert sheet.note is None
    written = [one for one in p.engine.submitted[asked:] if isinstance(one, jobs.ConceptJob)]
    assert not written
    sheet.tick(job.concepts[0], True)
    sheet.on_models_changed()  # another language model may know them
    assert newest(p, jobs.ConceptJob).concepts == (job.concepts[0],)
    assert sheet.note is None
