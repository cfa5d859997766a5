"""The inputs that the authors' code was run on (`reference/README.md`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionHook
from inference.diffusion.denoiser import Conditioning
from inference.diffusion.inversion import ddim_scheduler

PAIRS = (
    ("a red house near the lake", "a warm house near the lake"),
    ("a red house", "a red boat near the lake at night"),
    ("a painting of a swan", "a photo of a boat"),
    ("the house in snow", "the xylophone in snow"),
    ("the xylophone in snow", "the house in snow"),
)


def expected() -> dict[str, Any]:
    """What the authors' code gave."""
    with np.load(Path(__file__).parent / "reference" / "editing.npz") as file:
        return dict(file)


def wave(*shape: int, k: float = 1.0) -> Tensor:
    """Numbers 0..1 in float64 that look drawn, and are the same everywhere."""
    values = np.sin(np.arange(1, int(np.prod(shape)) + 1) * 12.9898 * k) * 43758.5453
    return torch.from_numpy((values - np.floor(values)).reshape(shape))


EMPTY, TEXT = wave(1, 8, 8, k=2.0) - 0.5, wave(1, 8, 8, k=3.0) - 0.5
LATENTS = (wave(1, 4, 16, 16, k=5.0) - 0.5) * 3


def scheduler() -> Any:
    """Stable Diffusion's schedule."""
    return ddim_scheduler(
        {
            "beta_start": 0.00085,
            "beta_end": 0.012,
            "beta_schedule": "scaled_linear",
            "steps_offset": 1,
        }
    )


class FormulaDenoiser:
    """A `Denoiser` that is a formula of latents, time and text."""

    def predict(
        self,
        latents: Tensor,
        timestep: Tensor,
        conditioning: Conditioning,
        *,
        attention: AttentionHook | None = None,
        grad: bool = False,
    ) -> Tensor:
        """See `Denoiser`."""
        del attention, grad
        states = conditioning.states
        text = states.mean((1, 2))[:, None, None, None] + 0.5 * states[:, 1, :4, None, None]
        return torch.tanh(
            0.7 * latents[list(conditioning.inputs)].roll(1, -1) + float(timestep) / 1000 + text
        )
