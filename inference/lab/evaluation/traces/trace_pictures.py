"""Two picture models for prompts of the storybook: its renderer, and a diffusion model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from editor.model.image import Pixels
from inference.lab.evaluation.starter.text_to_image import ImageSampling, as_bytes, generators
from inference.lab.storybook.render import render
from inference.starter.captions import canonical
from inference.starter.scene import ATTRIBUTES, Scene
from inference.starter.world_captions import read_caption

SIDE: Final = 128
_BATCH: Final = 8


class PictureModel(Protocol):
    """Draws scenes; scenes of one trace share whatever is random."""

    @property
    def name(self) -> str:
        """In tables."""

    def draw(self, scenes: Sequence[Scene], seed: int) -> Pixels:
        """Pictures (N, S, S, 3) uint8."""


@dataclass(frozen=True)
class Renderer:
    """The storybook's own renderer: what a perfect picture model draws."""

    name: str = "renderer"

    def draw(self, scenes: Sequence[Scene], seed: int) -> Pixels:
        """See `PictureModel.draw`; a scene's layout comes with it."""
        return np.stack([render(scene, SIDE) for scene in scenes])


@dataclass(frozen=True)
class DiffusionPictures:
    """The starter's text-to-image model, from the same noise for all pictures of a trace."""

    pipeline: Any
    side: int
    steps: int = 10
    name: str = "text-to-image"

    def draw(self, scenes: Sequence[Scene], seed: int) -> Pixels:
        """See `PictureModel.draw`; the prompts are the canonical captions."""
        how = ImageSampling(self.steps)
        pipeline = how.prepare(self.pipeline)
        made = []
        for start in range(0, len(scenes), _BATCH):
            texts = [canonical(scene) for scene in scenes[start : start + _BATCH]]
            drawn = pipeline(
                texts,
                height=self.side,
                width=self.side,
                num_inference_steps=how.steps,
                guidance_scale=how.guidance_scale,
                generator=generators([seed] * len(texts)),
                output_type="np",
            )
            made.append(as_bytes(drawn.images))
        return np.concatenate(made)


def scene_after(prompt: str, now: Scene) -> Scene:
    """What a prompt's picture shows: its words where it has any, else what the picture shows now.

    Words that the storybook does not know change nothing. No second thing and bare ground are what
    a prompt says that names none.
    """
    reading = read_caption(prompt)
    if "subject" not in reading.phrases:
        return now
    values = {name: v for name, v in reading.values.items() if v in ATTRIBUTES[name]}
    return now.with_(**values)
