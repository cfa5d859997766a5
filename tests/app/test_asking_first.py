"""The one question, Explore, Live and new pictures, in a session without a window."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.live import Live
from app.results import Stage
from app.settings import Settings
from app.suggesting import Suggesting
from editor.edit import Candidate, Instruction, Suggestion
from editor.patch import Patch, settings_of
from editor.ranking import Score
from inference import jobs
from inference.prepare import prepare_several
from inference.registry import INSTRUCT_PIX2PIX

spec = importlib.util.spec_from_file_location(
    "session_cases", Path(__file__).with_name("test_session.py")
)
assert spec
assert spec.loader
cases: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)

CAPTION = "a red house at noon"


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[Any]:
    fixture = cases.Fixture(tmp_path, qapp)
    yield fixture
    fixture.session.close()
    fixture.work.close()


def last(f: Any, kind: type) -> Any:
    return next(job for job in reversed(f.engine.submitted) if isinstance(job, kind))


def ask(f: Any, text: str = "paint the boat") -> jobs.PrepareJob:
    f.session.run(text)
    job: jobs.PrepareJob = last(f, jobs.PrepareJob)
    question = jobs.Question(
        "The caption names no boat. What is meant?",
        ("paint the house", "paint the boat"),
        (Instruction("paint the house", CAPTION), Instruction("paint the boat", CAPTION)),
    )
    f.engine.job_event.emit(
        jobs.InstructionReady(
            job.id, job.instruction, ("instruct_pix2pix",),
            {"instruct_pix2pix": (jobs.Variant((), text),)}, caption=CAPTION, question=question,
        )
    )  # fmt: skip
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    return job


def explore(f: Any, *texts: str, upto: int | None = None) -> None:
    from inference.jobs import CancelToken
    from inference.models import ModelStore

    f.session.explore([Instruction(text) for text in texts])
    job = last(f, jobs.ExploreJob)
    f.engine.job_event.emit(prepare_several(job, ModelStore(), CancelToken()))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    f.engine.edit(upto=upto)


# --- question ---------------------------------------------------------------------------------


def test_nothing_runs_before_the_answer(f: Any) -> None:
    job = ask(f)
    image = f.session.image
    assert job.source is image
    assert f.session.results.stage is Stage.ASKING
    assert f.session.question.answers == ("paint the house", "paint the boat")
    assert not [j for j in f.engine.submitted if isinstance(j, jobs.EditJob)]
    assert f.session.captions == {f.session.image.pixel_digest: CAPTION}


def test_another_reading_is_prepared_and_not_asked_about_again(f: Any) -> None:
    ask(f)
    f.session.answer(0)
    again = f.engine.submitted[-1]
    assert isinstance(again, jobs.PrepareJob)
    assert again.instruction == Instruction("paint the house", CAPTION)
    f.engine.job_event.emit(
        jobs.InstructionReady(
            again.id, again.instruction, ("instruct_pix2pix",),
            {"instruct_pix2pix": (jobs.Variant((), "x"),)},
            question=jobs.Question("Again?", ("one", "two")),
        )
    )  # fmt: skip
    assert f.session.question is None
    edit = f.engine.submitted[-1]
    assert isinstance(edit, jobs.EditJob)
    assert {r.instruction.text for r in edit.requests} == {"paint the house"}


def test_the_words_as_they_stand_go_on_at_once(f: Any) -> None:
    ask(f)
    f.session.answer(1)
    assert isinstance(f.engine.submitted[-1], jobs.EditJob)
    assert f.session.results.instruction.text == "paint the boat"


def test_a_question_can_be_left(f: Any) -> None:
    ask(f)
    f.session.answer(7)
    assert f.session.question is not None
    f.session.cancel()
    assert f.session.question is None
    assert f.session.results.stage is Stage.CANCELLED
    f.session.answer(0)
    assert not [j for j in f.engine.submitted if isinstance(j, jobs.EditJob)]


# --- explore ----------------------------------------------------------------------------------


def test_explored_results_have_their_own_words_and_are_ranked(f: Any) -> None:
    explore(f, "brighter", "warmer", "more contrast")
    results = f.session.results
    assert results.stage is Stage.RANKED
    assert results.explored
    texts = [s.request.instruction.text for s in results.slots]
    assert texts == ["brighter", "warmer", "more contrast"]
    assert len(results.ranking.places) == 3


def test_one_of_them_is_kept_with_its_words_the_others_as_not_wanted(f: Any) -> None:
    from inference.language.path import path_of

    explore(f, "brighter", "warmer")
    f.session.look_at(f.session.results.slots[1].key)
    f.keep()
    assert f.session.node.label == "warmer"
    steps = path_of(f.document.history)
    assert [(s.instruction, s.accepted) for s in steps[1:]] == [
        ("brighter", False), ("warmer", True),
    ]  # fmt: skip
    f.session.undo()
    assert f.session.results.explored  # they come back with the idea
    stored = f.document.results(f.session.node.id)[-1]
    assert [c.request.instruction.text for c in stored.candidates] == ["brighter", "warmer"]


def test_refine_runs_the_words_of_one_again(f: Any) -> None:
    explore(f, "brighter", "warmer")
    f.session.refine(f.session.results.slots[1].key)
    job = f.engine.submitted[-1]
    assert isinstance(job, jobs.PrepareJob)
    assert job.instruction.text == "warmer"
    assert job.methods == ("adjust",)
    assert not f.session.results.explored


def test_explore_can_be_cancelled_and_needs_something(f: Any) -> None:
    f.session.explore([])
    assert not f.session.results
    assert f.session.message is not None
    explore(f, "brighter", "warmer", upto=1)
    f.session.cancel()
    assert f.session.results.stage is Stage.CANCELLED
    assert len(f.session.results.finished) == 1
    assert f.session.results.job in f.engine.cancelled


# --- live -------------------------------------------------------------------------------------


@pytest.fixture
def live(f: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Live:
    monkeypatch.setattr("app.paths.models", lambda: (tmp_path,))
    return Live(f.session, Settings(tmp_path / "settings.json"))


def test_tone_and_colour_follow_the_words(f: Any, live: Live) -> None:
    nodes = len(f.document.history.nodes)
    live.say("warmer")
    f.wait(lambda: f.session.live is not None)
    assert not f.engine.submitted  # the window does it alone
    assert len(f.document.history.nodes) == nodes
    assert not f.session.results
    first = f.session.live
    live.say("cooler")
    f.wait(lambda: f.session.live is not first)
    live.say("")
    assert f.session.live is None


def test_a_real_job_and_a_look_end_it(f: Any, live: Live) -> None:
    live.say("warmer")
    f.wait(lambda: f.session.live is not None)
    f.run("brighter")
    assert f.session.live is None
    live.say("cooler")
    f.wait(lambda: f.session.live is not None)
    assert f.session.looked_at is None  # Keep this means what is seen
    f.session.look_at_number(1)
    assert f.session.live is None
    assert f.session.looked_at is not None


def test_off_means_off(f: Any, live: Live) -> None:
    live.say("warmer")
    f.wait(lambda: f.session.live is not None)
    live.set_enabled(False)
    assert f.session.live is None
    assert not live.enabled
    live.set_enabled(True)
    f.wait(lambda: f.session.live is not None)


def prepared(f: Any, live: Live, **more: Any) -> None:
    live.say("turn the house into a swan")
    f.wait(lambda: f.engine.submitted and isinstance(f.engine.submitted[-1], jobs.PrepareJob))
    job = f.engine.submitted[-1]
    assert job.priority is jobs.Priority.PREVIEW
    variants = {"instruct_pix2pix": (jobs.Variant((), job.instruction.text),)}
    f.engine.job_event.emit(
        jobs.InstructionReady(job.id, job.instruction, ("instruct_pix2pix",), variants, **more)
    )
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


def test_a_sampling_method_makes_a_quick_one(f: Any, live: Live) -> None:
    prepared(f, live)
    job = f.engine.submitted[-1]
    assert isinstance(job, jobs.EditJob)
    assert job.priority is jobs.Priority.PREVIEW
    assert not job.score
    assert len(job.requests) == 1
    assert set(INSTRUCT_PIX2PIX.preview) <= set(job.requests[0].settings)
    candidate = Candidate(job.requests[0], Patch(settings_of({"exposure": 0.2})))
    f.engine.job_event.emit(jobs.CandidateReady(job.id, candidate))
    assert f.session.live is candidate
    assert f.document.results(f.session.node.id) == ()
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


def test_on_a_known_picture_the_preview_comes_before_the_reading(f: Any, live: Live) -> None:
    heard: list[Any] = []
    live.understood.connect(heard.append)
    prepared(f, live, caption=CAPTION)
    first = f.engine.submitted[-1]
    assert isinstance(first, jobs.EditJob)
    assert len(heard) == 1
    f.engine.job_event.emit(jobs.JobFinished(first.id, 0.1))
    assert f.engine.submitted[-1] is not first  # "Read as" of words that no caption was given for
    live.say("turn the house into a boat")
    f.wait(lambda: f.engine.submitted[-1].source is None)
    quick = f.engine.submitted[-1]
    variants = {"instruct_pix2pix": (jobs.Variant((), "x"),)}
    ready = jobs.InstructionReady(quick.id, quick.instruction, ("instruct_pix2pix",), variants)
    f.engine.job_event.emit(ready)
    f.engine.job_event.emit(jobs.JobFinished(quick.id, 0.1))
    edit = f.engine.submitted[-1]
    assert isinstance(edit, jobs.EditJob)
    assert len(heard) == 1
    f.engine.job_event.emit(jobs.JobFinished(edit.id, 0.1))
    reading = f.engine.submitted[-1]
    assert isinstance(reading, jobs.PrepareJob)
    assert reading.source is f.session.image
    assert reading.instruction.source_prompt == CAPTION
    whole = Instruction(reading.instruction.text, CAPTION, "a boat at noon")
    f.engine.job_event.emit(
        jobs.InstructionReady(reading.id, whole, ("instruct_pix2pix",), variants, caption=CAPTION)
    )
    f.engine.job_event.emit(jobs.JobFinished(reading.id, 0.1))
    assert heard[-1].instruction == whole
    assert f.engine.submitted[-1] is reading  # and that is all


def test_further_typing_cancels_it(f: Any, live: Live) -> None:
    prepared(f, live)
    job = f.engine.submitted[-1]
    live.say("turn the house into a boat")
    assert job.id in f.engine.cancelled
    candidate = Candidate(job.requests[0], Patch())
    f.engine.job_event.emit(jobs.CandidateReady(job.id, candidate))  # it had just finished
    assert f.session.live is None


def test_slow_methods_wait_to_be_switched_on(f: Any, live: Live) -> None:
    told = {"instruct_pix2pix": {"seconds": 4.0, "runs": 2}}
    live._settings.set("live_seconds", told)
    prepared(f, live)
    assert isinstance(f.engine.submitted[-1], jobs.PrepareJob)
    assert not live.is_quick(INSTRUCT_PIX2PIX)
    live._settings.set("live", "on")
    assert live.is_quick(INSTRUCT_PIX2PIX)


def test_foreign_pictures_have_no_preview(f: Any, live: Live) -> None:
    prepared(f, live, domain=jobs.Domain(False, 0.1))
    assert isinstance(f.engine.submitted[-1], jobs.PrepareJob)


# --- suggestions --------------------------------------------------------------------------------


def test_without_models_phrases_that_fit(f: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.paths.models", lambda: ())
    suggesting = Suggesting(f.session)
    f.wait(lambda: suggesting.suggestions)
    assert not f.engine.submitted
    first = {s.text for s in suggesting.suggestions}
    assert len(first) == 5
    assert all(s.reason for s in suggesting.suggestions)
    assert suggesting.note
    suggesting.others()
    f.wait(lambda: {s.text for s in suggesting.suggestions} != first)


@pytest.fixture
def suggesting(f: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Suggesting:
    monkeypatch.setattr("app.paths.models", lambda: (tmp_path,))
    made = Suggesting(f.session)
    f.wait(lambda: f.engine.submitted)
    return made


def answer(f: Any, *texts: str, caption: str = CAPTION, **more: Any) -> jobs.SuggestJob:
    job: jobs.SuggestJob = last(f, jobs.SuggestJob)
    made = tuple(Suggestion.of(t, CAPTION, f"{CAPTION}, {t}", "Because.") for t in texts)
    f.engine.job_event.emit(jobs.SuggestionsReady(job.id, caption, made, **more))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    return job


def test_suggestions_follow_the_idea(f: Any, suggesting: Suggesting) -> None:
    first = last(f, jobs.SuggestJob)
    assert first.source is f.session.image  # nobody knows yet what it shows
    assert first.priority is jobs.Priority.SUGGEST
    answer(f, "rain", "snow")
    assert [s.text for s in suggesting.shown] == ["rain", "snow"]
    assert suggesting.caption() == CAPTION
    assert suggesting.instructions[0].target_prompt == f"{CAPTION}, rain"
    f.run()
    f.keep()
    f.wait(lambda: last(f, jobs.SuggestJob) is not first)
    again = last(f, jobs.SuggestJob)
    assert [s.instruction for s in again.path if s.accepted] == ["", "brighter"]
    assert [s.text for s in suggesting.shown] == ["rain", "snow"]  # until the new ones are there


def test_an_edit_ends_them_and_they_come_back(f: Any, suggesting: Suggesting) -> None:
    first = last(f, jobs.SuggestJob)
    f.session.run("brighter")
    assert first.id in f.engine.cancelled
    f.engine.job_event.emit(jobs.SuggestionsReady(first.id, CAPTION))  # too late
    f.engine.prepare(0.5)
    f.engine.edit()
    f.wait(lambda: last(f, jobs.SuggestJob) is not first)


def test_pin_refuse_and_correct(f: Any, suggesting: Suggesting) -> None:
    answer(f, "rain", "snow", "fog", "night")
    suggesting.pin("fog", True)
    assert suggesting.shown[0].text == "fog"
    suggesting.refuse("rain")
    assert "rain" in f.document.dismissed
    assert "rain" not in {s.text for s in suggesting.shown}
    suggesting.others()
    job = answer(f, "dew", "hail")
    assert job.refused == ("rain",)
    assert job.seed == 1
    assert [s.text for s in suggesting.shown] == ["fog", "dew", "hail"]
    suggesting.pin("fog", False)
    suggesting.correct("a blue house")
    job = last(f, jobs.SuggestJob)
    assert job.caption == "a blue house"
    assert job.source is None


@pytest.mark.parametrize("how", ["foreign", "empty", "failed"])
def test_where_the_model_knows_nothing_phrases_that_fit(
    f: Any, suggesting: Suggesting, how: str
) -> None:
    if how == "foreign":
        answer(f, "rain", caption="a picture", domain=jobs.Domain(False, 0.1), note="Foreign.")
    elif how == "empty":
        answer(f, missing=("captioner",), note="No captioner.")
    else:
        job = last(f, jobs.SuggestJob)
        f.engine.job_event.emit(jobs.JobFailed(job.id, "bug", "No."))
    f.wait(lambda: len(suggesting.shown) == 5)
    assert "rain" not in {s.text for s in suggesting.shown}
    assert all(not s.instruction.target_prompt for s in suggesting.shown)
    assert f.session.message is None  # nobody asked, so nobody is told


# --- new pictures -------------------------------------------------------------------------------


def test_a_new_picture_from_words(f: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.beginning._side", lambda ticket: 64)
    f.session.begin("a red house")
    assert not f.session.results  # a document is open
    f.session.set_document(None)
    f.session.begin("a red house", count=2, seed=5)
    f.wait(lambda: f.engine.submitted)
    job = f.engine.submitted[-1]
    assert job.methods == ("generate",)
    f.engine.job_event.emit(
        jobs.InstructionReady(
            job.id, job.instruction, ("generate",), {"generate": (jobs.Variant((), "x"),)}
        )
    )
    edit = f.engine.submitted[-1]
    assert not edit.score
    assert edit.source.width == 64
    assert [r.seed for r in edit.requests] == [5, 6]
    for request in edit.requests:
        f.engine.job_event.emit(jobs.CandidateReady(edit.id, Candidate(request, Patch())))
    f.engine.job_event.emit(jobs.JobFinished(edit.id, 0.1))
    assert f.session.begins
    assert f.session.results.stage is Stage.RANKED
    assert f.session.look.first.request.seed == 5


def test_without_a_model_it_says_so(f: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.paths.models", lambda: ())
    f.session.set_document(None)
    f.session.begin("a red house")
    f.wait(lambda: f.session.message is not None)
    assert not f.session.results
    assert not f.session.is_busy
    assert f.session.message.kind.value == "error"


def test_scores_of_explored_results_are_their_own(f: Any) -> None:
    explore(f, "brighter", "warmer")
    job = last(f, jobs.EditJob)
    assert job.measured(job.requests[0].key) != job.measured(job.requests[1].key)
    assert job.measured("unknown") == (job.asked, job.kept)
    assert all(isinstance(s.score, Score) for s in f.session.results.slots)
