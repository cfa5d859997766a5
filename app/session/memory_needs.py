from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.runtime.settings import Settings
from editor.messages import Message
from inference.request.device_info import DeviceInfo
from inference.request.method_options import MethodOptions
from inference.request.registry import METHODS
from inference.request.settings import reference_count

if TYPE_CHECKING:
    from inference.models.found_model import FoundModel
    from inference.models.memory.planner import MemoryPlanner

_COUNT = 4
"""Results of an edit, unless something else is asked for."""


@dataclass(frozen=True)
class MethodModel:
    """The model that serves a method now, and what predicts its memory.

    Attributes:
        model: as it was found.
        side: in pixels of the square that it was made for.
        planner: has read the sizes of its networks.
    """

    model: FoundModel
    side: int
    planner: MemoryPlanner = field(compare=False)


class MemoryNeeds:
    """What an edit by each method will take of memory, before it is run."""

    def __init__(self, memory_of: Callable[[str], MethodModel | None], settings: Settings) -> None:
        """Nothing is read here.

        Args:
            memory_of: the model of a method, None where it is not known.
            settings: have the most that models may take.
        """
        self._memory_of, self._settings = memory_of, settings

    def sentence(
        self, method: str, options: MethodOptions, device: DeviceInfo | None
    ) -> Message | None:
        """The peak of an edit, and how it fits; None where that is not known.

        Args:
            method: registry name.
            options: what is set for it: how large it draws, and the reference pictures.
            device: where the engine computes, None while it starts.
        """
        from inference.models.family import MODEL_SHARE
        from inference.models.memory.planner import rows_of
        from inference.models.memory.prediction import RunSize

        found = self._memory_of(method)
        if found is None or device is None:
            return None
        limit = float(self._settings["memory_limit"]) * 1e9
        budget = round(limit or device.bytes * MODEL_SHARE)
        side = options.work_side or found.side
        rows = rows_of(_COUNT, METHODS[method].roles)
        run = RunSize(side, side, rows, reference_count(options.settings))
        planned = found.planner.choose(found.model, device, budget, run)
        if planned is None:
            return None
        gigabytes = planned.prediction.device / 1e9
        if not planned.fits:
            return Message("memory.does_not_fit", gigabytes=gigabytes)
        if not planned.plan.sentences:
            return Message("memory.needs", gigabytes=gigabytes)
        first = planned.plan.sentences[0]
        return Message("memory.needs_plan", gigabytes=gigabytes, plan=first)
