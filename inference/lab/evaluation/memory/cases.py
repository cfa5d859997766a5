"""Runs whose memory is predicted and measured, on models of random weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inference.lab.evaluation.memory.random_models import write_random_model
from inference.models.memory.plan import WHOLE, MemoryPlan

KEPT_SHORT: Final = MemoryPlan(kept_as="float16")


@dataclass(frozen=True)
class MemoryCase:
    """One run.

    Attributes:
        name: in the report.
        layout, stored, width: of the model, see `write_random_model`; torch's name of the type.
        method: registry name.
        size: (width, height) of the picture in pixels.
        count: candidates.
        plan: how the model is held.
    """

    name: str
    layout: str
    stored: str
    width: float
    method: str
    size: tuple[int, int]
    count: int
    plan: MemoryPlan = WHOLE

    def write_model(self, root: Path) -> Path:
        """The folder of its model, written below `root` unless it is there."""
        import torch

        folder = root / f"{self.layout}-{self.stored}-{self.width:g}"
        if not (folder / "model_index.json").is_file():
            stored = getattr(torch, self.stored)
            write_random_model(folder, self.layout, stored, width=self.width)
        return folder


_SD: Final = "stable-diffusion-1"
_IP2P: Final = "instruct-pix2pix"

CASES: Final = (
    MemoryCase("SD 1.5, 16-bit files", _SD, "float16", 1, "sdedit", (512, 512), 1),
    MemoryCase(
        "SD 1.5, kept in 16 bits", _SD, "float16", 1, "sdedit", (512, 512), 1, KEPT_SHORT
    ),
    MemoryCase(
        "SD 1.5, kept in 16 bits, 768 px", _SD, "float16", 1, "sdedit", (768, 768), 1, KEPT_SHORT
    ),
    MemoryCase("half as wide, 32-bit files, four", _SD, "float32", 0.5, "sdedit", (512, 512), 4),
    MemoryCase("half as wide, 32-bit files, 768 px", _SD, "float32", 0.5, "sdedit", (768, 768), 2),
    MemoryCase(
        "InstructPix2Pix half as wide", _IP2P, "float16", 0.5, "instruct_pix2pix", (512, 512), 2
    ),
)  # fmt: skip
"""The first three have the true sizes of Stable Diffusion 1.5."""

TINY: Final = MemoryCase("tiny", _SD, "float32", 0.1, "sdedit", (128, 128), 1)
"""Takes seconds; for the test."""
