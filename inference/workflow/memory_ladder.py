"""What is done where memory is short for an edit: with less of it, step by step, and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from editor.errors import OutOfMemory
from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.selection import Selection
from inference.diffusion.framing import frame
from inference.models.errors import ModelDamaged
from inference.models.memory.lack import lacks_memory
from inference.models.memory.plan import WHOLE, MemoryPlan
from inference.models.memory.planner import rows_of
from inference.models.memory.prediction import RunSize
from inference.models.store import ModelStore
from inference.request.registry import MethodInfo
from inference.request.settings import reference_count

MakePatches = Callable[[Sequence[EditRequest]], list[Patch]]
OnNotice = Callable[[Message], None]

WORK_SIDE: Final = "work_side"
"""Recorded with a candidate that was drawn smaller than was asked: the share of the sides."""

_SIDE: Final = 1024
_MULTIPLE: Final = 64
_SMALLEST: Final = 64


@dataclass(frozen=True)
class LadderResult:
    """What an edit made, and from what.

    Attributes:
        patches: in the order of the requests.
        work_share: sides of the pictures that the model worked on, as a share of what was asked.
    """

    patches: list[Patch]
    work_share: float = 1.0


class MemoryLadder:
    """Runs the requests of one method, in less memory each time it runs out.

    In turn: other models are dropped; the model is held in the next smaller way of its device
    (`memory.plan.plans`), the last of which draw smaller pictures. Every step is said. A batch is
    halved before that by `UNetDenoiser` itself, which changes no pixel.
    """

    def __init__(
        self,
        models: ModelStore,
        info: MethodInfo,
        source: Image,
        selection: Selection | None,
        on_notice: OnNotice,
    ) -> None:
        self._models, self._info, self._on_notice = models, info, on_notice
        self._source, self._selection = source, selection

    def __call__(self, make: MakePatches, requests: Sequence[EditRequest]) -> LadderResult:
        """Call `make` until it succeeds.

        Args:
            make: makes one patch for each request; what it holds is gone once it has raised.
            requests: of one method, models and work size.

        Raises:
            OutOfMemory: nothing that is left to do helps.
        """
        role = next(iter(self._info.roles), "")
        before = self._models.planner.run
        self._models.planner.run = self._run_size(requests)
        try:
            plan = self._plan(role)
            for sentence in plan.sentences:
                self._on_notice(sentence)
            while True:
                patches = _tried(make, self._at_share(requests, plan.work_share))
                if patches is not None:
                    return LadderResult(patches, plan.work_share)
                self._step(role)
                plan = self._plan(role)
        finally:
            self._models.planner.run = before

    def _step(self, role: str) -> None:
        """Do the next thing that makes room."""
        if self._models.drop_others(self._info.roles):
            self._on_notice(Message("memory.others_dropped"))
            return
        done = self._models.lighten(role) if role else None
        if done is None:
            raise OutOfMemory(Message("memory.nothing_left"), Message("do.smaller_picture"))
        self._on_notice(done)

    def _plan(self, role: str) -> MemoryPlan:
        planned = self._models.planned(role, self._info.name) if role else None
        return planned.plan if planned is not None else WHOLE

    def _run_size(self, requests: Sequence[EditRequest]) -> RunSize | None:
        if not self._info.roles:
            return None
        width, height = self._work_size(requests[0])
        references = max(reference_count(one.settings) for one in requests)
        return RunSize(width, height, rows_of(len(requests), self._info.roles), references)

    def _work_size(self, request: EditRequest) -> tuple[int, int]:
        """What the model will see of the picture."""
        if request.work_size != (0, 0):
            return request.work_size
        try:
            side = self._models.side(self._info.roles[0], self._info.name)
        except ModelDamaged:  # it names no size: its loader chooses one, or says what is wrong
            side = _SIDE
        return frame(self._source.bounds, self._selection, side, _MULTIPLE).work_size

    def _at_share(self, requests: Sequence[EditRequest], share: float) -> list[EditRequest]:
        """The requests with smaller work sizes, in multiples that every network can take."""
        if share >= 1:
            return list(requests)
        return [replace(one, work_size=self._smaller(one, share)) for one in requests]

    def _smaller(self, request: EditRequest, share: float) -> tuple[int, int]:
        width, height = (
            max(_SMALLEST, int(side * share) // _MULTIPLE * _MULTIPLE)
            for side in self._work_size(request)
        )
        return width, height


def _tried(make: MakePatches, requests: Sequence[EditRequest]) -> list[Patch] | None:
    """What `make` gives, None where memory ran out; its frames hold tensors, so they end here."""
    try:
        return make(requests)
    except Exception as error:
        if not lacks_memory(error):
            raise
    return None
