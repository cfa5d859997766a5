from __future__ import annotations

import importlib
import platform
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from editor.errors import ExpectedError, OutOfMemory
from editor.model.edit import Candidate, EditRequest
from editor.model.image import Image
from editor.model.patch import SettingValues, settings_of
from editor.model.selection import Selection
from editor.ranking.score import Score
from inference.models.store import ModelStore
from inference.request import registry
from inference.request.cancel import Cancelled, CancelToken
from inference.request.jobs import (
    BUG,
    BUG_FIX,
    CandidateReady,
    CaptionJob,
    EditJob,
    Event,
    ExploreJob,
    Job,
    JobCancelled,
    JobFailed,
    JobFinished,
    PrepareJob,
    Preview,
    Progress,
    ScoreReady,
    SuggestJob,
)

if TYPE_CHECKING:
    from inference.methods import EditMethod, MethodProgress
    from inference.workflow.scoring import Scorer

Emit = Callable[[Event], None]

_NO_ROOM = (OutOfMemory.kind, "Not enough memory for this picture.", "Try a smaller one.")

_TELL_FROM = 3  # a time left before the third step would be made up


class Engine:
    """Runs jobs on the calling thread; owns what is loaded; no Qt.

    The child process calls it, and so does the command line, in its own process.
    """

    def __init__(self, models: ModelStore | None = None) -> None:
        self.models = models or ModelStore()
        self._methods: dict[str, EditMethod] = {}
        self._scorer: Scorer | None = None

    @property
    def device(self) -> str:
        """Where models run, in words for the status line; the CPU until a model is wanted."""
        return self.models.device.name if self.models.has_device else "CPU"

    def run(self, job: Job, emit: Emit, token: CancelToken) -> None:
        """Run one job; its events go to `emit`, the last one says how it ended.

        Nothing is raised but what `emit` raises.
        """
        began = time.monotonic()
        self.models.check = token.check
        end: Event
        try:
            if isinstance(job, PrepareJob):
                self._prepare(job, emit, token)
            elif isinstance(job, ExploreJob):
                self._explore(job, emit, token)
            elif isinstance(job, EditJob):
                self._edit(job, emit, token)
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
                self._method(info.name)

    def warm_steps(self) -> Iterator[Callable[[], object]]:
        """What else can be made ready while nothing is asked for, in steps of a few seconds.

        Nothing without models: the libraries take seconds and a gigabyte.
        """
        rows = [info for info in registry.METHODS.values() if info.roles and not info.begins]
        ready = [info for info in rows if not self.models.missing(info)]
        if not ready:
            return
        for name in ("torch", "diffusers", "transformers", "inference.models.loading"):
            yield lambda name=name: importlib.import_module(name)  # type: ignore[misc]
        for info in ready:
            yield lambda info=info: self._method(info.name)  # type: ignore[misc]
            for role in info.roles:
                yield lambda role=role: self.models.diffusion(role)  # type: ignore[misc]
        if self.models.model("clip") is not None:
            # Results are ranked after they are painted: a cancel would wait for this import there.
            yield lambda: importlib.import_module("open_clip")

    def _prepare(self, job: PrepareJob, emit: Emit, token: CancelToken) -> None:
        from inference.workflow.prepare import prepare

        def tell(stage: str) -> None:
            token.check()
            emit(Progress(job.id, stage, 0, 1))

        emit(prepare(job, self.models, token, tell))

    def _explore(self, job: ExploreJob, emit: Emit, token: CancelToken) -> None:
        from inference.workflow.prepare import prepare_several

        def tell(stage: str) -> None:
            token.check()
            emit(Progress(job.id, stage, 0, 1))

        emit(prepare_several(job, self.models, token, tell))

    def _say(self, job: CaptionJob | SuggestJob, emit: Emit, token: CancelToken) -> None:
        from inference.language.serve import caption, suggest

        if isinstance(job, CaptionJob):
            emit(caption(job, self.models, emit, token))
        else:
            emit(suggest(job, self.models, emit, token))

    def _edit(self, job: EditJob, emit: Emit, token: CancelToken) -> None:
        source, selection = job.source, job.selection
        if not isinstance(source, Image) or not isinstance(selection, Selection | None):
            raise TypeError("references are resolved before a job runs")
        made: list[Candidate] = []
        groups: dict[str, list[EditRequest]] = {}
        for request in job.requests:
            groups.setdefault(request.method, []).append(request)
        for name in sorted(groups, key=lambda name: registry.method(name).cost):
            token.check()
            for candidate in self._candidates(
                name, groups[name], job, source, selection, emit, token
            ):
                emit(CandidateReady(job.id, candidate))
                made.append(candidate)
        if job.score:
            self._score(job, source, selection, made, emit, token)
        token.check()

    def _candidates(
        self,
        name: str,
        requests: Sequence[EditRequest],
        job: EditJob,
        source: Image,
        selection: Selection | None,
        emit: Emit,
        token: CancelToken,
    ) -> list[Candidate]:
        info = registry.method(name)
        self.models.require(info)
        if not all(self.models.is_loaded(role) for role in info.roles):
            emit(Progress(job.id, "loading", 0, 1))
        method = self._method(name)
        token.check()
        clock = _Clock()

        def on_step(step: MethodProgress) -> None:
            token.check()
            left = clock.seconds_left(step.number, step.total)
            emit(Progress(job.id, "editing", step.number, step.total, left))
            for key, pixels in step.previews.items():
                emit(Preview(job.id, key, pixels))

        patches = method.edit(requests, source, selection, on_step)
        facts = getattr(method, "facts", {})
        recorded = self._recorded(clock.seconds / len(requests), facts)
        return [
            Candidate(request, patch, recorded)
            for request, patch in zip(requests, patches, strict=True)
        ]

    def _score(
        self,
        job: EditJob,
        source: Image,
        selection: Selection | None,
        made: Sequence[Candidate],
        emit: Emit,
        token: CancelToken,
    ) -> None:
        from inference.workflow.scoring import Scorer

        if self._scorer is None:
            self._scorer = Scorer(self.models)
        if self._scorer.must_load(made):
            emit(Progress(job.id, "loading", 0, 1))
        clock = _Clock()
        for number, score in enumerate(self._scores(job, source, selection, made, token), 1):
            token.check()
            emit(ScoreReady(job.id, score))
            left = clock.seconds_left(number, len(made))
            emit(Progress(job.id, "scoring", number, len(made), left))

    def _scores(
        self,
        job: EditJob,
        source: Image,
        selection: Selection | None,
        made: Sequence[Candidate],
        token: CancelToken,
    ) -> Iterator[Score]:
        """Candidates of the same words together, so that their pictures are encoded at once."""
        assert self._scorer is not None
        for (asked, kept), part in groupby(made, lambda one: job.measured(one.key)):
            yield from self._scorer.scores(
                source, list(part), selection, asked, kept, lambda: token.cancelled
            )

    def _method(self, name: str) -> EditMethod:
        if name not in self._methods:
            self._methods[name] = registry.method(name).load()(self.models)
        return self._methods[name]

    def _recorded(self, seconds: float, own: Mapping[str, Any]) -> SettingValues:
        import numpy as np

        facts: dict[str, Any] = {
            "device": "cpu",
            "dtype": "float32",
            "numpy": np.__version__,
            "python": platform.python_version(),
            "seconds": round(seconds, 4),
        }
        return settings_of({**facts, **own})


class _Clock:
    """Time since it was made, and an honest guess at what is left."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def seconds_left(self, step: int, steps: int) -> float | None:
        if step < _TELL_FROM:
            return None
        return self.seconds / step * (steps - step)


def _never() -> None:
    """No job, no cancel."""


def _is_lack_of_memory(error: Exception) -> bool:
    """Torch says it in its own way, and is not imported here."""
    return type(error).__name__ == "OutOfMemoryError"


def _is_cancel(error: Exception) -> bool:
    if isinstance(error, Cancelled):
        return True
    from editor.render import composite

    return isinstance(error, composite.RenderCancelled)
