from __future__ import annotations

from dataclasses import replace

from app.session.edit_options import EditOptions
from app.session.job_messages import cancelled_message, failure_message, progress_message
from app.session.results import ResultsStage
from editor.messages import Message, verbatim
from editor.model.edit import Instruction
from inference.request import jobs
from tests.app.session.part_cases import picture, results, slot

IMAGE = picture().image


def test_words_are_asked_with_the_caption_that_is_known() -> None:
    shown = results(stage=ResultsStage.PREPARING)
    job = EditOptions(count=3, skip=2).job(shown, {IMAGE.pixel_digest: "a wall"}, IMAGE, seed=7)
    assert job.instructions == (Instruction("brighter", "a wall"),)
    assert (job.count, job.skip, job.seed) == (3, 2, 7)
    assert job.selection is None
    assert job.source is IMAGE
    assert job.ask
    assert job.id == shown.job


def test_a_whole_instruction_is_taken_as_it_is() -> None:
    whole = Instruction("brighter", "a wall", "a bright wall")
    job = EditOptions(("adjust",), instruction=whole).job(results(), {}, IMAGE, seed=0)
    assert job.instructions == (whole,)
    assert job.methods == ("adjust",)
    assert not job.ask


def test_progress_names_the_step_and_the_time_left() -> None:
    shown = results(slot(1.0, done=False), stage=ResultsStage.RUNNING)
    message, share = progress_message(jobs.Progress("job", "editing", 2, 4, 3.2), shown)
    assert message.text == "Measuring result 1 of 4, about 3 s left"
    assert share == 0.05  # tone and colour is quick, measuring takes the time
    waiting = slot(1.0, done=False)
    repainted = replace(waiting, request=replace(waiting.request, method="sdedit"))
    sampled = results(repainted, stage=ResultsStage.RUNNING)
    message, share = progress_message(jobs.Progress("job", "editing", 2, 4, 3.2), sampled)
    assert message.text == "Step 2 of 4, about 3 s left"
    assert share == 0.45
    message, share = progress_message(jobs.Progress("job", "scoring", 4, 4), shown)
    assert message.text == "Measuring result 4 of 4"
    assert share == 1.0
    message, share = progress_message(jobs.Progress("job", "loading", 0, 1), shown)
    assert (message.text, share) == ("Loading, some seconds the first time", 0.0)
    clip = jobs.Progress("job", "loading", 0, 100, what=Message("role.clip"))
    message, _ = progress_message(clip, shown)
    assert message.text == "Loading CLIP, some seconds the first time"
    message, share = progress_message(replace(clip, step=42), shown)
    assert (message.text, share) == ("Loading CLIP, 42 %", 0.0)
    message, share = progress_message(jobs.Progress("job", "captioning", 0, 1), shown)
    assert (message.text, share) == ("Reading words and picture", 0.0)


def test_a_failure_has_the_button_of_its_kind_else_its_own() -> None:
    known = failure_message(
        jobs.JobFailed("job", "not_understood", verbatim("What?"), verbatim("Words"))
    )
    assert (known.text, known.action) == ("What?", "show_words")
    other = failure_message(
        jobs.JobFailed("job", "odd", verbatim("It broke."), verbatim("Mend it"), "trace")
    )
    assert (other.text, other.button, other.details) == ("It broke. Mend it", "", "trace")


def test_a_cancel_counts_what_stays() -> None:
    texts = [cancelled_message(number).text for number in (0, 1, 3)]
    assert texts == [
        "Cancelled.",
        "Cancelled. 1 finished result stays.",
        "Cancelled. 3 finished results stay.",
    ]
