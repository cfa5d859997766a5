from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.selection import Selection
from inference.request.cancel import CancelCheck
from inference.request.method_progress import OnStep

if TYPE_CHECKING:
    from torch import Tensor

    from inference.diffusion.framing import Framing
    from inference.models.loaded import LoadedDiffusion

_KEPT = 64


@dataclass
class LatentCache:
    """Finished latents of recent requests, so that a job after a cancelled one reuses them."""

    _kept: OrderedDict[tuple[str, tuple[int, int]], Tensor] = field(default_factory=OrderedDict)

    def get(self, request: EditRequest, work_size: tuple[int, int]) -> Tensor | None:
        """Scaled latents (4, h, w) of a request, None if they are not kept."""
        return self._kept.get((request.key, work_size))

    def put(self, request: EditRequest, work_size: tuple[int, int], latents: Tensor) -> None:
        """Keep the latents of a finished request; the oldest go."""
        self._kept[request.key, work_size] = latents.cpu()
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


@dataclass(frozen=True, eq=False)
class SamplingJob:
    """Requests of one model, work size and set of LoRA files, ready to be sampled.

    Attributes:
        model: loaded, with the requests' LoRA files laid over it.
        requests: of `source`; seeds, words and settings may differ.
        source: the full-size picture.
        framing: what the model sees of it.
        on_step: called after every step.
        check: called between parts of a step; may raise to cancel.
        cache: finished latents of earlier requests.
        selection: where the edits may act, None for everywhere.
    """

    model: LoadedDiffusion
    requests: Sequence[EditRequest]
    source: Image
    framing: Framing
    on_step: OnStep
    check: CancelCheck
    cache: LatentCache
    selection: Selection | None = None
