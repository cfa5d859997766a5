from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtCore import Slot as QtSlot

from app.i18n.messages import text_of
from app.i18n.reasons import reason_text
from app.i18n.texts import tr
from app.runtime.trace import trace
from app.session.before_edit import BeforeEdit, EditWithResults
from app.session.changes import Changes, Notify
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_commands import carry_out
from app.session.edit_options import EditOptions
from app.session.engine_connection import EngineConnection
from app.session.job_messages import (
    cancelled_message,
    failure_message,
    notice_after,
    progress_message,
)
from app.session.messages import Messages
from app.session.results import Results, ResultsStage, Slot
from app.session.view_state import ViewState
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.ranking import Ranking
from editor.model.score import Score
from editor.ranking import rank as ranking_rules
from editor.ranking.weights import Weights
from inference.request import jobs
from inference.request.edit_job import EditJob
from inference.request.job_id import new_job_id
from inference.request.method_options import OptionsOfMethods
from inference.request.model_choice import ModelChoice
from inference.request.registry import METHODS
from inference.workflow.edit_run import (
    Accept,
    AnswerQuestion,
    Begin,
    Cancel,
    CannotRun,
    EditRun,
    Input,
    Rank,
    RankingMade,
)


class EditDriver(QObject):
    """Runs one edit at a time: carries out the commands of its `EditRun`.

    `NewEdit`, `Explore` and `NewPicture` begin an edit with one job; from there to ranked
    results every edit goes the same way.

    Attributes:
        run: the edit begun last.
        options: what was asked for besides its words.
        seed: of the first result.
        progress: share of the edit that is done, 0..1.
        weights: what counts how much in the order of the results.
        reordered: puts a ranking into another order where results are no usual ones (`Chat`).
    """

    question_asked = Signal()
    """The words can mean more than one thing; the edit waits for an answer."""

    answered = Signal()
    """The edit goes on with an answer."""

    ranked = Signal()
    """An edit has run to its end and its results are in order."""

    ending = Signal()
    """The live edit is about to end: it is done, was cancelled or has failed."""

    def __init__(
        self,
        engine: EngineConnection,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        messages: Messages,
        notify: Notify,
        models: Callable[[], tuple[ModelChoice, ...]],
        options: OptionsOfMethods,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._binding, self._results = engine, binding, results
        self._view, self._messages, self._notify = view, messages, notify
        self._models = models
        self._options = options
        self.options = EditOptions()
        self.seed = 0
        self.progress = 0.0
        self.weights = Weights()
        self.reordered: Callable[[Ranking], Ranking] = lambda ranking: ranking
        self.run = EditRun()
        self._started = 0.0
        self._before = BeforeEdit(binding, results, view)
        self._with_results = EditWithResults()
        engine.job_event.connect(self._on_event)
        engine.failed.connect(self._on_engine_failed)

    # --- begin ----------------------------------------------------------------------------------

    def may_start(self) -> bool:
        """Whether an edit can begin here and now; what is in the way is said.

        A live edit is cancelled.
        """
        document = self._binding.document
        if document is None or self._binding.node is None:
            return False
        if self._results.is_busy:
            self.cancel()
        selection = self._view.selection
        empty = selection is not None and selection.is_empty
        if document.read_only:
            self._messages.notice(tr("This document is open in another window."))
        elif empty:
            button = tr("Select everything"), "select_none"
            self._messages.notice(tr("The selection is empty."), *button, until=Changes.SELECTION)
        else:
            return True
        self._view.set_live(None)  # else the words would look carried out
        return False

    def start(self, results: Results) -> None:
        """Show the results of a new edit, still empty; `begin` follows."""
        self._before.remember()
        self._results.value = results
        self.run = EditRun(results.job)
        self._view.show_current()
        self._view.live = None
        self._messages.discard()
        self._started = time.monotonic()
        self.progress = 0.0
        self._notify(
            Changes.RESULTS | Changes.JOB | Changes.LOOK | Changes.MESSAGE | Changes.PREVIEW
        )

    def start_here(
        self, instruction: Instruction, make_job: Callable[[Results, Image], EditJob], count: int
    ) -> None:
        """Start an edit for `count` results; its job waits for the picture's pixels."""
        node = self._binding.node
        assert node is not None
        job = new_job_id()
        self.start(Results(job, node.id, instruction, self._view.selection, expected=count))

        def begin(image: Image) -> None:
            results = self._results.value
            if results is None or not self._results.is_under_way(job):
                return
            selection = results.selection
            size = image.width, image.height
            if selection is not None and (selection.width, selection.height) != size:
                results = self._results.value = replace(results, selection=None)
            self.begin(make_job(results, image))

        self._binding.when_rendered(node.id, begin)

    def begin(self, job: EditJob) -> None:
        """Submit the job of the edit that was started; it has the id of the results."""
        results = self._results.value
        known = None
        if results is not None and results.parent:
            known = self._binding.domain_picture_of(results.parent)
        models, options = self._models(), self._options()
        self._step(Begin(replace(job, models=models, options=options, domain_picture=known)))

    def answer(self, number: int) -> None:
        """Go on with an answer to the question, 0 for the first."""
        self._step(AnswerQuestion(number, new_job_id()))

    def source(self) -> Image | None:
        """The picture that the live edit starts from, None while its pixels are being made."""
        results = self._results.value
        if results is None:
            return None
        return (
            results.source if results.source is not None else self._binding.image_of(results.parent)
        )

    # --- end ------------------------------------------------------------------------------------

    def cancel(self) -> None:
        """Stop the live edit; finished results stay, else what was there before comes back."""
        if self._results.is_busy:
            self._step(Cancel())

    def give_up(self) -> None:
        """End the live edit as failed: it cannot be run. The caller says why."""
        if self._results.is_busy:
            self._step(CannotRun())

    def accept(self, job: str, key: str) -> None:
        """The artist keeps a result; nothing if its job is not the edit begun last."""
        if job == self.run.id:
            self._step(Accept(key))

    def _end(self, also: Changes = Changes.NONE) -> None:
        """The live edit has ended; `also` changed with it."""
        self.ending.emit()
        results = self._results.value
        assert results is not None
        if results.finished:
            self._results.value = replace(results, stage=ResultsStage.of(self.run.stage))
            self._with_results = EditWithResults(self.run, self.options, self.seed)
            self._before.forget()
        else:
            self._restore()
            also |= Changes.LOOK | Changes.PREVIEW
        self._messages.discard_progress()
        self._notify(Changes.RESULTS | Changes.JOB | Changes.MESSAGE | also)

    def _stopped(self) -> None:
        """The live edit was stopped on the way; what it has finished is ranked."""
        results = self._results.value
        if results is not None and any(slot.score is not None for slot in results.finished):
            self._results.value = results = self._in_order(results)
            self._store_ranking(results)
        self._end()

    def _restore(self) -> None:
        """Show again what was there before the edit, of which nothing came."""
        self._before.restore()
        results, known = self._results.value, self._with_results
        if results is not None and results.job == known.run.id:
            self.run, self.options, self.seed = known.run, known.options, known.seed

    def set_weights(self, weights: Weights) -> None:
        """Re-sort the list while the sliders of "Why this order" move."""
        self.weights = weights
        results = self._results.value
        if results is not None and results.stage is ResultsStage.RANKED:
            self._results.value = self._in_order(results)
            self._notify(Changes.RESULTS)

    # --- events ---------------------------------------------------------------------------------

    @QtSlot(object)
    def _on_event(self, event: jobs.Event) -> None:
        if self._results.is_busy:
            self._step(event)

    @QtSlot(object)
    def _on_engine_failed(self, error: BaseException) -> None:
        self.give_up()
        self._messages.fail(error)

    def _step(self, event: Input) -> None:
        """Something happened to the live edit: carry out what follows from it."""
        self.run, commands = self.run.step(event)
        carry_out(commands, self._engine, show=self._show, rank=self._rank)

    def _rank(self, found: Rank) -> None:
        self._step(RankingMade(self._ranked(found.scores)))

    def _show(self, event: Input) -> None:
        results = self._results.value
        if results is None:
            return
        match event:
            case jobs.Prepared():
                self._learn_caption(results, event)
            case jobs.QuestionAsked():
                self.question_asked.emit()
            case AnswerQuestion():
                self.answered.emit()
            case jobs.Planned():
                self._on_planned(results, event)
            case jobs.Progress():
                self._on_progress(results, event)
            case jobs.MemoryNotice():
                self._messages.notice(text_of(event.message))
            case jobs.Preview():
                slot = replace(results.slot(event.key), preview=event.pixels)
                self._results.value = results.with_slot(slot)
                self._notify(Changes.PREVIEW)
            case jobs.CandidateReady():
                self._on_candidate(results, event)
            case jobs.ScoreReady():
                slot = replace(results.slot(event.score.key), score=event.score)
                self._results.value = results.with_slot(slot)
                self._notify(Changes.RESULTS)
            case RankingMade():
                self._on_ranked(results)
            case _:
                self._show_end(results, event)

    def _show_end(self, results: Results, event: Input) -> None:
        """The edit ended without a ranking."""
        match event:
            case Cancel():
                self._stopped()
                self._messages.say(cancelled_message(len(results.finished)))
            case jobs.JobFailed():
                self._stopped()
                self._messages.say(failure_message(event))
            case jobs.JobCancelled() | CannotRun():
                self._stopped()

    def _learn_caption(self, results: Results, event: jobs.Prepared) -> None:
        """Remember what the picture shows, unless the artist has said so."""
        image = self.source()
        if event.caption and image is not None and results.instruction.text:
            self._binding.captions.setdefault(image.pixel_digest, event.caption)

    def _on_planned(self, results: Results, event: jobs.Planned) -> None:
        """Show the empty places of what will be made."""
        if not event.requests:
            self._restore()
            self._messages.notice(
                tr("These words have no further readings. Say it in other words.")
            )
            self._notify(Changes.RESULTS | Changes.JOB | Changes.LOOK | Changes.PREVIEW)
            return
        instruction = results.instruction
        if instruction.text:  # else each result has words of its own
            first = self.run.prepared[0]
            instruction = first.instruction
            self.options = replace(self.options, able=self.options.able or first.methods)
        self._results.value = replace(
            results,
            instruction=instruction,
            stage=ResultsStage.of(self.run.stage),
            slots=tuple(Slot(request) for request in event.requests),
        )
        self._notify(Changes.RESULTS | Changes.JOB | Changes.READING)

    def _on_progress(self, results: Results, event: jobs.Progress) -> None:
        if event.stage == "editing":
            self._results.value = results.at_step(event.step, event.steps)
        message, done = progress_message(event, results)
        self.progress = max(self.progress, done)  # a bar never goes back
        self._messages.say(message)

    def _on_candidate(self, results: Results, event: jobs.CandidateReady) -> None:
        """A result is shown once it is on disk, so that nothing shown can be lost."""
        candidate, document = event.candidate, self._binding.document
        slot = replace(results.slot(candidate.key), candidate=candidate)
        self._results.value = results.with_slot(slot)

        def shown() -> None:
            trace("shown", job=results.job, key=candidate.key)
            self._notify(Changes.PREVIEW)

        if document is None:  # a new picture: it becomes a document when it is kept
            shown()
            return
        future = document.add_candidate(results.job, results.parent, candidate, results.selection)
        self._binding.when_durable(future, shown)

    def _on_ranked(self, results: Results) -> None:
        seconds = time.monotonic() - self._started
        results = replace(results, ranking=self.run.ranking, seconds=seconds)
        self._results.value = results
        best = results.ordered[0]
        if self._view.looked_at is None and self._before.head == results.parent:
            self._view.looked_at = best.key
        self._store_ranking(results)
        self._end(Changes.LOOK)  # in one go: every panel is filled once
        place = results.place(best.key)
        reason = reason_text(place)
        text = tr("%1 results. Best: %2") if reason else tr("%1 results.")
        text = text.replace("%1", str(len(results.slots)))
        self._messages.announce(text.replace("%2", reason))
        # After the progress, which stands on the same line.
        toned = METHODS[best.request.method].parametric and not results.explored
        notice = notice_after(self.run, self._binding.show_once, toned=toned)
        if notice is not None:
            self._messages.say(notice)
        self.ranked.emit()

    def _store_ranking(self, results: Results) -> None:
        document = self._binding.document
        if document is not None:
            scores = tuple(slot.score for slot in results.slots if slot.score is not None)
            document.set_ranking(results.job, results.ranking, scores)

    def _in_order(self, results: Results) -> Results:
        scores = [slot.score for slot in results.slots if slot.score is not None]
        return replace(results, ranking=self._ranked(scores))

    def _ranked(self, scores: Sequence[Score]) -> Ranking:
        results = self._results.value
        explored = results is not None and results.explored
        return self.reordered(ranking_rules.rank(scores, self.weights, same_words=not explored))
