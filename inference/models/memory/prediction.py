"""How much memory a run of a model takes at its peak, before anything is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from inference.models.family import LARGE
from inference.models.memory.activations import activation_elements
from inference.models.memory.parts import NetworkPart
from inference.models.memory.plan import OFFLOADING_DEVICES, MemoryPlan, Residence

PROGRAM: Final = 455 << 20
"""Bytes of the engine's process once its libraries are imported (measured: docs/benchmarks.md)."""

SLACK: Final = 300 << 20
"""Most bytes that torch, oneDNN and the C library keep for themselves while a network computes; no
more than its activations take."""

CONTEXT: Final = 500 << 20
"""Bytes that a driver takes of a device's own memory."""

TILE: Final = 256
"""Side in pixels of an autoencoder's tiles (`placing`)."""

_BYTES: Final = {"float32": 4, "float16": 2, "bfloat16": 2}
_CPU_DECODED: Final = 1 << 18
_DECODED: Final = 1 << 20
_CPU_LATENTS: Final = 64 * 64
_LAYERS_AHEAD: Final = {Residence.GROUP_OFFLOAD: 2, Residence.SEQUENTIAL_OFFLOAD: 1}


@dataclass(frozen=True)
class RunSize:
    """What is computed.

    Attributes:
        width, height: of the picture that the model works on, in pixels.
        rows: candidates times branches of guidance.
        references: other pictures that it sees beside the one it edits, each of as many pixels.
    """

    width: int
    height: int
    rows: int = 1
    references: int = 0

    def at(self, share: float) -> RunSize:
        """The same with sides of a share of these."""
        return replace(self, width=round(self.width * share), height=round(self.height * share))


@dataclass(frozen=True)
class Precision:
    """In which types a model is.

    Attributes:
        computed: torch's name of the type that its networks compute in.
        kind: of the device.
        autoencoder: the type of its autoencoder; those of Stable Diffusion overflow 16 bits.
        kept_parts: names of the parts that may be kept in a shorter type; () for every part.
        twice: a small UNet is held a second time, arranged for a CPU.
    """

    computed: str
    kind: str
    autoencoder: str = "float32"
    kept_parts: tuple[str, ...] = ()
    twice: bool = False


@dataclass(frozen=True)
class MemoryPrediction:
    """Peaks in bytes.

    Attributes:
        weights: of the device that computes, once the model is loaded.
        device: its peak.
        main: peak of the process in main memory; the same where a CPU computes.
    """

    weights: int
    device: int
    main: int


def predict(
    parts: Sequence[NetworkPart], precision: Precision, plan: MemoryPlan, run: RunSize
) -> MemoryPrediction:
    """What a run takes.

    Args:
        parts: networks of the model.
        precision: what they compute in, and where.
        plan: how they are held.
        run: how large the picture and the batch are.
    """
    run = run.at(plan.work_share)
    kept = [_kept_bytes(part, precision, plan) for part in parts]
    active = [_active_bytes(part, precision, plan, run) for part in parts]
    own_memory = precision.kind in OFFLOADING_DEVICES
    if not own_memory:
        slack = min(SLACK, max(active, default=0))
        computing = sum(kept) + max(active, default=0) + slack
        begun = sum(kept) + _mapped(parts, kept)
        if plan.kept_as:
            # What each layer widens is its own from then on, and the file still mapped.
            begun = max(begun, sum(kept) + max(part.file_bytes for part in parts) + slack)
        whole = PROGRAM + max(computing, begun)
        return MemoryPrediction(sum(kept), whole, whole)
    main = PROGRAM + SLACK + max(part.file_bytes for part in parts)
    if plan.residence is Residence.RESIDENT:
        weights = sum(kept)
        return MemoryPrediction(weights, CONTEXT + weights + max(active), main)
    main = max(main, PROGRAM + SLACK + sum(kept) + _mapped(parts, kept))
    if plan.residence is Residence.MODEL_OFFLOAD:
        peak = max(weights + work for weights, work in zip(kept, active, strict=True))
        return MemoryPrediction(max(kept), CONTEXT + peak, main)
    layers = _LAYERS_AHEAD[plan.residence]
    layer = layers * max(part.largest for part in parts) * _BYTES[precision.computed]
    return MemoryPrediction(layer, CONTEXT + layer + max(active), main)


def _kept_bytes(part: NetworkPart, precision: Precision, plan: MemoryPlan) -> int:
    if part.is_autoencoder:
        return part.elements * _BYTES[precision.autoencoder]
    left_out = bool(precision.kept_parts) and part.name not in precision.kept_parts
    wide = plan.kept_as and (part.elements < LARGE or left_out)
    kept = 4 if wide else _BYTES[plan.kept_as or precision.computed]
    times = 2 if precision.twice and part.name == "unet" else 1
    return times * part.elements * kept


def _active_bytes(part: NetworkPart, precision: Precision, plan: MemoryPlan, run: RunSize) -> int:
    """Of its activations, as many rows at a time as `latents` and `denoiser` compute."""
    on_cpu, area = precision.kind == "cpu", run.width * run.height
    if part.is_autoencoder:
        size = _BYTES[precision.autoencoder]
        if plan.tiles:
            width, height = min(run.width, TILE), min(run.height, TILE)
            return size * activation_elements(part, width, height, 1)
        rows = min(run.rows, max(1, (_CPU_DECODED if on_cpu else _DECODED) // area))
        return size * activation_elements(part, run.width, run.height, rows)
    rows = run.rows
    if on_cpu:
        rows = min(rows, max(1, _CPU_LATENTS * 64 // area))
    active = activation_elements(part, run.width, run.height, rows, run.references)
    return _BYTES[precision.computed] * active


def _mapped(parts: Sequence[NetworkPart], kept: Sequence[int]) -> int:
    """The files of the part that is loaded last, where they are not of the type that is kept.

    Files of that type are the weights themselves; others stay mapped until they are converted.
    """
    last, weights = max(zip(parts, kept, strict=True), key=lambda pair: pair[0].elements)
    same = abs(last.file_bytes - weights) < weights // 8
    return 0 if same else last.file_bytes
