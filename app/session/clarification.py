from __future__ import annotations

from dataclasses import replace

from app.i18n.messages import text_of
from app.session.changes import Changes, Notify
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_runner import EditRunner
from app.session.messages import Messages
from app.session.results import Stage
from editor.model.edit import Instruction
from inference.request import jobs
from inference.request.analysis import Question


class Clarification:
    """The one question before an edit: nothing runs until it is answered.

    Attributes:
        question: what is to be answered before the live edit goes on, None for nothing.
    """

    def __init__(
        self,
        runner: EditRunner,
        binding: DocumentBinding,
        results: CurrentResults,
        messages: Messages,
        notify: Notify,
    ) -> None:
        self._runner, self._binding, self._results = runner, binding, results
        self._messages, self._notify = messages, notify
        self.question: Question | None = None
        self._asked_by: jobs.InstructionReady | None = None
        runner.ending.connect(self._clear)

    def ask(self, event: jobs.InstructionReady, question: Question) -> None:
        """Put the question of a completed instruction to the artist."""
        results = self._results.value
        if results is None:
            return
        self._runner.learn_caption(event)
        self.question, self._asked_by = question, event
        self._results.value = replace(results, instruction=event.instruction, stage=Stage.ASKING)
        text = text_of(question.text)
        self._messages.notice(text)
        self._messages.announce(text)
        self._notify(Changes.JOB | Changes.RESULTS | Changes.READING)

    def answer(self, number: int = 0) -> None:
        """Go on with an answer to the question, 0 for the first."""
        question, event, results = self.question, self._asked_by, self._results.value
        if question is None or event is None or results is None:
            return
        if not 0 <= number < len(question.answers):
            return
        self.question = self._asked_by = None
        chosen = Instruction(question.answers[number])
        if number < len(question.instructions):
            chosen = question.instructions[number]
        plan = replace(self._runner.plan, instruction=chosen, answered=True)
        self._runner.plan = plan
        results = replace(results, instruction=chosen, stage=Stage.PREPARING)
        self._results.value = results
        self._messages.say(None)
        self._notify(Changes.JOB | Changes.RESULTS)
        if chosen.target_prompt or chosen.text == event.instruction.text:
            whole = chosen if chosen.target_prompt else event.instruction
            self._runner.proceed(replace(event, instruction=whole, question=None))
            return
        image = self._runner.source()
        if image is not None:  # captions for the answer are found first
            self._runner.prepare(plan.prepare_job(results, self._binding.captions, image))

    def _clear(self) -> None:
        if self.question is not None:
            self.question = self._asked_by = None
            self._messages.discard()  # the line was the question
