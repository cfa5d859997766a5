from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.i18n.messages import text_of
from app.session.changes import Changes, Notify
from app.session.current_results import CurrentResults
from app.session.edit_driver import EditDriver
from app.session.messages import Messages
from app.session.results import ResultsStage
from editor.model.edit import Instruction
from inference.request.analysis import Question


class Clarification:
    """The one question before an edit: nothing runs until it is answered."""

    def __init__(
        self, driver: EditDriver, results: CurrentResults, messages: Messages, notify: Notify
    ) -> None:
        self._driver, self._results = driver, results
        self._messages, self._notify = messages, notify
        self._other: tuple[Question, Callable[[int], None]] | None = None
        driver.question_asked.connect(self._on_asked)
        driver.answered.connect(self._on_answered)
        driver.ending.connect(self._on_ending)

    @property
    def question(self) -> Question | None:
        """What is to be answered before the live edit goes on, None for nothing."""
        results = self._results.value
        if results is None or results.stage is not ResultsStage.ASKING:
            return None
        return self._other[0] if self._other is not None else self._driver.run.question

    def ask(self, question: Question, answered: Callable[[int], None]) -> None:
        """Ask about an edit that has been started and has no job yet.

        Args:
            question: what is asked.
            answered: called with the number of the answer, 0 for the first, once the edit is under
                way again.
        """
        if self._results.value is not None:
            self._other = question, answered
            self._show(question, self._results.value.instruction)

    def answer(self, number: int = 0) -> None:
        """Go on with an answer to the question, 0 for the first."""
        if self.question is None:
            return
        if self._other is None:
            self._driver.answer(number)
        elif 0 <= number < len(self._other[0].answers):
            answered, self._other = self._other[1], None
            self._go_on()
            answered(number)

    def leave(self) -> None:
        """None of the answers is meant: nothing runs, and nothing is said of it."""
        if self.question is not None:
            self._driver.cancel()
            self._messages.say(None)

    def choose(self, number: int) -> bool:
        """Take an answer, or leave where the number is the one after the last.

        Returns:
            False where the question was left: other words are to follow.
        """
        question = self.question
        if question is not None and number == len(question.answers):
            self.leave()
            return False
        self.answer(number)
        return True

    def _on_asked(self) -> None:
        results, run = self._results.value, self._driver.run
        if results is None or run.question is None:
            return
        self._show(run.question, run.prepared[0].instruction)

    def _on_answered(self) -> None:
        results, run = self._results.value, self._driver.run
        if results is None or run.job is None:
            return
        self._results.value = replace(results, instruction=run.job.instructions[0])
        self._go_on()

    def _on_ending(self) -> None:
        if self.question is not None:
            self._messages.discard()  # the line was the question
        self._other = None

    def _show(self, question: Question, instruction: Instruction) -> None:
        """The question on the line, and nothing goes on."""
        results = self._results.value
        assert results is not None
        self._results.value = replace(results, instruction=instruction, stage=ResultsStage.ASKING)
        self._messages.notice(text_of(question.text))
        self._notify(Changes.JOB | Changes.RESULTS | Changes.READING)

    def _go_on(self) -> None:
        """The edit goes on with an answer."""
        results = self._results.value
        assert results is not None
        self._results.value = replace(results, stage=ResultsStage.PREPARING)
        self._messages.say(None)
        self._notify(Changes.JOB | Changes.RESULTS)
