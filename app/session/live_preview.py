from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.runtime import model_folders
from app.runtime.settings import Settings
from app.session.changes import Changes
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_commands import carry_out
from app.session.engine_connection import EngineConnection
from app.session.results import ResultsStage
from app.session.view_state import ViewState
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.methods.adjust import INFO as ADJUST
from inference.request import jobs
from inference.request.edit_job import EditJob, Quality, Until
from inference.request.job_id import Priority
from inference.request.method_options import OptionsOfMethods
from inference.request.model_choice import ModelChoice
from inference.request.registry import METHODS, MethodInfo
from inference.workflow.edit_run import Begin, Cancel, EditRun, Input, Rank

AFTER_MS = 180
"""How long after the last key a preview starts."""
QUICK_SECONDS = 0.7
"""A sampling method previews by itself where it was measured to take no longer than this."""
_TRIES = 2
"""The first run on a machine also warms it up; the second counts."""


class LivePreview(QObject):
    """What the words in the box would do, on the canvas while they are typed.

    Tone and colour is drawn by the window itself, just the tiles on screen; a sampling method
    makes one result with its quick settings in the engine, at the lowest priority, so that any
    real job ends it at once. Nothing of this is stored, and no result depends on it.

    Signals:
        understood(object): `Prepared` of words that models read, for "Read as".
        failed(Message): words that no method can carry out.
    """

    understood = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        engine: EngineConnection,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        settings: Settings,
        models: Callable[[], tuple[ModelChoice, ...]],
        options: OptionsOfMethods,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._binding, self._results = engine, binding, results
        self._view, self._settings = view, settings
        self._models = models
        self._options = options
        self._text = ""
        self._methods: tuple[str, ...] = ()
        self._run = EditRun()
        self._at_home: set[str] = set()  # pictures of the models' own world, by digest
        self._began = 0.0
        self._loaded = False
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._follow)
        engine.job_event.connect(self._on_event)

    @property
    def enabled(self) -> bool:
        """Whether previews are wanted at all."""
        return str(self._settings["live"]) != "off"

    def set_mode(self, mode: str) -> None:
        """When to preview: auto (by methods that are quick here), on (by all of them) or off."""
        self._settings.set("live", mode)
        if self.enabled:
            self._timer.start()
        else:
            self._drop()

    def say(self, text: str, methods: tuple[str, ...] = ()) -> None:
        """The words in the box are others now."""
        self._text, self._methods = " ".join(text.split()), methods
        self._cancel()
        if self._text:
            self._timer.start()
        else:
            self.stop()

    def stop(self) -> None:
        """No preview, until the words change."""
        self._text = ""
        self._drop()

    def _drop(self) -> None:
        self._timer.stop()
        self._cancel()
        self._view.set_live(None)

    def waits_for(self, text: str) -> bool:
        """Whether words may be for a model although tone and colour has a reading of them."""
        if not model_folders.known().has_models:
            return False
        from editor.tone import names_scene

        return names_scene(text)

    def is_quick(self, info: MethodInfo) -> bool:
        """Whether previews by this method are made without being switched on by hand."""
        measured = dict(self._settings["live_seconds"]).get(info.name)
        if str(self._settings["live"]) == "on" or measured is None:
            return True
        return float(measured["seconds"]) <= QUICK_SECONDS or int(measured["runs"]) < _TRIES

    # --- following ------------------------------------------------------------------------------

    def on_changed(self, changes: Changes) -> None:
        """Follow what changed in the session: an edit ends the preview, so does walking on."""
        if self._results.is_busy:
            if self._timer.isActive() or self._view.live is not None:
                self._drop()
            self._cancel()
        elif changes & Changes.HEAD:
            self._drop()
        elif self._text and changes & (Changes.PIXELS | Changes.SELECTION):
            self._timer.start()

    def _cancel(self) -> None:
        self._step(Cancel())

    def _is_shown(self) -> bool:
        """The words are those of the results that are shown."""
        results = self._results.value
        return (
            results is not None
            and results.stage is ResultsStage.RANKED
            and results.kept_node is None
            and results.instruction.text == self._text
        )

    def _follow(self) -> None:
        image = self._binding.image
        if image is None or self._results.is_busy or not self._text or self._is_shown():
            return
        adjusting = self._methods == (ADJUST.name,) or (
            not self._methods and not self.waits_for(self._text)
        )
        if adjusting and self._adjust():
            return
        self._view.set_live(None)
        if not model_folders.known().has_models or self._methods == (ADJUST.name,):
            return
        # Reading words into captions takes a language model's time. Once it is known that the
        # models know such pictures the preview goes first, and "Read as" follows it.
        known = image.pixel_digest in self._at_home and self.enabled
        until = Until.EDITED if self.enabled else Until.PREPARED
        self._begin(image, reads=not known, until=until)

    def _begin(self, image: Image, *, reads: bool, until: Until) -> None:
        """Have the engine read the words, and make a preview if that is quick and sure."""
        caption = self._binding.captions.get(image.pixel_digest, "") if reads else ""
        sampling = [i for i in METHODS.values() if not (i.parametric or i.enlarges)]
        job = EditJob(
            (Instruction(self._text, caption),),
            image,
            self._view.selection,
            methods=self._methods,
            count=1,
            quality=Quality.PREVIEW,
            options=self._options(),
            until=until,
            describe=reads,
            only=tuple(info.name for info in sampling if self.is_quick(info)),
            models=self._models(),
            domain_picture=self._binding.domain_picture,
            priority=Priority.PREVIEW,
        )
        self._cancel()
        self._run = EditRun()
        self._step(Begin(job))

    def _adjust(self) -> bool:
        """Tone and colour by the window itself; False where the words are not of that kind.

        No `EditRun` here: the candidate comes from one function call on this thread, so no event
        can be late, nothing can be cancelled or fail, and there is no question and no ranking.
        """
        from inference.workflow.tone_preview import tone_preview

        image = self._binding.image
        if image is None:
            return False
        candidate = tone_preview(self._text, image, self._view.selection)
        if candidate is not None and self.enabled:
            self._view.set_live(candidate)
        return candidate is not None

    # --- events ---------------------------------------------------------------------------------

    def _on_event(self, event: jobs.Event) -> None:
        self._step(event)

    def _step(self, event: Input) -> None:
        """Something happened to the preview: carry out what follows from it."""
        self._run, commands = self._run.step(event)
        carry_out(commands, self._engine, show=self._show, rank=self._read_after_preview)

    def _show(self, event: Input) -> None:
        match event:
            case jobs.Prepared():
                self._learn(event)
                if event.caption or event.warning or event.methods == (ADJUST.name,):
                    self.understood.emit(event)
            case jobs.Planned():
                self._began, self._loaded = time.monotonic(), False
            case jobs.Progress(stage="loading"):
                self._loaded = True
            case jobs.CandidateReady():
                method = event.candidate.request.method
                self._remember(method, time.monotonic() - self._began)
                self._view.set_live(event.candidate)
            case jobs.JobFailed() if not self._run.requests and event.kind != "engine_stopped":
                self.failed.emit(event.message)
            case jobs.JobFinished():
                self._after_reading()
            case jobs.JobCancelled():  # it gave way to another job, and follows it
                self._timer.start()

    def _learn(self, event: jobs.Prepared) -> None:
        image = self._binding.image
        if image is None:
            return
        if event.caption:
            self._binding.captions.setdefault(image.pixel_digest, event.caption)
            if event.domain is None or event.domain.fits:
                self._at_home.add(image.pixel_digest)

    def _after_reading(self) -> None:
        """The engine made no preview: perhaps no model would paint it after all."""
        job = self._run.job
        if job is None or job.until is Until.PREPARED or self._results.is_busy:
            return
        if (self._methods or self._run.prepared[0].methods)[0] == ADJUST.name:
            self._adjust()

    def _read_after_preview(self, made: Rank) -> None:
        """The preview went first; now the words are read, for "Read as"."""
        del made  # one candidate
        image = self._binding.image
        unread = not self._run.prepared[0].instruction.source_prompt
        if unread and image is not None and self._text:
            self._begin(image, reads=True, until=Until.PREPARED)

    def _remember(self, method: str, seconds: float) -> None:
        """How long a preview takes on this machine; a run that had to load does not count."""
        if self._loaded:
            return
        known = dict(self._settings["live_seconds"])
        measured = known.get(method, {"seconds": seconds, "runs": 0})
        if int(measured["runs"]) >= _TRIES:
            return
        best = min(seconds, float(measured["seconds"]))
        known[method] = {"seconds": round(best, 3), "runs": int(measured["runs"]) + 1}
        self._settings.set("live_seconds", known)
