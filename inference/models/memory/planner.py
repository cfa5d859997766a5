"""Chooses how each model is held, so that its run fits into the memory there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from editor.messages import Message
from inference.models.families import families
from inference.models.family import LARGE
from inference.models.found_model import FoundModel
from inference.models.memory.activations import activation_elements
from inference.models.memory.parts import NetworkPart, network_parts
from inference.models.memory.plan import MemoryPlan, plans
from inference.models.memory.prediction import (
    MemoryPrediction,
    Precision,
    RunSize,
    predict,
)
from inference.models.pipeline_folder import side_of
from inference.models.weights import DamagedWeights
from inference.request.device_info import DeviceInfo

PEAK_SHARE: Final = 0.9
"""Part of a device's memory that a run may take at its peak; other programs need the rest."""

_SHORT: Final = {"F16": "float16", "BF16": "bfloat16", "F32": "float16"}
"""By the type in the files, the one that weights are kept in where memory is short."""

_SIDE: Final = 1024
"""Of models whose configs do not say which pictures they were made for."""


@dataclass(frozen=True)
class PlannedMemory:
    """How a model will be held.

    Attributes:
        plan: the way that was chosen.
        prediction: what it takes.
        fits: False where no way is small enough; then it is the smallest.
    """

    plan: MemoryPlan
    prediction: MemoryPrediction
    fits: bool


class MemoryPlanner:
    """Predicts and chooses for the models of one store; remembers which ways did not suffice.

    Attributes:
        run: what is to be computed next; None stands for one picture of the model's own size.
    """

    def __init__(self) -> None:
        """Nothing is read before it is asked for."""
        self.run: RunSize | None = None
        self._parts: dict[Path, tuple[NetworkPart, ...]] = {}
        self._failed: dict[Path, int] = {}

    def choose(
        self, model: FoundModel, device: DeviceInfo, budget: int, run: RunSize | None = None
    ) -> PlannedMemory | None:
        """The fastest way in which a run of a model fits.

        Args:
            model: as it was found.
            device: where it computes.
            budget: bytes that loaded weights may take.
            run: what is computed; None takes `run` of this object.

        Returns:
            None for models that no way is known for: those without an autoencoder.
        """
        found = None
        for found in self._ways(model, device, budget, run):
            if found.fits:
                break
        return found

    def prepare(self, model: FoundModel) -> int | None:
        """Read what predictions need of a model's files, so that they read nothing.

        Returns:
            Side in pixels of the square that it was made for; None where no way is known for it.
        """
        parts = self._parts_of(model)
        known = any(part.is_autoencoder for part in parts)
        return _own_size(model).width if known else None

    def lighten(self, model: FoundModel, device: DeviceInfo, budget: int) -> Message | None:
        """Give up the way in which a model is held now, because memory ran out.

        Returns:
            What the next one does, as one sentence; None where there is no other.
        """
        ways = [one for one in self._ways(model, device, budget) if one.fits]
        if len(ways) < 2:
            return None
        before, after = ways[0].plan, ways[1].plan
        self._failed[model.folder] = self._plans(model, device).index(after)
        return after.step_from(before)

    def _ways(
        self, model: FoundModel, device: DeviceInfo, budget: int, run: RunSize | None = None
    ) -> Iterator[PlannedMemory]:
        """From the fastest that did not fail."""
        parts = self._parts_of(model)
        if not any(part.is_autoencoder for part in parts):
            return
        family = families()[model.family]
        small = model.elements < LARGE
        computed = family.dtype_name(model, device)
        wide = any(part.name == "unet" for part in parts)
        precision = Precision(
            computed,
            device.kind,
            "float32" if wide else computed,
            () if wide else ("transformer",),
            twice=small and device.kind == "cpu",
        )
        run = run or self.run or _own_size(model)
        for plan in self._plans(model, device)[self._failed.get(model.folder, 0) :]:
            found = predict(parts, precision, plan, run)
            fits = found.weights <= budget and found.device <= device.bytes * PEAK_SHARE
            yield PlannedMemory(plan, found, fits)

    def _plans(self, model: FoundModel, device: DeviceInfo) -> tuple[MemoryPlan, ...]:
        computed = families()[model.family].dtype_name(model, device)
        kept_as = ""
        if computed == "float32" and model.elements >= LARGE:
            largest = max(self._parts_of(model), key=lambda part: part.elements)
            kept_as = _SHORT.get(largest.file_type, "")
        return plans(device.kind, kept_as)

    def _parts_of(self, model: FoundModel) -> tuple[NetworkPart, ...]:
        if not model.parts:
            return ()
        if model.folder not in self._parts:
            try:
                parts = network_parts(model)
                for part in parts:
                    activation_elements(part, _SIDE, _SIDE, 1)
            except (OSError, ValueError, KeyError, RecursionError, DamagedWeights):
                return ()  # loading it says what is wrong
            self._parts[model.folder] = parts
        return self._parts[model.folder]


def rows_of(count: int, roles: tuple[str, ...]) -> int:
    """Rows of a batch: candidates times the branches of their guidance."""
    return count * (3 if "instruct_pix2pix" in roles else 2)


def _own_size(model: FoundModel) -> RunSize:
    try:
        side = side_of(model.configs)
    except (OSError, ValueError, TypeError, KeyError):
        side = _SIDE
    return RunSize(side, side, 3)
