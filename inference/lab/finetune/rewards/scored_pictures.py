"""Pictures of prompts by the starter's text-to-image model, and what its two heads say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import torch

from editor.model.image import Pixels
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.text_to_image import ImageSampling, as_bytes, generators
from inference.models.score_head import ScoreHead, both_features, load_head

STEPS: Final = 6
"""Of the sampler: the heads' order of prompts is nearly that of 10 steps, at two thirds of the
time."""

BATCH: Final = 16


@dataclass(frozen=True)
class PictureScore:
    """What the heads say of a picture.

    Attributes:
        aesthetics: of the picture alone.
        preference: of the picture for a caption. Both are logits (`inference.lab.training`).
    """

    aesthetics: float
    preference: float


class ScoredPictures:
    """Draws prompts and rates the pictures.

    Args:
        models: with the text-to-image model, CLIP, and the heads "aesthetic" and "preference".
        steps: of the sampler.
        heads: folder of other heads; None for those of the models.
    """

    def __init__(
        self, models: StarterModels, steps: int = STEPS, heads: Path | None = None
    ) -> None:
        self._models, self._how = models, ImageSampling(steps)
        self._heads = models.folder if heads is None else heads

    def draw(self, prompts: Sequence[str], seeds: Sequence[int]) -> Pixels:
        """A picture for each prompt from its own noise, (N, S, S, 3) uint8.

        Raises:
            ValueError: there are no prompts, or not as many seeds.
        """
        if not prompts or len(prompts) != len(seeds):
            raise ValueError("each prompt needs a seed")
        pipeline = self._how.prepare(self._models.text_to_image)
        side = self._models.side()
        made = []
        for start in range(0, len(prompts), BATCH):
            out = pipeline(
                list(prompts[start : start + BATCH]),
                height=side,
                width=side,
                num_inference_steps=self._how.steps,
                guidance_scale=self._how.guidance_scale,
                generator=generators(seeds[start : start + BATCH]),
                output_type="np",
            )
            made.append(as_bytes(out.images))
        return np.concatenate(made)

    @torch.inference_mode()
    def rate(self, pictures: Pixels, captions: Sequence[str]) -> list[PictureScore]:
        """What the heads say of each picture, the preference for the caption beside it.

        Args:
            pictures: (N, S, S, 3) uint8.
            captions: N of them.
        """
        seen = self._models.clip.embed_images(pictures)
        read = self._models.clip.embed_texts(list(captions))
        beauty = self._aesthetic(seen).tolist()
        liked = self._preference(both_features(seen, read)).tolist()
        return [PictureScore(*both) for both in zip(beauty, liked, strict=True)]

    @cached_property
    def _aesthetic(self) -> ScoreHead:
        return load_head(self._heads / "aesthetic" / "model.safetensors")

    @cached_property
    def _preference(self) -> ScoreHead:
        return load_head(self._heads / "preference" / "model.safetensors")
