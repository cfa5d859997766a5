from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.runtime import model_folders
from app.session.changes import Changes
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_commands import carry_out
from app.session.engine_connection import EngineConnection
from app.session.suggestion_feed import SuggestionFeed
from app.session.view_state import ViewState
from editor.model.edit import Candidate, Suggestion
from editor.model.selection import Selection
from inference.request import jobs
from inference.request.edit_job import EditJob, Quality, Until
from inference.request.job_id import Priority
from inference.request.method_options import OptionsOfMethods
from inference.request.model_choice import ModelChoice
from inference.request.registry import METHODS
from inference.workflow.edit_run import Begin, Cancel, EditRun, Input, Rank

IDLE_MS: Final = 1500
"""How long nothing else has gone on before the first suggestion is drawn."""
MOST: Final = 3
"""Suggestions that are drawn, from the first on."""
SLOW_SECONDS: Final = 20.0
"""A method that took longer for one preview draws no further ones in this session."""


class SuggestionPreviews(QObject):
    """What the first suggestions would look like, drawn one after another while nothing else runs.

    Each is a job of the lowest priority with a method's quick settings, so any other job ends it at
    once, and so does typing. Nothing of this is stored, and no result depends on it.

    Signals:
        changed(): `wanted` or `candidates` are others now.
    """

    changed = Signal()

    def __init__(
        self,
        engine: EngineConnection,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        models: Callable[[], tuple[ModelChoice, ...]],
        options: OptionsOfMethods,
        feed: SuggestionFeed,
        parent: QObject | None = None,
    ) -> None:
        """Nothing is drawn before `set_enabled`."""
        super().__init__(parent)
        self._engine, self._binding, self._results = engine, binding, results
        self._view, self._models, self._options, self._feed = view, models, options, feed
        self._enabled = False
        self._run = EditRun()
        self._drawing = ""  # words of the suggestion
        self._of = "", ""  # digests of picture and selection that everything here is about
        self._failed: set[str] = set()
        self._slow: set[str] = set()
        self._began, self._loaded = 0.0, False
        self.candidates: dict[str, Candidate] = {}
        self.timer = QTimer(self, singleShot=True, interval=IDLE_MS)
        self.timer.timeout.connect(self._draw_next)
        engine.job_event.connect(self._step)
        feed.ready.connect(self._on_suggestions)

    def set_enabled(self, on: bool) -> None:
        """Draw suggestions from now on, or no longer."""
        self._enabled = on
        if on:
            self._on_suggestions()
        else:
            self._stop()
            self.candidates = {}
            self.changed.emit()

    @property
    def wanted(self) -> tuple[Suggestion, ...]:
        """The suggestions that have a preview or will have one, best first."""
        if not self._enabled or not model_folders.known().has_models:
            return ()
        return tuple(one for one in self._feed.shown[:MOST] if one.text not in self._failed)

    @property
    def selection(self) -> Selection | None:
        """Where the drawn edits act."""
        return self._view.selection

    def pause(self) -> None:
        """The artist is at something: draw nothing for a while."""
        if self._enabled:
            self._stop()
            self.timer.start()

    def on_changed(self, changes: Changes) -> None:
        """Follow what changed in the session: jobs go first, and previews belong to a picture."""
        if not self._enabled:
            return
        if self._results.is_busy:
            self._stop()
        elif self._place() != self._of:
            self._begin_anew()
        elif changes & Changes.JOB:
            self.timer.start()

    # --- drawing --------------------------------------------------------------------------------

    def _place(self) -> tuple[str, str]:
        image, selection = self._binding.image, self._view.selection
        return (
            image.pixel_digest if image is not None else "",
            selection.digest if selection is not None else "",
        )

    def _on_suggestions(self) -> None:
        if self._enabled:
            self._begin_anew() if self._place() != self._of else self.timer.start()

    def _begin_anew(self) -> None:
        self._stop()
        self._of = self._place()
        self.candidates, self._failed = {}, set()
        self.changed.emit()
        self.timer.start()

    def _stop(self) -> None:
        self.timer.stop()
        self._drawing = ""
        self._step(Cancel())

    def _draw_next(self) -> None:
        image = self._binding.image
        if image is None or self._results.is_busy or self._drawing or not self._feed.is_current:
            return
        left = [one for one in self.wanted if one.text not in self.candidates]
        if not left:
            return
        self._drawing = left[0].text
        quick = tuple(
            name for name, info in METHODS.items() if not info.enlarges and name not in self._slow
        )
        job = EditJob(
            (left[0].instruction,),
            image,
            self._view.selection,
            count=1,
            quality=Quality.PREVIEW,
            options=self._options(),
            until=Until.EDITED,
            ask=False,
            only=quick,
            models=self._models(),
            domain_picture=self._binding.domain_picture,
            priority=Priority.PREVIEW,
        )
        self._run = EditRun()
        self._step(Begin(job))

    def _step(self, event: Input) -> None:
        self._run, commands = self._run.step(event)
        carry_out(commands, self._engine, show=self._show, rank=self._rank)

    def _show(self, event: Input) -> None:
        match event:
            case jobs.Planned() if not event.requests:  # nothing more will come
                self._give_up()
            case jobs.Planned():
                self._began, self._loaded = time.monotonic(), False
            case jobs.Progress(stage="loading"):
                self._loaded = True
            case jobs.CandidateReady():
                self._take(event.candidate)
            case jobs.JobFailed() | jobs.JobFinished():  # nobody asked for it: nothing is said
                self._give_up()
            case jobs.JobCancelled():  # it gave way to another job, and follows it
                self._drawing = ""
                self.timer.start()

    def _take(self, candidate: Candidate) -> None:
        slow = time.monotonic() - self._began > SLOW_SECONDS
        if slow and not self._loaded and not METHODS[candidate.request.method].parametric:
            self._slow.add(candidate.request.method)
        if self._drawing:
            self.candidates[self._drawing] = candidate
            self.changed.emit()

    def _give_up(self) -> None:
        """The job ended; where it brought nothing the suggestion gets no preview."""
        drawn, self._drawing = self._drawing, ""
        if not drawn:
            return
        if drawn not in self.candidates:
            self._failed.add(drawn)
            self.changed.emit()
        self._draw_next()

    def _rank(self, made: Rank) -> None:
        del made  # one candidate
        self._give_up()
