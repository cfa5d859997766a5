"""Two picture models for rewritten prompts, and what is measured of the pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from editor.model.image import Pixels
from inference.lab.evaluation.starter.attributes import judged
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.traces.trace_pictures import scene_after
from inference.lab.finetune.rewards.scored_pictures import ScoredPictures
from inference.lab.storybook.render import render
from inference.starter.scene import ATTRIBUTES, Scene
from inference.starter.world_captions import read_caption

PICTURES: Final = ("text-to-image", "renderer")
_BATCH: Final = 16


class PromptPictures(Protocol):
    """Draws prompts."""

    def draw(self, prompts: Sequence[str], seeds: Sequence[int]) -> Pixels:
        """A picture for each prompt, (N, S, S, 3) uint8; equal seeds share what is random."""


@dataclass(frozen=True)
class RenderedPrompts:
    """The storybook's renderer, which no reward was learnt from.

    What a prompt leaves open is as in a plain scene: a clear summer noon, seen near, flat colours.
    """

    side: int

    def draw(self, prompts: Sequence[str], seeds: Sequence[int]) -> Pixels:
        """See `PromptPictures.draw`; the seed is that of the layout."""
        scenes = [
            scene_after(prompt, Scene(seed=seed))
            for prompt, seed in zip(prompts, seeds, strict=True)
        ]
        return np.stack([render(scene, self.side) for scene in scenes])


@dataclass(frozen=True)
class PictureMeasures:
    """Draws prompts with one picture model and measures the pictures.

    Attributes:
        name: of the picture model.
        pictures: draws.
        scored: rates with heads.
        models: with judge and CLIP.
    """

    name: str
    pictures: PromptPictures
    scored: ScoredPictures
    models: StarterModels

    def measure(
        self, prompts: Sequence[str], wanted: Sequence[str], seeds: Sequence[int]
    ) -> list[dict[str, float]]:
        """Figures of a picture of each prompt.

        Args:
            prompts: at least one.
            wanted: the plain target of each.
            seeds: of the noise, or of the layout.

        Returns:
            ``aesthetics`` and ``preference`` (for the plain target) by the heads, ``shown``, the
            share of what the plain target names that the judge sees, and ``cosine`` of CLIP's
            features of picture and plain target.
        """
        found: list[dict[str, float]] = []
        for start in range(0, len(prompts), _BATCH):
            rows = slice(start, start + _BATCH)
            drawn = self.pictures.draw(prompts[rows], seeds[rows])
            found += self._measured(drawn, wanted[rows])
        return found

    def _measured(self, drawn: Pixels, wanted: Sequence[str]) -> list[dict[str, float]]:
        scores = self.scored.rate(drawn, wanted)
        seen = self.models.clip.embed_images(drawn)
        read = self.models.clip.embed_texts(list(wanted))
        cosines = (seen * read).sum(1).tolist()
        values: list[dict[str, float]] = []
        for text, score, cosine, judgement in zip(
            wanted, scores, cosines, judged(self.models.judge, drawn), strict=True
        ):
            values.append(
                {
                    "aesthetics": score.aesthetics,
                    "preference": score.preference,
                    "shown": shown(text, judgement),
                    "cosine": cosine,
                }
            )
        return values


def shown(wanted: str, judgement: Mapping[str, str]) -> float:
    """Share of the attributes that a plain target names that a picture shows, 0..1."""
    named = {
        name: phrase.value
        for name, phrase in read_caption(wanted).phrases.items()
        if phrase.value in ATTRIBUTES.get(name, ())
    }
    if not named:
        return 1.0
    return sum(judgement.get(name) == value for name, value in named.items()) / len(named)
