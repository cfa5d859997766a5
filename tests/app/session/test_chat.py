"""Talking with a picture, over a scripted engine: prompts, question, pictures, order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.session.chat import GATES, Chat
from app.session.clarification import Clarification
from app.session.results import ResultsStage
from editor.messages import Message, verbatim
from editor.model.edit import Candidate, Instruction
from editor.model.patch import Patch
from editor.model.score import Score
from editor.ranking.content_integrity import ContentIntegrity
from inference.request import jobs
from inference.request.analysis import Question, Variant
from inference.request.rewrite_job import RewrittenPrompt
from inference.workflow.preparation import Preparation
from tests.app.session.part_cases import Parts

CAPTION = "a red house, in a meadow, at noon"
WHOLE = "a red house, in a meadow, at night"
LOSING = "a house at night"
BY_CAPTION, BY_ORDER = "prompt_to_prompt", "instruct_pix2pix"
QUESTION = Question(
    verbatim("Which one is meant?"),
    ("paint the house blue", "paint the tree blue"),
    (Instruction("paint the house blue", CAPTION), Instruction("paint the tree blue", CAPTION)),
)


def option(prompt: str, integrity: float, *lost: str) -> RewrittenPrompt:
    return RewrittenPrompt(prompt, ContentIntegrity(integrity, (), lost, ()))


OPTIONS = (option(LOSING, 0.65, "red", "meadow"), option(WHOLE, 1.0))


class ChatParts(Parts):
    """Parts of a session and a chat; `chosen` are the artist's methods."""

    chosen: tuple[str, ...] = ()

    def begin(self) -> Chat:
        self.open()
        clarification = Clarification(self.driver, self.results, self.messages, self.changes.append)
        self.clarification = clarification
        return Chat(
            self.engine, self.driver, self.binding, self.results, self.view, self.messages,
            clarification, lambda: CAPTION, lambda: self.chosen,
        )  # fmt: skip

    def rewrite_job(self) -> jobs.RewriteJob:
        """The newest one."""
        found = [one for one in self.engine.submitted if isinstance(one, jobs.RewriteJob)]
        return found[-1]

    def write(self, *methods: str) -> None:
        """The language model writes the prompts; these methods can draw them."""
        job = self.rewrite_job()
        self.engine.job_event.emit(jobs.RewriteText(job.id, ("a red", "a house")))
        self.engine.job_event.emit(jobs.RewriteReady(job.id, CAPTION, WHOLE, OPTIONS, methods))
        self.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))

    def draw(self, *liked: float) -> None:
        """The pictures are drawn and rated, in the order of the prompts."""
        job = self.engine.job
        words = [one.text for one in job.instructions]
        found = [
            Preparation(one, job.methods, {job.methods[0]: (Variant((), verbatim(text)),)})
            for one, text in zip(job.instructions, words, strict=True)
        ]
        self.engine.understand(*found)
        for request, rating in zip(self.engine.requests, liked, strict=True):
            self.engine.job_event.emit(jobs.CandidateReady(job.id, Candidate(request, Patch(()))))
            score = Score(request.key, direction=0.3, image=0.9, aesthetic=5.0, preference=rating)
            self.engine.job_event.emit(jobs.ScoreReady(job.id, score))
        self.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


@pytest.fixture
def parts(tmp_path: object, qapp: object) -> Iterator[ChatParts]:
    made = ChatParts(tmp_path, qapp)  # type: ignore[arg-type]
    yield made
    made.close()


def test_a_request_becomes_prompts_and_each_a_quick_picture(parts: ChatParts) -> None:
    chat = parts.begin()
    chat.say("make it  night")
    job = parts.rewrite_job()
    assert (job.instruction, job.caption, job.source, job.ask) == (
        "make it night", CAPTION, None, True,
    )  # fmt: skip
    assert parts.results.is_busy
    parts.write(BY_CAPTION, BY_ORDER)
    assert chat.turn is not None
    assert chat.turn.options == OPTIONS
    drawing = parts.engine.job
    assert (drawing.methods, drawing.count, drawing.quality) == (
        (BY_CAPTION,), 1, jobs.Quality.PREVIEW,
    )  # fmt: skip
    assert [one.target_prompt for one in drawing.instructions] == [LOSING, WHOLE]
    assert {one.text for one in drawing.instructions} == {"make it night"}


def test_the_gate_decides_and_the_slider_sorts_at_once(parts: ChatParts) -> None:
    chat = parts.begin()
    chat.say("make it night")
    parts.write(BY_CAPTION)
    parts.draw(9.0, 1.0)

    def shown() -> list[tuple[str, bool]]:
        results = parts.results.value
        assert results is not None
        by_key = {one.key: one.request.instruction.target_prompt for one in results.slots}
        return [(by_key[place.key], place.passed) for place in results.ranking.places]

    assert shown() == [(WHOLE, True), (LOSING, False)]
    results = parts.results.value
    assert results is not None
    assert parts.view.looked_at == results.ranking.places[0].key
    chat.set_threshold(GATES[-1])
    assert shown() == [(LOSING, True), (WHOLE, True)]
    chat.on_changed(parts.changes[-1])
    assert chat.turn is not None
    assert [one.prompt for one in chat.turn.ordered(chat.threshold)] == [LOSING, WHOLE]
    beauty, liked = chat.turn.shares(OPTIONS[0])
    assert beauty == 0.5
    assert liked is not None
    assert liked > 0.7


def test_an_editor_by_instructions_is_given_what_changes(parts: ChatParts) -> None:
    parts.chosen = (BY_ORDER,)
    chat = parts.begin()
    chat.say("a dark one")
    parts.write(BY_CAPTION, BY_ORDER)
    assert parts.engine.job.methods == (BY_ORDER,)
    orders = [one.text for one in parts.engine.job.instructions]
    assert orders[1] == "a dark one"  # its prompt is the plain one
    assert orders[0].startswith("a dark one, ")


def test_the_question_waits_for_its_answer(parts: ChatParts) -> None:
    chat = parts.begin()
    chat.say("paint it blue")
    first = parts.rewrite_job()
    parts.engine.job_event.emit(jobs.QuestionAsked(first.id, QUESTION))
    parts.engine.job_event.emit(jobs.JobFinished(first.id, 0.1))
    assert parts.clarification.question is QUESTION
    assert parts.results.value is not None
    assert parts.results.value.stage is ResultsStage.ASKING
    parts.clarification.answer(1)
    job = parts.rewrite_job()
    assert (job.instruction, job.ask) == ("paint the tree blue", False)
    assert job.id != first.id
    assert parts.clarification.question is None
    assert chat.turn is not None
    assert (chat.turn.question, chat.turn.answer) == ("Which one is meant?", QUESTION.answers[1])
    parts.write(BY_CAPTION)
    assert chat.turn.options == OPTIONS


def test_something_else_writes_nothing(parts: ChatParts) -> None:
    chat = parts.begin()
    chat.say("paint it blue")
    parts.engine.job_event.emit(jobs.QuestionAsked(parts.rewrite_job().id, QUESTION))
    parts.clarification.leave()
    assert parts.clarification.question is None
    assert not parts.results.is_busy
    assert not chat.is_writing


def test_cancelling_ends_the_writing(parts: ChatParts) -> None:
    chat = parts.begin()
    chat.say("make it night")
    job = parts.rewrite_job()
    parts.driver.cancel()
    assert parts.engine.cancelled == [job.id]
    parts.engine.job_event.emit(jobs.RewriteReady(job.id, CAPTION, WHOLE, OPTIONS, (BY_CAPTION,)))
    assert chat.turn is not None
    assert chat.turn.options == ()
    assert not parts.results.is_busy


def test_without_a_model_that_draws_there_are_words_only(parts: ChatParts) -> None:
    chat = parts.begin()
    chat.say("make it night")
    parts.write()
    assert chat.turn is not None
    assert chat.turn.words_only
    assert not parts.results.is_busy
    assert not [one for one in parts.engine.submitted if isinstance(one, jobs.EditJob)]


def test_what_is_missing_is_said_with_its_action(parts: ChatParts) -> None:
    chat = parts.begin()
    chat.say("make it night")
    missing = Message("rewrite.no_language_model", role=Message("role.chat"))
    failed = jobs.JobFailed(parts.rewrite_job().id, "model_missing", missing)
    parts.engine.job_event.emit(failed)
    assert chat.turn is not None
    assert chat.turn.problem is not None
    assert "SmolLM2" in chat.turn.problem.text
    assert chat.turn.problem.action == "show_models:chat"
    assert not parts.results.is_busy


def test_the_next_turn_reads_the_path_and_others_take_another_seed(parts: ChatParts) -> None:
    chat = parts.begin()
    chat.say("make it night")
    parts.write()
    chat.others()
    assert parts.rewrite_job().seed == 1
    assert [one.said for one in chat.turns] == ["make it night", "make it night"]
    assert parts.rewrite_job().path[0].instruction == ""


def test_one_picture_alone_is_compared_with_nothing(parts: ChatParts) -> None:
    chat = parts.begin()
    chat.say("make it night")
    job = parts.rewrite_job()
    one = OPTIONS[1:]
    parts.engine.job_event.emit(jobs.RewriteReady(job.id, CAPTION, WHOLE, one, (BY_CAPTION,)))
    parts.draw(1.0)
    chat.on_changed(parts.changes[-1])
    assert chat.turn is not None
    assert chat.turn.drawn
    assert chat.turn.shares(one[0]) == (None, None)
