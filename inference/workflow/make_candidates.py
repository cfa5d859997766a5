from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.model_ref import ModelRef
from editor.model.patch import Patch, SettingValues, settings_of
from editor.model.score import Score
from editor.model.selection import Selection
from inference.models.store import ModelStore
from inference.request import registry
from inference.request.cancel import CancelToken
from inference.request.edit_job import Quality
from inference.request.jobs import (
    CandidateReady,
    Event,
    MemoryNotice,
    Preview,
    Progress,
    ScoreReady,
)
from inference.workflow.memory_ladder import WORK_SIDE, MemoryLadder
from inference.workflow.mix import MethodTimes
from inference.workflow.plan import RequestPlan

if TYPE_CHECKING:
    from inference.methods import EditMethod
    from inference.request.edit_region import EditRegion
    from inference.request.method_progress import MethodProgress
    from inference.workflow.scoring import Scorer

Emit = Callable[[Event], None]

_ESTIMATE_FROM = 3  # a time left before the third step would be a guess


class CandidateMaker:
    """Makes the candidates of a plan and scores them; keeps methods and scorer between jobs.

    Attributes:
        times: what a candidate of each method took in full quality.
    """

    def __init__(self, models: ModelStore) -> None:
        self._models = models
        self._methods: dict[str, EditMethod] = {}
        self._scorer: Scorer | None = None
        self._regions: dict[str, EditRegion] = {}
        self.times = MethodTimes()

    def method(self, name: str) -> EditMethod:
        """The method of this name, imported and made when it is first wanted."""
        if name not in self._methods:
            self._methods[name] = registry.method(name).load()(self._models)
        return self._methods[name]

    def make(
        self,
        job_id: str,
        plan: RequestPlan,
        source: Image,
        selection: Selection | None,
        emit: Emit,
        token: CancelToken,
    ) -> list[Candidate]:
        """One candidate of each request, the cheapest method first; each is emitted when made."""
        made: list[Candidate] = []
        self._regions = {}
        groups: dict[tuple[str, tuple[ModelRef, ...]], list[EditRequest]] = {}
        for request in plan.requests:
            groups.setdefault((request.method, request.models), []).append(request)
        for group in sorted(groups, key=lambda group: registry.method(group[0]).cost):
            token.check()
            name, models = group
            with self._models.using(models):
                loaded, clock = self._has_loaded(name), _Clock()
                finished = self._edited(job_id, name, groups[group], source, selection, emit, token)
            if loaded and plan.quality is Quality.FULL:  # neither loading nor a preview is typical
                self.times.note(name, clock.seconds / len(finished))
            for candidate in finished:
                emit(CandidateReady(job_id, candidate))
                made.append(candidate)
        return made

    def _edited(
        self,
        job_id: str,
        name: str,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        emit: Emit,
        token: CancelToken,
    ) -> list[Candidate]:
        self._models.require(registry.method(name))
        if not self._has_loaded(name):
            emit(Progress(job_id, "loading", 0, 1))
        method = self.method(name)
        token.check()
        clock = _Clock()
        keys: dict[str, str] = {}  # requests that are drawn smaller have others than were planned

        def on_step(step: MethodProgress) -> None:
            token.check()
            left = clock.seconds_left(step.number, step.total)
            emit(Progress(job_id, "editing", step.number, step.total, left))
            for key, pixels in step.previews.items():
                emit(Preview(job_id, keys[key], pixels))

        def edit(asked: Sequence[EditRequest]) -> list[Patch]:
            keys.update(zip((one.key for one in asked), (one.key for one in requests), strict=True))
            return method.edit(asked, source, selection, on_step)

        ladder = MemoryLadder(
            self._models, registry.method(name), source, selection,
            lambda notice: emit(MemoryNotice(job_id, notice)),
        )  # fmt: skip
        made = ladder(edit, requests)
        seconds = clock.seconds / len(requests)
        facts = dict(getattr(method, "facts", {}))
        if made.work_share < 1:
            facts[WORK_SIDE] = made.work_share
        own = {keys[key]: one for key, one in getattr(method, "request_facts", {}).items()}
        regions = getattr(method, "regions", {})
        self._regions |= {keys[key]: region for key, region in regions.items()}
        return [
            Candidate(request, patch, _recorded(seconds, {**facts, **own.get(request.key, {})}))
            for request, patch in zip(requests, made.patches, strict=True)
        ]

    def _has_loaded(self, name: str) -> bool:
        return all(self._models.is_loaded(role) for role in registry.method(name).roles)

    def can_compare(self, instruction: Instruction) -> bool:
        """True if CLIP can say how well results follow these words and keep the picture."""
        captions = instruction.source_prompt.strip() and instruction.target_prompt.strip()
        return bool(captions) and self._models.model("clip") is not None

    def score(
        self,
        job_id: str,
        plan: RequestPlan,
        source: Image,
        selection: Selection | None,
        made: Sequence[Candidate],
        emit: Emit,
        token: CancelToken,
        domain_picture: Image | None = None,
    ) -> None:
        """Score candidates by the words of their requests; each score is emitted when known.

        CLIP scores them where it knows `domain_picture`, or the source where that is None.
        """
        from inference.workflow.scoring import Scorer

        if self._scorer is None:
            self._scorer = Scorer(self._models)
        if self._scorer.must_load(made):
            emit(Progress(job_id, "loading", 0, 1))
        clock = _Clock()
        scores = self._scores(self._scorer, plan, source, selection, made, token, domain_picture)
        for number, score in enumerate(scores, 1):
            token.check()
            emit(ScoreReady(job_id, score))
            left = clock.seconds_left(number, len(made))
            emit(Progress(job_id, "scoring", number, len(made), left))

    def _scores(
        self,
        scorer: Scorer,
        plan: RequestPlan,
        source: Image,
        selection: Selection | None,
        made: Sequence[Candidate],
        token: CancelToken,
        domain_picture: Image | None,
    ) -> Iterator[Score]:
        """Candidates of the same words together, so that their pictures are encoded at once."""
        for (wanted_changes, fixed_quantities, parts), part in groupby(
            made, lambda one: plan.measured[one.key]
        ):
            yield from scorer.scores(
                source,
                list(part),
                selection,
                wanted_changes,
                fixed_quantities,
                lambda: token.cancelled,
                domain_picture,
                parts,
                self._regions,
            )


def _recorded(seconds: float, own: Mapping[str, Any]) -> SettingValues:
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
    """Time since it was made, and an estimate of what is left."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def seconds_left(self, step: int, steps: int) -> float | None:
        if step < _ESTIMATE_FROM:
            return None
        return self.seconds / step * (steps - step)
