from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtCore import Slot as QtSlot

from app.i18n.engine_messages import said
from app.i18n.reasons import reason_text
from app.runtime.trace import trace
from app.session.changes import Changes, Message, MessageKind
from app.session.messages import tr
from app.session.node_renderer import Making
from app.session.results import Results, Stage
from app.session.results import Slot as ResultSlot
from app.session.view_state import Regarding
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues
from editor.ranking import rank as ranking_rules
from editor.ranking.rank import Ranking, Weights
from inference.request import jobs
from inference.request.registry import METHODS, plan_requests

DOMAIN = "domain"
"""Code of the notice that the models at hand do not know such pictures; once per document."""


@dataclass(frozen=True)
class _Plan:
    methods: tuple[str, ...] = ()
    count: int = 4
    beyond: int = 0
    """Readings of the same words that were shown before."""
    instruction: Instruction | None = None
    """With captions that are known already; None for words alone."""
    answered: bool = False
    """The one question was asked, or there is none to ask."""
    settings: SettingValues = ()
    able: tuple[str, ...] = ()
    """Methods that could carry out the words, once `prepare` has said so."""


class Asking(Regarding):
    """From words to ranked results: submits jobs and follows their events."""

    _durable = Signal(object)

    def __init__(self, engine: Any) -> None:
        super().__init__()
        self.engine = engine
        self.weights = Weights()
        self._making: Making | None = None
        self._seed = 0
        self._started = 0.0
        self._plan = _Plan()
        self._plan_job = ""
        self.warning = ""
        """What is said about the live job once it is done; "" for nothing."""
        self._prepare_id = ""
        self.captions: dict[str, str] = {}
        """What pictures show, by pixel digest, as models or the artist said."""
        self.live: Candidate | None = None
        """What the words in the box would do: shown on the canvas, never kept."""
        self.engine_facts: jobs.EngineReady | None = None
        self.progress = 0.0
        """Share of the live job that is done, 0..1."""
        engine.job_event.connect(self._on_event)
        engine.failed.connect(self._on_engine_failed)
        self._durable.connect(self._run_durable)

    @QtSlot(object)
    def _run_durable(self, then: Callable[[], object]) -> None:
        then()

    # --- run --------------------------------------------------------------------------------

    def run(
        self,
        text: str,
        *,
        methods: tuple[str, ...] = (),
        count: int = 4,
        seed: int | None = None,
        beyond: int = 0,
        instruction: Instruction | None = None,
        settings: SettingValues = (),
    ) -> None:
        """Ask for candidates of an instruction on the current picture.

        `beyond` skips readings of the words that were shown before; an `instruction` with captions
        is taken as it is and nothing is asked about it; `settings` are the same for all candidates.
        """
        text = " ".join(text.split())
        if not text or not self._may_start():
            return
        if seed is not None:
            self._seed = seed
        known = instruction is not None
        self._plan = _Plan(methods, count, beyond, instruction, known, settings)
        self._start(Instruction(text), self._submit_prepare)

    def _may_start(self) -> bool:
        """Whether a job can begin here and now; what is in the way is said."""
        if self.node is None or self.document is None or self._making is None:
            return False
        if self.is_busy:
            self.cancel()
        if self.document.read_only:
            self.notice(tr("This document is open in another window."), "", "")
            return False
        if self.selection is not None and self.selection.is_empty:
            self.notice(tr("The selection is empty."), tr("Select everything"), "select_none")
            return False
        return True

    def _start(self, instruction: Instruction, submit: Callable[[str, Image], None]) -> None:
        """A new live job; `submit(job, image)` once the current picture has its pixels."""
        node = self.node
        assert node is not None
        assert self._making is not None
        self._open_results(Results(jobs.new_job_id(), node.id, instruction, self.selection))
        job = self._plan_job
        self._making.when_made(node.id, lambda image: self._submit(job, image, submit))

    def _open_results(self, results: Results) -> None:
        self.results = results
        self._plan_job = results.job
        self._prepare_id = ""  # late events of the job before are none of this one
        self.looked_at = self.compared = self.live = None
        self._clear_finish()
        self.message = None
        self._started = time.monotonic()
        self.progress = 0.0
        self.changed.emit(
            Changes.RESULTS | Changes.JOB | Changes.LOOK | Changes.MESSAGE | Changes.PREVIEW
        )

    def run_again(self, count: int = 4) -> None:
        """The same instruction once more: new seeds, or further readings and strengths."""
        results = self.results
        if results is None or not results.instruction.text:
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
            settings=self._plan.settings if same else (),
        )

    def cancel(self) -> None:
        """Stop the live job; finished results stay."""
        if self.results is None or not self.results.stage.is_live:
            return
        if self.results.stage is not Stage.ASKING:  # else nothing runs
            for job in (self._prepare_id, self.results.job):
                if job:
                    self.engine.cancel(job)
        self._end(Stage.CANCELLED)
        done = len(self.results.finished)
        text = tr("Cancelled.")
        if done == 1:
            text = tr("Cancelled. 1 finished result is kept.")
        elif done > 1:
            text = tr("Cancelled. %n finished results are kept.").replace("%n", str(done))
        self.say(Message(MessageKind.NOTICE, text, seconds=4))
        self.announced.emit(text, False)

    def _submit(self, job: str, image: Image, submit: Callable[[str, Image], None]) -> None:
        if self.results is None or self.results.job != job or not self.results.stage.is_live:
            return
        selection = self.results.selection
        if selection is not None and (selection.width, selection.height) != (
            image.width,
            image.height,
        ):
            self.results = replace(self.results, selection=None)
        self._prepare_id = jobs.new_job_id()
        submit(self._prepare_id, image)

    def _submit_prepare(self, job: str, image: Image) -> None:
        assert self.results is not None
        instruction = self._plan.instruction or Instruction(
            self.results.instruction.text, self.captions.get(image.pixel_digest, "")
        )
        self.engine.submit(
            jobs.PrepareJob(
                id=job,
                instruction=instruction,
                has_selection=self.results.selection is not None,
                methods=self._plan.methods,
                count=self._plan.count + self._plan.beyond,
                source=image,
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
        image = self._source_of(results)
        if image is None:
            return
        self._learn(results, event)
        self._plan = replace(self._plan, able=self._plan.able or event.methods)
        requests = plan_requests(
            event,
            source_digest=image.pixel_digest,
            selection_digest=results.selection.digest if results.selection else None,
            methods=self._plan.methods,
            count=self._plan.count + self._plan.beyond,
            seed=self._seed,
            settings=self._plan.settings,
        )[self._plan.beyond :]
        if not requests:
            self._show_results_of_head()
            self.notice(tr("These words have no further readings. Say it in other words."))
            self.changed.emit(Changes.RESULTS | Changes.JOB | Changes.LOOK)
            return
        self._run_requests(results, event.instruction, requests, event.warning)
        new = results.source is not None  # nothing to compare it with
        self.engine.submit(
            jobs.EditJob.of(
                event, requests, image, results.selection, id=results.job, score=not new
            )
        )

    def _run_requests(
        self,
        results: Results,
        instruction: Instruction,
        requests: tuple[EditRequest, ...],
        warning: str | None,
    ) -> None:
        self.results = replace(
            results,
            instruction=instruction,
            stage=Stage.RUNNING,
            slots=tuple(ResultSlot(r) for r in requests),
        )
        self.warning = warning or ""
        self.changed.emit(Changes.RESULTS | Changes.JOB | Changes.READING)

    def _learn(self, results: Results, event: jobs.InstructionReady) -> None:
        """What the picture shows, unless the artist has said so."""
        image = self._source_of(results)
        if event.caption and image is not None:
            self.captions.setdefault(image.pixel_digest, event.caption)

    def _source_of(self, results: Results) -> Image | None:
        return results.source if results.source is not None else self._image_of(results.parent)

    def _on_progress(self, results: Results, event: jobs.Progress) -> None:
        parametric = all(METHODS[r.request.method].parametric for r in results.slots)
        share = event.step / event.steps if event.steps else 0.0
        # Denoising takes nearly all the time of a sampling method, measuring that of `adjust`.
        edge = 0.1 if parametric else 0.9
        if event.stage == "loading":
            named = METHODS.get(results.slots[0].request.method) if results.slots else None
            name = tr(named.title) if named is not None and not named.parametric else ""
            text, done = tr("Loading %1, some seconds the first time"), 0.0
            text = text.replace(" %1", f" {name}" if name else "")
        elif event.stage == "captioning":
            text, done = tr("Reading words and picture"), 0.0
        elif event.stage == "scoring":
            text = tr("Measuring result %1 of %2")
            done = edge + (1 - edge) * share
        else:
            text = tr("Step %1 of %2")
            done = edge * share
            self.results = results.at_step(event.step, event.steps)
        text = text.replace("%1", str(event.step)).replace("%2", str(event.steps))
        left = event.seconds_left
        if left is not None and left >= 1:
            text += tr(", about %1 s left").replace("%1", str(round(left)))
        self.progress = max(self.progress, done)  # a bar never goes back
        self.say(Message(MessageKind.PROGRESS, text))

    def _on_candidate(self, results: Results, event: jobs.CandidateReady) -> None:
        """A result is shown once it is on disk, so that nothing shown can be lost."""
        slot = replace(results.slot(event.candidate.key), candidate=event.candidate)
        self.results = results.with_slot(slot)
        if self.document is None:  # a new picture: it becomes a document when it is kept
            self._say_shown(results.job, event.candidate.key)
            return
        future = self.document.add_candidate(
            results.job, results.parent, event.candidate, results.selection
        )
        self._when_durable(future, lambda: self._say_shown(results.job, event.candidate.key))

    def _say_shown(self, job: str, key: str) -> None:
        trace("shown", job=job, key=key)
        self.changed.emit(Changes.PREVIEW)

    def _on_finished(self) -> None:
        assert self.results is not None
        self.results = replace(self.results, seconds=time.monotonic() - self._started)
        self._rank()
        best = self.results.ordered[0]
        here = self.node is None or self.node.id == self.results.parent
        if self.looked_at is None and here:
            self.looked_at = best.key
        place = self.results.place(best.key)
        scores = tuple(s.score for s in self.results.slots if s.score is not None)
        if self.document is not None:
            self.document.set_ranking(self.results.job, self.results.ranking, scores)
        self._end(Stage.RANKED, Changes.LOOK)  # in one go: every panel is filled once
        text = tr("%1 results. Best: %2") if place else tr("%1 results.")
        text = text.replace("%1", str(len(self.results.slots)))
        self.announced.emit(text.replace("%2", reason_text(place)), False)
        if self.warning and self.tell(DOMAIN):  # after the progress, which stands on the same line
            warning = said(self.warning)
            self.notice(warning, tr("Add a model"), "show_models")
            self.announced.emit(warning, False)

    def _end(self, stage: Stage, also: Changes = Changes.NONE) -> None:
        assert self.results is not None
        self.results = replace(self.results, stage=stage)
        if self.message is not None and self.message.kind is MessageKind.PROGRESS:
            self.message = None
        self.changed.emit(Changes.RESULTS | Changes.JOB | Changes.MESSAGE | also)

    def _say_failed(self, event: jobs.JobFailed) -> None:
        text = said(event.message)
        button, action = {
            "engine_stopped": (tr("Run again"), "again"),
            "bug": (tr("Copy details"), "copy_details"),
            "selection_needed": (tr("Select"), "tool_lasso"),
            "not_understood": (tr("What it knows"), "show_words"),
            "model_missing": (tr("Add a model"), "show_models"),
        }.get(event.kind, (said(event.fix), ""))
        self.say(Message(MessageKind.ERROR, text, button, action, details=event.details))
        self.announced.emit(text, True)

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

    def _when_durable(self, future: Future[None], then: Callable[[], object]) -> None:
        """Call on the GUI thread once a write is on disk; failures come through `on_error`."""
        future.add_done_callback(
            lambda done: None if done.cancelled() or done.exception() else self._durable.emit(then)
        )
