from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.i18n.engine_messages import said
from app.session.changes import Changes
from app.session.edit_session import Asking
from app.session.results import Results, Stage
from editor.model.edit import Instruction
from inference.request import jobs
from inference.request.analysis import Question


class Answering(Asking):
    """The one question before an edit: nothing runs until it is answered."""

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self._held: jobs.InstructionReady | None = None
        self.question: Question | None = None
        """What is to be answered before the live job goes on."""

    def answer(self, number: int = 0) -> None:
        """Go on with an answer to the question, 0 for the first."""
        question, held, results = self.question, self._held, self.results
        if question is None or held is None or results is None:
            return
        if not 0 <= number < len(question.answers):
            return
        self.question = self._held = None
        chosen = Instruction(question.answers[number])
        if number < len(question.instructions):
            chosen = question.instructions[number]
        self._plan = replace(self._plan, instruction=chosen, answered=True)
        self.results = results = replace(results, instruction=chosen, stage=Stage.PREPARING)
        self.say(None)
        self.changed.emit(Changes.JOB | Changes.RESULTS)
        if chosen.target_prompt or chosen.text == held.instruction.text:
            whole = chosen if chosen.target_prompt else held.instruction
            self._on_ready(results, replace(held, instruction=whole, question=None))
            return
        image = self._source_of(results)
        if image is not None:
            self._prepare_id = jobs.new_job_id()
            self._submit_prepare(self._prepare_id, image)

    def _on_ready(self, results: Results, event: jobs.InstructionReady) -> None:
        question = event.question
        if question is None or self._plan.answered:
            super()._on_ready(results, event)
            return
        self._learn(results, event)
        self.question, self._held = question, event
        self.results = replace(results, instruction=event.instruction, stage=Stage.ASKING)
        text = said(question.text)
        self.notice(text)
        self.announced.emit(text, False)
        self.changed.emit(Changes.JOB | Changes.RESULTS | Changes.READING)

    def _end(self, stage: Stage, also: Changes = Changes.NONE) -> None:
        if self.question is not None:
            self.question = self._held = None
            self.message = None  # it asked
        super()._end(stage, also)
