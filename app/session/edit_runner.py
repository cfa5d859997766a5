from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtCore import Slot as QtSlot

from app.i18n.messages import text_of
from app.i18n.reasons import reason_text
from app.runtime.trace import trace
from app.session.changes import Changes, Notify
from app.session.current_results import CurrentResults, results_of_head
from app.session.document_binding import DocumentBinding
from app.session.edit_plan import EditPlan
from app.session.engine_connection import EngineConnection
from app.session.job_messages import cancelled_message, failure_message, progress_message
from app.session.messages import Messages, tr
from app.session.results import Results, Slot, Stage
from app.session.view_state import ViewState
from editor.messages import Message
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.ranking import rank as ranking_rules
from editor.ranking.rank import Weights
from inference.request import jobs

DOMAIN = "domain"
"""Code of the notice that the models at hand do not know such pictures; once per document."""

Prepared = jobs.InstructionReady | jobs.ExploreReady
"""What the first job of an edit answers with."""


class EditRunner(QObject):
    """Runs one edit at a time: submits its jobs to the engine and follows their events.

    `EditSession`, `Explore` and `NewPicture` begin an edit and say what follows once the engine has
    read the words; from there to ranked results every edit goes the same way.

    Attributes:
        plan: of the edit begun last.
        job: id of the edit begun last.
        seed: of the first result.
        progress: share of the edit that is done, 0..1.
        weights: what counts how much in the order of the results.
    """

    ranked = Signal()
    """An edit has run to its end and its results are in order."""

    ending = Signal()
    """The live edit is about to end, in whatever way."""

    def __init__(
        self,
        engine: EngineConnection,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        messages: Messages,
        notify: Notify,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._binding, self._results = engine, binding, results
        self._view, self._messages, self._notify = view, messages, notify
        self.plan = EditPlan()
        self.job = ""
        self.seed = 0
        self.progress = 0.0
        self.weights = Weights()
        self._prepare_job = ""
        self._started = 0.0
        self._warning: Message | None = None
        self._on_prepared: Callable[[Prepared], None] = _ignore
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
        if document.read_only:
            self._messages.notice(tr("This document is open in another window."))
            return False
        selection = self._view.selection
        if selection is not None and selection.is_empty:
            self._messages.notice(
                tr("The selection is empty."), tr("Select everything"), "select_none"
            )
            return False
        return True

    def start(self, results: Results, on_prepared: Callable[[Prepared], None]) -> None:
        """Show the results of a new edit, still empty; `prepare` follows."""
        self._results.value = results
        self.job = results.job
        self._prepare_job = ""  # late events of the edit before are none of this one
        self._on_prepared = on_prepared
        self._view.show_current()
        self._view.live = None
        self._messages.discard()
        self._started = time.monotonic()
        self.progress = 0.0
        self._notify(
            Changes.RESULTS | Changes.JOB | Changes.LOOK | Changes.MESSAGE | Changes.PREVIEW
        )

    def start_here(
        self,
        instruction: Instruction,
        make_job: Callable[[Results, Image], jobs.PrepareJob | jobs.ExploreJob],
        on_prepared: Callable[[Prepared], None],
    ) -> None:
        """Start an edit of the current picture; its first job waits for the picture's pixels."""
        node = self._binding.node
        assert node is not None
        job = jobs.new_job_id()
        self.start(Results(job, node.id, instruction, self._view.selection), on_prepared)

        def submit(image: Image) -> None:
            results = self._results.value
            if results is None or not self._results.is_under_way(job):
                return
            selection = results.selection
            size = image.width, image.height
            if selection is not None and (selection.width, selection.height) != size:
                results = self._results.value = replace(results, selection=None)
            self.prepare(make_job(results, image))

        self._binding.when_rendered(node.id, submit)

    def prepare(self, job: jobs.PrepareJob | jobs.ExploreJob) -> None:
        """Have the engine read the words; `on_prepared` is called with its answer."""
        self._prepare_job = job.id
        self._engine.submit(job)

    # --- carry out ------------------------------------------------------------------------------

    def proceed(self, event: jobs.InstructionReady) -> None:
        """Make what the plan asks for, now that the instruction is complete."""
        results, image = self._results.value, self.source()
        if results is None or image is None:
            return
        self.learn_caption(event)
        self.plan = replace(self.plan, able=self.plan.able or event.methods)
        requests = self.plan.requests(event, results, image, self.seed)
        if not requests:
            self._results.value = results_of_head(self._binding.document)
            self._messages.notice(
                tr("These words have no further readings. Say it in other words.")
            )
            self._notify(Changes.RESULTS | Changes.JOB | Changes.LOOK)
            return
        new = results.source is not None  # nothing to compare it with
        self.edit(
            jobs.EditJob.of(
                event, requests, image, results.selection, id=results.job, score=not new
            ),
            event.instruction,
            event.warning,
        )

    def edit(self, job: jobs.EditJob, instruction: Instruction, warning: Message | None) -> None:
        """Submit the job that makes the results, and show their empty places.

        Args:
            job: its id is that of the live edit.
            instruction: complete; without words where each result has its own.
            warning: what is said once the results are there, None for nothing.
        """
        results = self._results.value
        assert results is not None
        self._warning = warning
        self._results.value = replace(
            results,
            instruction=instruction,
            stage=Stage.RUNNING,
            slots=tuple(Slot(request) for request in job.requests),
        )
        self._notify(Changes.RESULTS | Changes.JOB | Changes.READING)
        self._engine.submit(job)

    def source(self) -> Image | None:
        """The picture that the live edit starts from, None while its pixels are being made."""
        results = self._results.value
        if results is None:
            return None
        return (
            results.source if results.source is not None else self._binding.image_of(results.parent)
        )

    def learn_caption(self, event: jobs.InstructionReady) -> None:
        """Remember what the picture shows, unless the artist has said so."""
        image = self.source()
        if event.caption and image is not None:
            self._binding.captions.setdefault(image.pixel_digest, event.caption)

    # --- end ------------------------------------------------------------------------------------

    def cancel(self) -> None:
        """Stop the live edit; finished results stay."""
        results = self._results.value
        if results is None or not results.stage.is_live:
            return
        if results.stage is not Stage.ASKING:  # else nothing runs
            for job in (self._prepare_job, results.job):
                if job:
                    self._engine.cancel(job)
        self.end(Stage.CANCELLED)
        message = cancelled_message(len(results.finished))
        self._messages.say(message)
        self._messages.announce(message.text)

    def end(self, stage: Stage, also: Changes = Changes.NONE) -> None:
        """The live edit ends at `stage`; `also` changed with it."""
        self.ending.emit()
        results = self._results.value
        assert results is not None
        self._results.value = replace(results, stage=stage)
        self._messages.discard_progress()
        self._notify(Changes.RESULTS | Changes.JOB | Changes.MESSAGE | also)

    def set_weights(self, weights: Weights) -> None:
        """Re-sort the list while the sliders of "Why this order" move."""
        self.weights = weights
        results = self._results.value
        if results is not None and results.stage is Stage.RANKED:
            self._results.value = self._in_order(results)
            self._notify(Changes.RESULTS)

    # --- events ---------------------------------------------------------------------------------

    @QtSlot(object)
    def _on_event(self, event: jobs.Event) -> None:
        results = self._results.value
        if results is None or not results.stage.is_live:
            return
        if not event.job_id or event.job_id not in (results.job, self._prepare_job):
            return  # of an unknown or cancelled job
        match event:
            case jobs.InstructionReady() | jobs.ExploreReady():
                self._on_prepared(event)
            case jobs.Progress():
                self._on_progress(results, event)
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
            case jobs.JobFinished():
                if event.job_id == results.job:
                    self._on_finished(results)
            case jobs.JobCancelled():
                self.end(Stage.CANCELLED)
            case jobs.JobFailed():
                self.end(Stage.FAILED)
                self._messages.alert(failure_message(event))

    @QtSlot(object)
    def _on_engine_failed(self, error: BaseException) -> None:
        if self._results.is_busy:
            self.end(Stage.FAILED)
        self._messages.fail(error)

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

    def _on_finished(self, results: Results) -> None:
        results = self._in_order(replace(results, seconds=time.monotonic() - self._started))
        self._results.value = results
        best = results.ordered[0]
        node, document = self._binding.node, self._binding.document
        here = node is None or node.id == results.parent
        if self._view.looked_at is None and here:
            self._view.looked_at = best.key
        if document is not None:
            scores = tuple(slot.score for slot in results.slots if slot.score is not None)
            document.set_ranking(results.job, results.ranking, scores)
        self.end(Stage.RANKED, Changes.LOOK)  # in one go: every panel is filled once
        place = results.place(best.key)
        text = tr("%1 results. Best: %2") if place else tr("%1 results.")
        text = text.replace("%1", str(len(results.slots)))
        self._messages.announce(text.replace("%2", reason_text(place)))
        # After the progress, which stands on the same line.
        if self._warning and self._binding.show_once(DOMAIN):
            warning = text_of(self._warning)
            self._messages.notice(warning, tr("Add a model"), "show_models")
            self._messages.announce(warning)
        self.ranked.emit()

    def _in_order(self, results: Results) -> Results:
        scores = [slot.score for slot in results.slots if slot.score is not None]
        return replace(results, ranking=ranking_rules.rank(scores, self.weights))


def _ignore(event: Prepared) -> None:
    """Before the first edit nothing follows."""
