"""One run: which arms write about which concepts, and what is measured of the prompts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from editor.model.prompt_edit.prompt_tokens import chunks
from editor.ranking.prompt_order import faithful_words, polished_words
from inference.lab.evaluation.arm_digest import arm_digest, check_model
from inference.lab.evaluation.ideas.arms import IdeaArmSource
from inference.lab.evaluation.partial import PartialResults
from inference.lab.evaluation.protocol import OnShareDone
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.finetune.rewards.scored_pictures import ScoredPictures
from inference.language.ideas import prompts_for

IdeaFigures = dict[str, float]
METRICS: Final = ("faithful", "polished", "chunks", "cosine", "kept", "aesthetics", "seconds")


@dataclass(frozen=True)
class IdeaExperiment:
    """What is measured.

    Attributes:
        arms: whose models are loaded one after another.
        concepts: what they write about.
        prompts: wanted of each arm about each concept.
        seed: of prompts and pictures.
        pictures: whether the starter's text-to-image model draws the prompts.
        sampler_steps: of each picture.
        models: folder of the starter models; None for the program's own.
    """

    arms: tuple[IdeaArmSource, ...]
    concepts: tuple[str, ...]
    prompts: int
    seed: int
    pictures: bool
    sampler_steps: int
    models: Path | None = None

    def run(
        self, results: PartialResults, on_row: OnShareDone
    ) -> dict[str, list[list[IdeaFigures]]]:
        """Figures of every prompt, by arm and concept.

        Raises:
            OtherModel: an arm was measured with another model.
            WritesNoPrompts: a model knows edits alone.
        """
        for source in self.arms:
            check_model(source.name, arm_digest((source.folder, source.lora)), results)
        return {source.name: self._arm(source, results, on_row) for source in self.arms}

    def texts(self, results: PartialResults, arm: str, count: int) -> dict[str, list[str]]:
        """The prompts that an arm wrote about the first concepts."""
        found = {}
        for place, concept in enumerate(self.concepts[:count]):
            values = results.get(arm, str(place))
            found[concept] = [] if values is None else [one["prompt"] for one in values["prompts"]]
        return found

    def _arm(
        self, source: IdeaArmSource, results: PartialResults, on_row: OnShareDone
    ) -> list[list[IdeaFigures]]:
        language: Any = None
        found = []
        for place, concept in enumerate(self.concepts):
            on_row(source.name, place / len(self.concepts))
            values = results.get(source.name, str(place))
            if values is None:
                language = language or source.load()
                began = time.process_time()
                written = prompts_for(
                    language, concept, self.prompts, self.seed + place, lambda: None
                )
                seconds = (time.process_time() - began) / max(1, len(written))
                values = {"prompts": self._measured(concept, written, place, seconds)}
                results.measured(source.name, str(place), lambda values=values: values)  # type: ignore[misc]
            found.append([{n: one[n] for n in METRICS if n in one} for one in values["prompts"]])
        return found

    def _measured(
        self, concept: str, prompts: Sequence[str], place: int, seconds: float
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [
            {
                "prompt": prompt,
                "faithful": faithful_words(concept, prompt),
                "polished": float(polished_words(prompt)),
                "chunks": float(len(chunks(prompt))),
                "seconds": round(seconds, 3),
            }
            for prompt in prompts
        ]
        if self.pictures and prompts:
            for values, more in zip(found, self._drawn(concept, prompts, place), strict=True):
                values.update(more)
        return found

    def _drawn(self, concept: str, prompts: Sequence[str], place: int) -> list[IdeaFigures]:
        """Cosines of CLIP's features of concept and prompt, concept and picture; aesthetics."""
        seeds = [self.seed * 1_000_003 + place * self.prompts + i for i in range(len(prompts))]
        pictures = self._scored.draw(prompts, seeds)
        clip = self._models.clip
        texts = clip.embed_texts([concept, *prompts])
        seen = clip.embed_images(pictures)
        scores = self._scored.rate(pictures, [concept] * len(prompts))
        return [
            {
                "cosine": float(texts[0] @ texts[1 + i]),
                "kept": float(texts[0] @ seen[i]),
                "aesthetics": scores[i].aesthetics,
            }
            for i in range(len(prompts))
        ]

    @cached_property
    def _models(self) -> StarterModels:
        return StarterModels(self.models)

    @cached_property
    def _scored(self) -> ScoredPictures:
        return ScoredPictures(self._models, self.sampler_steps)
