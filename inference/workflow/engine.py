from __future__ import annotations

import importlib
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import nullcontext

from editor.errors import ExpectedError, OutOfMemory
from editor.messages import Message
from editor.model.image import Image
from editor.model.selection import Selection
from inference.models.families import families
from inference.models.helper import helping
from inference.models.model_domain import fits_of
from inference.models.roles import role_name
from inference.models.serving import fits_unknown
from inference.models.store import ModelStore
from inference.request import registry
from inference.request.cancel import Cancelled, CancelToken
from inference.request.edit_job import EditJob, Until
from inference.request.fit import FitContext
from inference.request.jobs import (
    BUG,
    BUG_FIX,
    AttentionJob,
    CaptionJob,
    ConceptJob,
    Event,
    Job,
    JobCancelled,
    JobFailed,
    JobFinished,
    Progress,
    RewriteJob,
    SubjectJob,
    SuggestJob,
)
from inference.workflow.make_candidates import CandidateMaker, Emit
from inference.workflow.plan import announced, fitting_methods, question_to_ask
from inference.workflow.preparation import Preparation
from inference.workflow.sweep import with_picks

_NO_ROOM = (OutOfMemory.kind, Message("engine.no_memory"), Message("do.smaller_picture"))


class Engine:
    """Runs jobs on the calling thread; owns what is loaded; no Qt.

    The child process calls it, and so does the command line, in its own process.
    """

    def __init__(self, models: ModelStore | None = None) -> None:
        self.models = models or ModelStore()
        self._maker = CandidateMaker(self.models)

    @property
    def device(self) -> str:
        """Where models run, in words for the status line; the CPU until a model is wanted."""
        return self.models.device.name if self.models.has_device else "CPU"

    def run(self, job: Job, emit: Emit, token: CancelToken) -> None:
        """Run one job; its events go to `emit`, the last one says how it ended.

        Errors of the job are not raised. What `emit` raises during the job counts as its error
        too: the job ends with `JobFailed`, or with `JobCancelled` for `Cancelled`. The caller gets
        only what `emit` raises on the last event, and what is no `Exception`
        (`KeyboardInterrupt`).
        """
        began = time.monotonic()
        self.models.check = token.check
        self.models.on_loading = lambda role, share: emit(
            Progress(job.id, "loading", round(100 * share), 100, what=role_name(role))
        )
        end: Event
        try:
            if isinstance(job, EditJob):
                self._edit(job, emit, token)
            elif isinstance(job, AttentionJob):
                self._attend(job, emit, token)
            elif isinstance(job, SubjectJob):
                self._find_subject(job, emit, token)
            elif isinstance(job, RewriteJob):
                self._rewrite(job, emit, token)
            elif isinstance(job, ConceptJob):
                self._write_prompts(job, emit, token)
            else:
                self._say(job, emit, token)
            end = JobFinished(job.id, time.monotonic() - began)
        except ExpectedError as error:
            end = JobFailed(
                job.id,
                error.kind,
                error.message,
                error.fix,
                nearest=tuple(getattr(error, "nearest", ())),
            )
        except MemoryError:
            end = JobFailed(job.id, *_NO_ROOM, details=traceback.format_exc())
        except Exception as error:
            if _is_cancel(error):
                end = JobCancelled(job.id)
            elif _is_lack_of_memory(error):
                end = JobFailed(job.id, *_NO_ROOM, details=traceback.format_exc())
            else:
                end = JobFailed(job.id, "bug", BUG, BUG_FIX, traceback.format_exc())
        finally:
            self.models.check = _never
            self.models.on_loading = _nobody
        emit(end)

    def warm_up(self) -> None:
        """Import what the first job will need, so that it does not wait for it."""
        for name in (
            "editor.render.composite",
            "inference.workflow.prepare",
            "inference.workflow.scoring",
        ):
            importlib.import_module(name)
        for info in registry.METHODS.values():
            if not info.roles:
                self._maker.method(info.name)

    def warm_steps(self) -> Iterator[Callable[[], object]]:
        """What else can be made ready while nothing is asked for, in steps of a few seconds.

        Nothing without models: the libraries take seconds and a gigabyte.
        """
        methods = registry.METHODS.values()
        rows = [info for info in methods if info.roles and info.competes]
        able = [info for info in rows if not self.models.missing(info)]
        ready = fitting_methods(able, lambda info: FitContext())[:1]  # what Auto takes first
        if not ready:
            return
        for name in ("torch", "diffusers", "transformers", "inference.models.loading"):
            yield lambda name=name: importlib.import_module(name)  # type: ignore[misc]
        for info in ready:
            yield lambda info=info: self._maker.method(info.name)  # type: ignore[misc]
            for role in info.roles:
                if not self._preloads(role):
                    continue
                yield lambda role=role: self._warm_diffusion(role)  # type: ignore[misc]
        if self.models.model("clip") is not None:
            # Results are ranked after they are painted: a cancel would wait for this import there.
            yield lambda: importlib.import_module("open_clip")

    def _preloads(self, role: str) -> bool:
        model = self.models.model(role)
        return model is not None and families()[model.family].preloads

    def _warm_diffusion(self, role: str) -> None:
        from inference.diffusion.lean.choice import lean_unet

        lean_unet(self.models.diffusion(role))

    def _say(self, job: CaptionJob | SuggestJob, emit: Emit, token: CancelToken) -> None:
        known = job.domain_picture if isinstance(job, SuggestJob) else None
        picture = _image(known) or _image(job.source)
        fits = fits_of(picture) if picture is not None else fits_unknown
        with self.models.job(job.models, fits):
            self._answer(job, emit, token)

    def _answer(self, job: CaptionJob | SuggestJob, emit: Emit, token: CancelToken) -> None:
        from inference.language.serve import run_caption_job, run_suggest_job

        roles = ("captioner",) if isinstance(job, CaptionJob) else ("chat", "language")
        model = next(filter(None, map(self.models.model, roles)), None)
        with helping(model) if model is not None else nullcontext():
            answer: Event
            if isinstance(job, CaptionJob):
                answer = run_caption_job(job, self.models, emit, token)
            else:
                answer = run_suggest_job(job, self.models, emit, token)
        emit(answer)

    def _attend(self, job: AttentionJob, emit: Emit, token: CancelToken) -> None:
        from inference.workflow.attention import run_attention_job

        picture = _image(job.source)
        with self.models.job(job.models, fits_of(picture) if picture else fits_unknown):
            emit(run_attention_job(job, self.models, emit, token))

    def _find_subject(self, job: SubjectJob, emit: Emit, token: CancelToken) -> None:
        from inference.workflow.subject import run_subject_job

        with self.models.job(job.models):
            emit(run_subject_job(job, self.models, emit, token))

    def _rewrite(self, job: RewriteJob, emit: Emit, token: CancelToken) -> None:
        from inference.workflow.rewrite import run_rewrite_job

        picture = _image(job.domain_picture) or _image(job.source)
        with self.models.job((), fits_of(picture) if picture is not None else fits_unknown):
            emit(run_rewrite_job(job, self.models, emit, token))

    def _write_prompts(self, job: ConceptJob, emit: Emit, token: CancelToken) -> None:
        from inference.workflow.concepts import run_concept_job

        with self.models.job((), fits_unknown):
            run_concept_job(job, self.models, emit, token)

    def _edit(self, job: EditJob, emit: Emit, token: CancelToken) -> None:
        """Prepare, plan, make candidates, score: as far as the job goes."""
        from inference.workflow.prepare import prepare

        source, selection = _pixels(job.source, job.selection)

        def on_stage(stage: str) -> None:
            token.check()
            emit(Progress(job.id, stage, 0, 1))

        known = _image(job.domain_picture)
        with self.models.job(job.models, fits_of(known or source)):
            found = prepare(job, self.models, token, on_stage)
            if question_to_ask(job, found) is None:
                found = self._with_picks(job, found, source, selection, emit, token)
            events, plan = announced(job, found, source, selection, self._maker.times.seconds)
            for event in events:
                emit(event)
            if plan is None:
                return
            made = self._maker.make(job.id, plan, source, selection, emit, token)
            if job.until >= Until.SCORED and made:
                self._maker.score(job.id, plan, source, selection, made, emit, token, known)
            token.check()

    def _with_picks(
        self,
        job: EditJob,
        found: tuple[Preparation, ...],
        source: Image,
        selection: Selection | None,
        emit: Emit,
        token: CancelToken,
    ) -> tuple[Preparation, ...]:
        """What is to be drawn, where methods try it out in previews first."""
        seconds_of = self._maker.times.seconds
        return tuple(
            with_picks(job, one, source, selection, self._maker, emit, token, seconds_of)
            for one in found
        )


def _pixels(source: object, selection: object) -> tuple[Image, Selection | None]:
    if not isinstance(source, Image) or not isinstance(selection, Selection | None):
        raise TypeError("references are resolved before a job runs")
    return source, selection


def _image(picture: object) -> Image | None:
    if not isinstance(picture, Image | None):
        raise TypeError("references are resolved before a job runs")
    return picture


def _never() -> None:
    """No job, no cancel."""


def _nobody(role: str, share: float) -> None:
    """No job, nobody to tell."""


def _is_lack_of_memory(error: Exception) -> bool:
    """Torch says it in its own way, and is not imported here."""
    return type(error).__name__ == "OutOfMemoryError"


def _is_cancel(error: Exception) -> bool:
    if isinstance(error, Cancelled):
        return True
    from editor.render import composite

    return isinstance(error, composite.RenderCancelled)
