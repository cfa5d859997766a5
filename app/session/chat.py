from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.i18n.messages import text_of
from app.session.changes import Changes
from app.session.chat_turn import ChatTurn, instruction_of
from app.session.clarification import Clarification
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_driver import EditDriver
from app.session.edit_options import EditOptions
from app.session.engine_connection import EngineConnection
from app.session.job_messages import failure_message, progress_message
from app.session.messages import Messages
from app.session.results import Results
from app.session.view_state import ViewState
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.ranking import Ranked, Ranking
from editor.ranking.content_integrity import THRESHOLD
from inference.request import jobs
from inference.request.analysis import Question
from inference.request.edit_job import EditJob, Quality
from inference.request.job_id import new_job_id

GATES: Final = (1.0, 0.9, THRESHOLD, 0.7, 0.6)
"""Stops of the slider from "keep everything" to "be free": τ of content integrity."""


class Chat(QObject):
    """Talking with the current idea: each request becomes prompts, each prompt a quick picture.

    A turn is an edit of the session whose job is made of the prompts that a language model writes,
    so cancelling, keeping and comparing work as for any other edit. Its results stand in the order
    of the conversation: what pleases most first, behind the gate of content integrity.

    Attributes:
        turns: of the open document, oldest first.
        threshold: τ of the gate.
        count: prompts asked for last.

    Signals:
        changed(): a turn, or the order of its prompts.
        understood(str): the request was rewritten, or an answer to its question is being.
        failed(): the newest turn has no prompts, and says why.
    """

    changed = Signal()
    understood = Signal(str)
    failed = Signal()

    def __init__(
        self,
        engine: EngineConnection,
        driver: EditDriver,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        messages: Messages,
        clarification: Clarification,
        caption: Callable[[], str],
        methods: Callable[[], tuple[str, ...]],
        parent: QObject | None = None,
    ) -> None:
        """`caption()`: of the current picture, "" unknown; `methods()`: chosen, () for Auto."""
        super().__init__(parent)
        self._engine, self._driver, self._binding, self._results = engine, driver, binding, results
        self._view, self._messages, self._clarification = view, messages, clarification
        self._caption, self._methods = caption, methods
        self.turns: tuple[ChatTurn, ...] = ()
        self.threshold = THRESHOLD
        self.count = 4
        self._document = binding.document
        self._job: jobs.RewriteJob | None = None
        engine.job_event.connect(self._on_event)
        driver.ending.connect(self._on_ending)
        driver.reordered = self._in_order

    @property
    def turn(self) -> ChatTurn | None:
        """The newest turn."""
        return self.turns[-1] if self.turns else None

    @property
    def is_writing(self) -> bool:
        """Prompts are being written."""
        return self._job is not None

    # --- saying ---------------------------------------------------------------------------------

    def say(self, text: str, *, count: int = 4, seed: int = 0) -> None:
        """Rewrite the current caption as these words ask; a live edit is cancelled."""
        text = " ".join(text.split())
        node = self._binding.node
        if not text or node is None or not self._driver.may_start():
            return
        self.count = count
        turn = ChatTurn(text, new_job_id(), node.id, seed=seed)
        self.turns = (*self.turns, turn)
        self._driver.seed = 0
        wanted = Results(turn.job, node.id, Instruction(text), self._view.selection, expected=count)
        self._driver.start(wanted)
        self.changed.emit()

        def ask(image: Image) -> None:
            if self._results.is_under_way(turn.job):
                self._submit(text, image, count, seed)

        self._binding.when_rendered(node.id, ask)

    def others(self) -> None:
        """The newest request once more, with as many other prompts."""
        if self.turn is not None:
            self.say(self.turn.said, count=self.count, seed=self.turn.seed + 1)

    def set_threshold(self, threshold: float) -> None:
        """Move the gate; prompts and results are sorted again at once."""
        self.threshold = threshold
        self._driver.set_weights(self._driver.weights)
        self.changed.emit()

    def _submit(self, text: str, image: Image, count: int, seed: int) -> None:
        from inference.language.path import path_of

        document, caption = self._binding.document, self._caption()
        assert document is not None
        self._job = jobs.RewriteJob(
            text,
            None if caption else image,
            caption,
            path=path_of(document.history),
            count=count,
            seed=seed,
            domain_picture=self._binding.domain_picture or image,
        )
        self._engine.submit(self._job)

    def _change(self, turn: ChatTurn) -> None:
        """Put a turn in the place of the one with its job."""
        self.turns = tuple(turn if one.job == turn.job else one for one in self.turns)
        self.changed.emit()

    # --- what the engine says -------------------------------------------------------------------

    def _on_event(self, event: jobs.Event) -> None:
        job, turn = self._job, self.turn
        if job is None or turn is None or event.job_id != job.id:
            return
        match event:
            case jobs.Progress():
                results = self._results.value
                if results is not None:
                    self._messages.say(progress_message(event, results)[0])
            case jobs.RewriteText():
                self._change(replace(turn, texts=event.texts))
            case jobs.QuestionAsked():
                self._ask(turn, event.question)
            case jobs.RewriteReady():
                self._job = None
                found = replace(
                    turn, caption=event.caption, plain=event.plain_target, options=event.options
                )
                self._draw(found, event.methods)
            case jobs.JobFailed():
                self._job = None
                self._driver.give_up()
                self._change(replace(turn, problem=failure_message(event)))
                self.failed.emit()

    def _ask(self, turn: ChatTurn, question: Question) -> None:
        self._change(replace(turn, question=text_of(question.text)))
        self._clarification.ask(question, lambda number: self._answer(question, number))

    def _answer(self, question: Question, number: int) -> None:
        """Go on with an answer to the question, 0 for the first."""
        turn, job = self.turn, self._job
        if turn is None or job is None:
            return
        self._change(replace(turn, answer=question.answers[number]))
        meant = question.instructions[number]
        caption = meant.source_prompt or job.caption
        self._job = replace(
            job, instruction=meant.text, caption=caption, target=meant.target_prompt, ask=False,
            id=new_job_id(),
        )  # fmt: skip
        self._engine.submit(self._job)
        self.understood.emit(turn.said)

    def _draw(self, turn: ChatTurn, methods: tuple[str, ...]) -> None:
        """The prompts are there: a quick picture of each, where a method can draw them."""
        method = (*self._methods(), *methods)[0] if methods else ""
        self._change(replace(turn, words_only=not method))
        self.understood.emit(turn.said)
        results, image = self._results.value, self._binding.image_of(turn.node)
        if not method or image is None or results is None:
            self._driver.give_up()
            return
        wanted = tuple(instruction_of(turn, one, method) for one in turn.options)
        self._driver.options = EditOptions((method,), 1, able=(method,))
        self._driver.begin(
            EditJob(
                wanted, image, results.selection, methods=(method,), count=1,
                quality=Quality.PREVIEW, ask=False, id=turn.job,
            )
        )  # fmt: skip

    # --- following the edit ---------------------------------------------------------------------

    def on_changed(self, changes: Changes) -> None:
        """Follow what changed in the session: results of a turn are its pictures."""
        if changes & Changes.DOCUMENT and self._binding.document is not self._document:
            self._document = self._binding.document
            self.turns, self._job = (), None
            self.changed.emit()
        results = self._results.value
        turn = self._of(results)
        if (
            turn is not None
            and results is not None
            and changes & (Changes.RESULTS | Changes.PREVIEW)
        ):
            drawn = {slot.request.instruction.target_prompt: slot for slot in results.slots}
            self._change(replace(turn, drawn=drawn))

    def _of(self, results: Results | None) -> ChatTurn | None:
        """The turn that results belong to."""
        if results is None:
            return None
        return next((one for one in self.turns if one.job == results.job), None)

    def _in_order(self, ranking: Ranking) -> Ranking:
        """The results of a turn in the order of its prompts."""
        results = self._results.value
        turn = self._of(results)
        if turn is None or results is None:
            return ranking
        drawn = {slot.request.instruction.target_prompt: slot for slot in results.slots}
        turn = replace(turn, drawn=drawn)
        places: list[Ranked] = []
        for option in turn.ordered(self.threshold):
            slot = drawn.get(option.prompt)
            place = ranking.place(slot.key) if slot is not None else None
            if place is not None:
                passed = option.integrity.passes(self.threshold)
                places.append(replace(place, rank=len(places) + 1, passed=passed))
        return Ranking(tuple(places))

    def _on_ending(self) -> None:
        """The edit was cancelled or has failed: nothing more is written."""
        job, self._job = self._job, None
        if job is not None:
            self._engine.cancel(job.id)
