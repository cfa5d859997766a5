from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtCore import Slot as QtSlot

from app.changes import Changes, Message, MessageKind
from app.leaving import Leaving
from app.leaving import said as said_left
from app.results import Results, Stage
from app.results import Slot as ResultSlot
from app.trace import trace
from app.work import Ticket, Work
from editor import ranking as ranking_rules
from editor.edit import Instruction
from editor.errors import DamagedDocument, DiskFull, ExpectedError
from editor.history import HistoryNode, new_id
from editor.image import Image
from editor.look import Look, render_look
from editor.picture import Picture
from editor.ranking import Ranking, Weights
from editor.selection import Selection
from inference import jobs
from inference.registry import METHODS, plan_requests

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.document import Document, StoredJob


def _tr(text: str) -> str:
    return QCoreApplication.translate("Session", text)


@dataclass(frozen=True)
class _Plan:
    methods: tuple[str, ...] = ()
    count: int = 4
    beyond: int = 0
    """Readings of the same words that were shown before."""


class Session(QObject):
    """The one mutable object of the UI: document, selection, results, live jobs.

    Emits `changed(Changes)`; panels redraw their own part. Nothing here touches widgets, and
    nothing blocks: the engine lives in a child process, pixels are made on `Work`'s threads,
    the document is written by its own thread.
    """

    changed = Signal(object)
    announced = Signal(str, bool)
    """Text for screen readers, and whether it is urgent."""

    kept = Signal(str)
    """Id of a node that is on disk now."""

    _written = Signal()
    _durable = Signal(object)
    _write_failed = Signal(object, object)

    def __init__(self, engine: Any, work: Work, state_dir: Path) -> None:
        super().__init__()
        self.engine = engine
        self.work = work
        self.state_dir = state_dir
        self.document: Document | None = None
        self.selection: Selection | None = None
        self.results: Results | None = None
        self.looked_at: str | None = None
        """Key of the result on the canvas; None = the current picture."""
        self.compared: str | None = None
        self.opacity = 1.0
        self.paint: Selection | None = None
        self.paint_key: str | None = None
        """Key of the result that is painted into the one looked at."""
        self.message: Message | None = None
        self.weights = Weights()
        self._seed = 0
        self._waiting: dict[str, list[Callable[[Image], None]]] = {}
        self._rendering: dict[str, Ticket] = {}
        self._started = 0.0
        self._plan = _Plan()
        self._plan_job = ""
        self._prepare_id = ""
        self.engine_facts: jobs.EngineReady | None = None
        self.progress = 0.0
        """Share of the live job that is done, 0..1."""
        self.leaving = Leaving(work, self)
        """Documents left that are still on their way to the disk."""
        self.leaving.refused.connect(self._on_left_unwritten)
        self._message_timer = QTimer(self, singleShot=True)
        self._message_timer.timeout.connect(lambda: self.say(None))
        engine.job_event.connect(self._on_event)
        engine.failed.connect(self._on_engine_failed)
        self._durable.connect(self._run_durable)
        self._written.connect(lambda: self.changed.emit(Changes.DOCUMENT))
        self._write_failed.connect(self._on_write_failed)

    @QtSlot(object)
    def _run_durable(self, then: Callable[[], object]) -> None:
        then()

    # --- document -------------------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        """Work on another document (or none); the old one is closed behind."""
        self.cancel()
        old, self.document = self.document, document
        if old is not None:
            # Writes under way and the checkpoint may take a second: not on this thread.
            self.leaving.add(old)
        self.selection = self.results = self.paint = None
        self.looked_at = self.compared = self.paint_key = None
        self.opacity = 1.0
        self.message = None
        self._waiting.clear()
        for ticket in self._rendering.values():
            ticket.cancel()  # an idea left unfinished is made when its document opens again
        self._rendering.clear()
        if document is not None:
            document.on_written = self._written.emit
            document.on_error = partial(self._write_failed.emit, document)
            if document.trouble is not None:  # before anybody listened
                self._on_write_failed(document, document.trouble)
            for node_id in document.pending():
                self._make_pixels(node_id)
            self._show_results_of_head()
        self.changed.emit(Changes.ALL)

    def wait_closed(self, timeout: float = 30.0) -> None:
        """Wait (on a worker thread) until documents left are closed or the disk refused them."""
        self.leaving.wait_tried(timeout)

    @property
    def node(self) -> HistoryNode | None:
        """The history node at head."""
        if self.document is None or self.document.history.head is None:
            return None
        return self.document.history.current

    @property
    def image(self) -> Image | None:
        """The current picture's pixels, or None while they are still being made."""
        node = self.node
        return node.picture.image if node is not None and node.picture is not None else None

    @property
    def is_busy(self) -> bool:
        """True while a job runs: the Run button says Cancel."""
        return self.results is not None and self.results.stage.is_live

    # --- run --------------------------------------------------------------------------------

    def run(
        self,
        text: str,
        *,
        methods: tuple[str, ...] = (),
        count: int = 4,
        seed: int | None = None,
        beyond: int = 0,
    ) -> None:
        """Ask for candidates of an instruction on the current picture.

        `beyond` skips the first readings of the words, which were shown before.
        """
        node = self.node
        text = " ".join(text.split())
        if node is None or self.document is None or not text:
            return
        if self.is_busy:
            self.cancel()
        if self.document.read_only:
            self.notice(_tr("This document is open in another window."), "", "")
            return
        if self.selection is not None and self.selection.is_empty:
            self.notice(_tr("The selection is empty."), _tr("Select everything"), "select_none")
            return
        if seed is not None:
            self._seed = seed
        job = jobs.new_job_id()
        self.results = Results(job, node.id, Instruction(text), self.selection)
        self.looked_at = self.compared = None
        self._clear_finish()
        self.message = None
        self._started = time.monotonic()
        self.progress = 0.0
        self._plan = _Plan(methods, count, beyond)
        self._plan_job = job
        self.changed.emit(
            Changes.RESULTS | Changes.JOB | Changes.LOOK | Changes.MESSAGE | Changes.PREVIEW
        )
        self._when_made(node.id, lambda image: self._submit_prepare(job, text, image))

    def run_again(self, count: int = 4) -> None:
        """The same instruction once more: new seeds, or further readings and strengths."""
        results = self.results
        if results is None:
            return
        here = self.node is not None and results.parent == self.node.id
        same = here and results.job == self._plan_job
        shown = {q.settings for t in results.slots if METHODS[(q := t.request).method].parametric}
        self.run(
            results.instruction.text,
            methods=self._plan.methods if same else (),
            count=count,
            seed=self._seed + count if same else None,
            beyond=self._plan.beyond + len(shown) if same else 0,
        )

    def cancel(self) -> None:
        """Stop the live job; finished results stay."""
        if self.results is None or not self.results.stage.is_live:
            return
        self.engine.cancel(self._prepare_id)
        self.engine.cancel(self.results.job)
        self._end(Stage.CANCELLED)
        done = len(self.results.finished)
        text = _tr("Cancelled.")
        if done == 1:
            text = _tr("Cancelled. 1 finished result is kept.")
        elif done > 1:
            text = _tr("Cancelled. %n finished results are kept.").replace("%n", str(done))
        self.say(Message(MessageKind.NOTICE, text, seconds=4))
        self.announced.emit(text, False)

    def _submit_prepare(self, job: str, text: str, image: Image) -> None:
        if self.results is None or self.results.job != job or not self.results.stage.is_live:
            return
        selection = self.results.selection
        if selection is not None and (selection.width, selection.height) != (
            image.width,
            image.height,
        ):
            selection = None
            self.results = replace(self.results, selection=None)
        self._prepare_id = jobs.new_job_id()
        self.engine.submit(
            jobs.PrepareJob(
                id=self._prepare_id,
                instruction=Instruction(text),
                has_selection=selection is not None,
                methods=self._plan.methods,
                count=self._plan.count + self._plan.beyond,
            )
        )

    # --- events -------------------------------------------------------------------------------

    def _on_event(self, event: Any) -> None:
        results = self.results
        if isinstance(event, jobs.EngineReady):
            self.engine_facts = event
            self.changed.emit(Changes.ENGINE)
            return
        if results is None or not results.stage.is_live:
            return
        if event.job_id not in (results.job, self._prepare_id):
            return  # of an unknown or cancelled job
        match event:
            case jobs.InstructionReady():
                self._on_ready(results, event)
            case jobs.Progress():
                self._on_progress(results, event)
            case jobs.Preview():
                slot = replace(results.slot(event.key), preview=event.pixels)
                self.results = results.with_slot(slot)
                self.changed.emit(Changes.PREVIEW)
            case jobs.CandidateReady():
                self._on_candidate(results, event)
            case jobs.ScoreReady():
                slot = replace(results.slot(event.score.key), score=event.score)
                self.results = results.with_slot(slot)
                self.changed.emit(Changes.RESULTS)
            case jobs.JobFinished():
                if event.job_id == results.job:
                    self._on_finished()
            case jobs.JobCancelled():
                self._end(Stage.CANCELLED)
            case jobs.JobFailed():
                self._end(Stage.FAILED)
                self._say_failed(event)

    def _on_engine_failed(self, error: BaseException) -> None:
        if self.is_busy:
            self._end(Stage.FAILED)
        self.fail(error)

    def _on_ready(self, results: Results, event: jobs.InstructionReady) -> None:
        image = self._image_of(results.parent)
        if image is None:
            return
        requests = plan_requests(
            event,
            source_digest=image.pixel_digest,
            selection_digest=results.selection.digest if results.selection else None,
            methods=self._plan.methods,
            count=self._plan.count + self._plan.beyond,
            seed=self._seed,
        )[self._plan.beyond :]
        if not requests:
            self._show_results_of_head()
            self.notice(_tr("These words have no further readings. Say it in other words."))
            self.changed.emit(Changes.RESULTS | Changes.JOB | Changes.LOOK)
            return
        self.results = replace(
            results,
            instruction=event.instruction,
            stage=Stage.RUNNING,
            slots=tuple(ResultSlot(r) for r in requests),
        )
        if event.warning:
            self.notice(event.warning)
        self.changed.emit(Changes.RESULTS | Changes.JOB | Changes.READING)
        self.engine.submit(
            jobs.EditJob.of(event, requests, image, results.selection, id=results.job)
        )

    def _on_progress(self, results: Results, event: jobs.Progress) -> None:
        parametric = all(METHODS[r.request.method].parametric for r in results.slots)
        share = event.step / event.steps if event.steps else 0.0
        # Denoising takes nearly all the time of a sampling method, measuring that of `adjust`.
        edge = 0.1 if parametric else 0.9
        if event.stage == "loading":
            text, done = _tr("Loading"), 0.0
        elif event.stage == "scoring":
            text = _tr("Measuring result %1 of %2")
            done = edge + (1 - edge) * share
        else:
            text = _tr("Step %1 of %2")
            done = edge * share
        text = text.replace("%1", str(event.step)).replace("%2", str(event.steps))
        left = event.seconds_left
        if left is not None and left >= 1:
            text += _tr(", about %1 s left").replace("%1", str(round(left)))
        self.progress = max(self.progress, done)  # a bar never goes back
        self.say(Message(MessageKind.PROGRESS, text))

    def _on_candidate(self, results: Results, event: jobs.CandidateReady) -> None:
        """A result is shown once it is on disk, so that nothing shown can be lost."""
        assert self.document is not None
        slot = replace(results.slot(event.candidate.key), candidate=event.candidate)
        self.results = results.with_slot(slot)
        future = self.document.add_candidate(
            results.job, results.parent, event.candidate, results.selection
        )
        self._when_durable(future, lambda: self._say_shown(results.job, event.candidate.key))

    def _say_shown(self, job: str, key: str) -> None:
        trace("shown", job=job, key=key)
        self.changed.emit(Changes.PREVIEW)

    def _on_finished(self) -> None:
        assert self.results is not None
        assert self.document is not None
        self.results = replace(self.results, seconds=time.monotonic() - self._started)
        self._rank()
        self._end(Stage.RANKED)
        best = self.results.ordered[0]
        here = self.node is not None and self.node.id == self.results.parent
        if self.looked_at is None and here:
            self.looked_at = best.key
        place = self.results.place(best.key)
        scores = tuple(s.score for s in self.results.slots if s.score is not None)
        self.document.set_ranking(self.results.job, self.results.ranking, scores)
        self.changed.emit(Changes.LOOK)
        said = _tr("%1 results. Best: %2").replace("%1", str(len(self.results.slots)))
        self.announced.emit(said.replace("%2", place.reason if place else ""), False)

    def _end(self, stage: Stage) -> None:
        assert self.results is not None
        self.results = replace(self.results, stage=stage)
        if self.message is not None and self.message.kind is MessageKind.PROGRESS:
            self.message = None
        self.changed.emit(Changes.RESULTS | Changes.JOB | Changes.MESSAGE)

    def _say_failed(self, event: jobs.JobFailed) -> None:
        button, action = event.fix, ""
        if event.kind == "engine_stopped":
            button, action = _tr("Run again"), "again"
        elif event.kind == "bug":
            button, action = _tr("Copy details"), "copy_details"
        elif event.kind == "selection_needed":
            button, action = _tr("Select"), "tool_lasso"
        elif event.kind == "not_understood":
            button, action = _tr("What it knows"), "show_words"
        self.say(Message(MessageKind.ERROR, event.message, button, action, details=event.details))
        self.announced.emit(event.message, True)

    def _rank(self) -> None:
        assert self.results is not None
        scores = [s.score for s in self.results.slots if s.score is not None]
        ranking: Ranking = ranking_rules.rank(scores, self.weights)
        self.results = replace(self.results, ranking=ranking)

    def set_weights(self, weights: Weights) -> None:
        """Re-sort the list while the sliders of "Why this order" move."""
        self.weights = weights
        if self.results is not None and self.results.stage is Stage.RANKED:
            self._rank()
            self.changed.emit(Changes.RESULTS)

    # --- look -----------------------------------------------------------------------------------

    def look_at(self, key: str | None) -> None:
        """Put a result on the canvas, or the current picture again."""
        if key == self.looked_at:
            return
        if self.looked_at is not None and key is not None:
            self.compared = self.looked_at
        self.looked_at = key
        self._clear_finish()
        self.changed.emit(Changes.LOOK)

    def look_at_number(self, number: int) -> None:
        """0 = current picture, 1..9 = the result with that rank."""
        if number == 0:
            self.look_at(None)
        elif self.results is not None and number <= len(self.results.ordered):
            slot = self.results.ordered[number - 1]
            if slot.candidate is not None:
                self.look_at(slot.key)

    def look_at_result_of(self, node_id: str, key: str) -> bool:
        """Go to an idea and look at another result of the job that made it; False if busy."""
        document = self.document
        node = document.history.nodes.get(node_id) if document is not None else None
        if document is None or node is None or node.parent is None or self.is_busy:
            return False
        jobs_of = document.results(node.parent)
        job = next((j for j in jobs_of if key in {c.key for c in j.candidates}), None)
        if job is None:
            return False
        self.go(node_id)
        self.results = _restored(job, node_id)
        self.looked_at = None
        self.changed.emit(Changes.RESULTS | Changes.JOB)
        self.look_at(key)
        return True

    @property
    def look(self) -> Look | None:
        """What Keep this would keep."""
        if self.results is None or self.looked_at is None:
            return None
        first = self.results.slot(self.looked_at).candidate
        if first is None:
            return None
        second = None
        if self.paint_key is not None:
            second = self.results.slot(self.paint_key).candidate
        return Look(first, second, self.paint, self.opacity)

    def set_opacity(self, opacity: float) -> None:
        """Fade the result looked at: 0 = before, 1 = all of it."""
        opacity = min(1.0, max(0.0, opacity))
        if opacity != self.opacity and self.paint_key is None:
            self.opacity = opacity
            self.changed.emit(Changes.LOOK)

    def start_painting(self, key: str) -> None:
        """Paint parts of another result into the one looked at."""
        look = self.look
        if look is None or key == self.looked_at or self.results is None:
            return
        from editor.composite import output_size

        image, other = self._image_of(self.results.parent), self.results.slot(key).candidate
        if image is None or other is None:
            return
        if output_size(image, look.first.patch) != output_size(image, other.patch):
            self.notice(_tr("These two results differ in size."))
            return
        self.opacity = 1.0
        self.paint_key = key
        self.paint = None
        self.changed.emit(Changes.LOOK)

    def set_paint(self, paint: Selection | None, *, quiet: bool = False) -> None:
        """The brushed coverage of the second result; `quiet` if the canvas shows it already."""
        self.paint = paint
        if not quiet:
            self.changed.emit(Changes.LOOK)

    def stop_painting(self) -> None:
        """Take the second result away again."""
        self.paint, self.paint_key = None, None
        self.changed.emit(Changes.LOOK)

    def _clear_finish(self) -> None:
        self.opacity, self.paint, self.paint_key = 1.0, None, None

    def set_aside(self, key: str) -> None:
        """Dim a result; again brings it back."""
        if self.results is not None:
            self.results = replace(self.results, set_aside=self.results.set_aside ^ {key})
            self.changed.emit(Changes.RESULTS)

    # --- keep, history --------------------------------------------------------------------------

    def keep(self) -> None:
        """Accept what is looked at: a node under the one its job started from; head goes there."""
        look = self.look
        results = self.results
        if look is None or results is None or self.document is None or results.stage.is_live:
            return
        if self.document.read_only:
            self.notice(_tr("This document is open in another window. It is read only here."))
            return
        branches = bool(self.document.history.children(results.parent))
        node = HistoryNode(
            id=new_id(),
            parent=results.parent,
            picture=None,
            label=results.instruction.text,
            time=time.time(),
            candidates=look.candidates,
            siblings=tuple(s.candidate for s in results.slots if s.candidate is not None),
            ranking=results.ranking,
            opacity=look.opacity,
            paint=look.paint if len(look.candidates) == 2 else None,
            selection=results.selection,
            kind="paint" if len(look.candidates) == 2 else "edit",
        )
        kept = self.document.accept(node)
        self.results = replace(results, kept=node.id)
        self.looked_at = self.compared = None
        self._clear_finish()
        self._make_pixels(node.id)
        self._when_durable(kept, lambda: self._say_kept(node, branches))

    def _say_kept(self, node: HistoryNode, branches: bool) -> None:
        trace("kept", node=node.id)
        self.kept.emit(node.id)
        self.changed.emit(Changes.HISTORY | Changes.HEAD | Changes.LOOK | Changes.RESULTS)
        if branches:
            self.say(
                Message(
                    MessageKind.NOTICE,
                    _tr("A new branch. The other one is still there."),
                    seconds=6,
                )
            )
        self.announced.emit(_tr("Kept: %1").replace("%1", node.label), False)

    def undo(self) -> None:
        """Go to the parent."""
        if self.document is not None and self.document.history.can_undo:
            label = self.document.history.label(self.document.history.current.id)
            self.document.undo()
            self._moved()
            self.announced.emit(_tr("Undone: %1").replace("%1", label), False)

    def redo(self) -> None:
        """Follow the trail."""
        if self.document is not None and self.document.history.redo_target is not None:
            self.document.redo()
            self._moved()
            label = self.document.history.label(self.document.history.current.id)
            self.announced.emit(_tr("Redone: %1").replace("%1", label), False)

    def go(self, node_id: str) -> None:
        """Go to any idea."""
        if self.document is not None and node_id != self.document.history.head:
            self.document.go(node_id)
            self._moved()

    def star(self, node_id: str) -> None:
        """Star an idea, or take the star away."""
        if self.document is not None:
            self.document.star(node_id, node_id not in self.document.history.starred)
            self.changed.emit(Changes.HISTORY)

    def rename(self, node_id: str, name: str) -> None:
        """Give an idea the artist's own name."""
        if self.document is not None:
            self.document.rename(node_id, name)
            self.changed.emit(Changes.HISTORY)

    def _moved(self) -> None:
        self.fit_selection()
        if not self.is_busy:
            self.looked_at = self.compared = None
            self._clear_finish()
            self._show_results_of_head()
        self.changed.emit(
            Changes.HEAD | Changes.HISTORY | Changes.RESULTS | Changes.LOOK | Changes.JOB
        )

    def _show_results_of_head(self) -> None:
        """That idea's own results come back: those started from it, else those that made it."""
        self.results = None
        if self.document is None or self.document.history.head is None:
            return
        head = self.document.history.current
        stored = self.document.results(head.id)
        kept: str | None = None
        if not stored and head.parent is not None:
            keys = {c.key for c in head.candidates}
            stored = tuple(
                j
                for j in self.document.results(head.parent)
                if keys & {c.key for c in j.candidates}
            )
            kept = head.id
        if stored:
            self.results = _restored(stored[-1], kept)

    # --- selection --------------------------------------------------------------------------------

    def fit_selection(self) -> None:
        """A selection of another size than the picture (a crop in between) goes."""
        image, selection = self.image, self.selection
        if image is None or selection is None:
            return
        if (selection.width, selection.height) != (image.width, image.height):
            self.set_selection(None)

    def set_selection(self, selection: Selection | None) -> None:
        """Where the next edit may act; None = everywhere."""
        self.selection = selection
        self.changed.emit(Changes.SELECTION)

    def _when_durable(self, future: Future[None], then: Callable[[], object]) -> None:
        """Call on the GUI thread once a write is on disk; failures come through `on_error`."""
        future.add_done_callback(
            lambda done: None if done.cancelled() or done.exception() else self._durable.emit(then)
        )

    # --- pixels -----------------------------------------------------------------------------------

    def _image_of(self, node_id: str) -> Image | None:
        assert self.document is not None
        picture = self.document.history.nodes[node_id].picture
        return picture.image if picture is not None else None

    def _when_made(self, node_id: str, then: Callable[[Image], None]) -> None:
        image = self._image_of(node_id)
        if image is not None:
            then(image)
        else:
            self._waiting.setdefault(node_id, []).append(then)

    def _make_pixels(self, node_id: str) -> None:
        """Render an accepted node at full size and depth, and store it."""
        document = self.document
        assert document is not None
        node = document.history.nodes[node_id]
        assert node.parent is not None
        look = Look.of_node(node)

        def begin(source: Image) -> None:
            def render(ticket: Ticket) -> Image:
                # Accepting faster than the disk writes must not pile up pictures in memory.
                document.wait_for_room(120)
                return render_look(source, look, node.selection, cancelled=ticket.cancelled)

            self._rendering[node_id] = self.work.run(render, made, failed, priority=1)

        def made(image: Image) -> None:
            self._rendering.pop(node_id, None)
            if self.document is not document:
                return
            document.complete(node_id, Picture.of(image))
            self.fit_selection()
            self.changed.emit(Changes.PIXELS)
            for then in self._waiting.pop(node_id, ()):
                then(image)

        def failed(error: BaseException) -> None:
            self._rendering.pop(node_id, None)
            self._waiting.pop(node_id, None)
            waits = self.results is not None and self.results.parent == node_id
            if waits and self.is_busy:
                self._end(Stage.FAILED)
            from editor.composite import Cancelled

            if not isinstance(error, Cancelled):
                self.fail(error)

        self._when_made(node.parent, begin)

    # --- words under the prompt -------------------------------------------------------------------

    def say(self, message: Message | None) -> None:
        """Put a sentence on the message line (None clears it)."""
        self.message = message
        self._message_timer.stop()
        if message is not None and message.seconds:
            self._message_timer.start(int(message.seconds * 1000))
        self.changed.emit(Changes.MESSAGE)

    def notice(self, text: str, button: str = "", action: str = "") -> None:
        """A notice that stays until something replaces it."""
        self.say(Message(MessageKind.NOTICE, text, button, action))

    def fail(self, error: BaseException) -> None:
        """Show an error inline: an expected one as its sentence, a bug with Copy details."""
        if isinstance(error, ExpectedError):
            action = ""
            if isinstance(error, DamagedDocument):
                action = "open_rest"
            elif isinstance(error, DiskFull):
                action = "save_elsewhere"
            self.say(Message(MessageKind.ERROR, error.message, error.fix, action))
            self.announced.emit(error.message, True)
            return
        import traceback

        details = "".join(traceback.format_exception(error))
        text = _tr("Something went wrong in the program. Your document is safe.")
        self.say(
            Message(MessageKind.ERROR, text, _tr("Copy details"), "copy_details", details=details)
        )
        self.announced.emit(text, True)

    def _on_write_failed(self, document: Document, error: ExpectedError) -> None:
        if document is not self.document:
            return  # left since; `leaving` tells
        self.say(
            Message(MessageKind.ERROR, error.message, _tr("Choose another place"), "save_elsewhere")
        )
        self.announced.emit(error.message, True)

    def _on_left_unwritten(self, error: ExpectedError, title: str) -> None:
        text = said_left(title)
        self.say(Message(MessageKind.ERROR, text, _tr("Try again"), "retry_writing"))
        self.announced.emit(text, True)

    def retry_writing(self) -> None:
        """Try again what the disk refused, of this document and of those left."""
        if self.document is not None:
            self.document.retry()
        self.leaving.retry()

    def close(self) -> None:
        """End live jobs and close the documents; what is under way to the disk is finished.

        Raises:
            DiskFull: something could not be written; that document stays open.
        """
        self.cancel()
        self.leaving.close()
        if self.document is not None:
            self.document.close()
            self.document = None


def _restored(stored: StoredJob, kept: str | None) -> Results:
    by_key = {s.key: s for s in stored.scores}
    return Results(
        job=stored.job,
        parent=stored.parent,
        instruction=stored.candidates[0].request.instruction,
        selection=stored.selection,
        stage=Stage.RANKED,
        slots=tuple(
            ResultSlot(c.request, candidate=c, score=by_key.get(c.key)) for c in stored.candidates
        ),
        ranking=stored.ranking or ranking_rules.rank(stored.scores),
        kept=kept,
    )
