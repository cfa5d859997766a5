from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from app.runtime import model_folders
from app.runtime.settings import Settings
from app.session.changes import Changes
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.engine_connection import EngineConnection
from app.session.results import Stage
from app.session.view_state import ViewState
from editor.errors import ExpectedError
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from inference.request import jobs
from inference.request.analysis import Variant
from inference.request.registry import ADJUST, METHODS, MethodInfo, plan_requests

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
        understood(object): `InstructionReady` of words that models read, for "Read as".
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
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._binding, self._results = engine, binding, results
        self._view, self._settings = view, settings
        self._text = ""
        self._methods: tuple[str, ...] = ()
        self._prepare_id = self._edit_id = ""
        self._ready: jobs.InstructionReady | None = None
        self._at_home: set[str] = set()  # pictures of the models' own world, by digest
        self._only_reads = False  # the live prepare is for "Read as" alone
        self._began = 0.0
        self._loaded = False
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._follow)
        engine.job_event.connect(self._on_event)

    @property
    def enabled(self) -> bool:
        """Whether previews are wanted at all."""
        return str(self._settings["live"]) != "off"

    def set_enabled(self, on: bool) -> None:
        """The switch; on by hand also for methods that are slow here."""
        self._settings.set("live", "on" if on else "off")
        if on:
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
        from inference.models.model_domain import route

        return route(text) == "repaint"

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
        for job in (self._prepare_id, self._edit_id):
            if job:
                self._engine.cancel(job)
        self._prepare_id = self._edit_id = ""

    def _is_shown(self) -> bool:
        """The words are those of the results that stand there."""
        results = self._results.value
        return (
            results is not None
            and results.stage is Stage.RANKED
            and results.kept is None
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
        self._prepare(image, reads=not known, shows=True)

    def _prepare(self, image: Image, *, reads: bool, shows: bool) -> None:
        caption = self._binding.captions.get(image.pixel_digest, "") if reads else ""
        job = jobs.PrepareJob(
            Instruction(self._text, caption),
            has_selection=self._view.selection is not None,
            methods=self._methods,
            count=1,
            source=image if reads else None,
            priority=jobs.Priority.PREVIEW,
        )
        self._only_reads, self._prepare_id = not shows, job.id
        self._engine.submit(job)

    def _adjust(self) -> bool:
        """Tone and colour by the window itself; False where the words are not of that kind."""
        from editor.tone import read

        try:
            readings = read(self._text, has_selection=self._view.selection is not None, count=1)
        except ExpectedError:
            return False
        if not readings:
            return False
        if self.enabled:
            first = readings[0]
            settings = settings_of(first.adjustments.to_settings())
            variant = Variant(settings, first.sentence, first.asked, first.kept)
            ready = jobs.InstructionReady(
                "", Instruction(self._text), (ADJUST.name,), {ADJUST.name: (variant,)}
            )
            request = self._request(ready, ADJUST)
            if request is not None and self._binding.image is not None:
                from inference.methods.adjust import Adjust

                made = Adjust(None).edit(
                    [request], self._binding.image, self._view.selection, _no_step
                )
                self._view.set_live(Candidate(request, made[0]))
        return True

    def _request(self, ready: jobs.InstructionReady, info: MethodInfo) -> EditRequest | None:
        if self._binding.image is None:
            return None
        found = plan_requests(
            ready,
            source_digest=self._binding.image.pixel_digest,
            selection_digest=self._view.selection.digest if self._view.selection else None,
            methods=(info.name,),
            count=1,
            settings=info.preview,
        )
        return found[0] if found else None

    # --- events ---------------------------------------------------------------------------------

    def _on_event(self, event: jobs.Event) -> None:
        if not event.job_id:
            return
        if event.job_id == self._prepare_id:
            self._on_prepared(event)
        elif event.job_id == self._edit_id:
            self._on_edited(event)

    def _on_prepared(self, event: jobs.Event) -> None:
        if isinstance(event, jobs.InstructionReady):
            self._ready = event
            self._learn(event)
            if event.caption or event.warning or event.methods == (ADJUST.name,):
                self.understood.emit(event)
        elif isinstance(event, jobs.JobFailed):
            self._prepare_id = ""
            if event.kind != "engine_stopped":
                self.failed.emit(event.message)
        elif isinstance(event, jobs.JobCancelled):
            self._prepare_id = ""
        elif isinstance(event, jobs.JobFinished):
            self._prepare_id = ""
            if not self._only_reads:
                self._start_edit()

    def _learn(self, event: jobs.InstructionReady) -> None:
        image = self._binding.image
        if image is None:
            return
        if event.caption:
            self._binding.captions.setdefault(image.pixel_digest, event.caption)
            if event.domain is None or event.domain.fits:
                self._at_home.add(image.pixel_digest)

    def _start_edit(self) -> None:
        ready, image = self._ready, self._binding.image
        if ready is None or image is None or not self.enabled or self._results.is_busy:
            return
        info = METHODS[(self._methods or ready.methods)[0]]
        if info is ADJUST:  # no model would paint it after all
            self._adjust()
            return
        foreign = ready.domain is not None and not ready.domain.fits
        if foreign or info.parametric or ready.question is not None or not self.is_quick(info):
            return
        request = self._request(ready, info)
        if request is None:
            return
        job = jobs.EditJob.of(
            ready,
            (request,),
            image,
            self._view.selection,
            score=False,
            priority=jobs.Priority.PREVIEW,
        )
        self._edit_id = job.id
        self._began, self._loaded = time.monotonic(), False
        self._engine.submit(job)

    def _on_edited(self, event: jobs.Event) -> None:
        if isinstance(event, jobs.Progress) and event.stage == "loading":
            self._loaded = True
        elif isinstance(event, jobs.CandidateReady):
            self._remember(event.candidate.request.method, time.monotonic() - self._began)
            self._view.set_live(event.candidate)
        elif isinstance(event, jobs.JobFailed | jobs.JobFinished | jobs.JobCancelled):
            self._edit_id = ""
            image = self._binding.image
            unread = self._ready is not None and not self._ready.instruction.source_prompt
            if isinstance(event, jobs.JobFinished) and unread and image is not None and self._text:
                self._prepare(image, reads=True, shows=False)

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


def _no_step(step: object) -> None:
    """It takes no time."""
