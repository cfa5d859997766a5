"""Figures of the text-to-image model: does the judge see what the caption asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch

from editor.model.image import Pixels
from inference.lab.evaluation.starter.attributes import judged, right
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.testset import SPLITS, Counts, scenes
from inference.lab.storybook.render import render
from inference.starter.captions import canonical

_BATCH: Final = 16
_BARRED: Final = ("subject", "colour", "place", "light")


@dataclass(frozen=True)
class ImageSampling:
    """How pictures are drawn.

    Attributes:
        steps: of DPM-Solver++ (2M), few so that an evaluation of 100 scenes takes minutes.
        guidance_scale, image_guidance_scale: the program's defaults.
    """

    steps: int = 10
    guidance_scale: float = 7.5
    image_guidance_scale: float = 1.5

    def prepare(self, pipeline: Any) -> Any:
        """The pipeline with the sampler in place."""
        from diffusers import DPMSolverMultistepScheduler

        pipeline.scheduler = DPMSolverMultistepScheduler.from_config(
            {**_schedule(pipeline.scheduler.config), "algorithm_type": "dpmsolver++"}
        )
        return pipeline


def _schedule(config: Any) -> dict[str, Any]:
    """Settings of the training noise, which all of diffusers' schedulers share."""
    names = (
        "num_train_timesteps",
        "beta_start",
        "beta_end",
        "beta_schedule",
        "prediction_type",
        "steps_offset",
    )
    return {name: config[name] for name in names if name in config}


def generators(seeds: Sequence[int]) -> list[torch.Generator]:
    """One generator for each picture, so that no picture depends on its neighbours' noise."""
    return [torch.Generator().manual_seed(value) for value in seeds]


def as_bytes(images: Any) -> Pixels:
    """Float pictures (N, H, W, 3) in 0..1 to uint8."""
    pixels: Pixels = (np.asarray(images) * 255).round().clip(0, 255).astype(np.uint8)
    return pixels


def draw(pipeline: Any, texts: Sequence[str], side: int, how: ImageSampling, seed: int) -> Pixels:
    """A picture for each caption, (N, side, side, 3) uint8."""
    made = []
    for start in range(0, len(texts), _BATCH):
        chosen = list(texts[start : start + _BATCH])
        out = pipeline(
            chosen,
            height=side,
            width=side,
            num_inference_steps=how.steps,
            guidance_scale=how.guidance_scale,
            generator=generators([1_000_003 * seed + start + i for i in range(len(chosen))]),
            output_type="np",
        )
        made.append(as_bytes(out.images))
    return np.concatenate(made)


def evaluate_text_to_image(
    models: StarterModels, seed: int, counts: Counts, how: ImageSampling
) -> Findings:
    """Rows ``text_to_image.<attribute>`` with ``.gold``, ``.gold_vae`` and ``.wrong_caption``.

    Ceilings are the judge's own marks on renders of the same scenes, plain and through the
    autoencoder; the floor compares each picture with the next scene's caption.
    """
    found = Findings()
    side = models.side()
    pipeline = how.prepare(models.text_to_image)
    for suffix, unseen in SPLITS:
        drawn = scenes(seed, counts.scenes(unseen), unseen=unseen)
        gold = np.stack([render(scene, side) for scene in drawn])
        made = draw(pipeline, [canonical(scene) for scene in drawn], side, how, seed)
        read = judged(models.judge, made)
        ceilings = {
            ".gold": judged(models.judge, gold),
            ".gold_vae": judged(models.judge, models.round_trip(gold)),
        }
        for i, scene in enumerate(drawn):
            marks = right(scene, read[i])
            for name, mark in marks.items():
                found.share(f"text_to_image.{name}{suffix}", mark)
            four = [marks[name] for name in _BARRED]
            found.share(f"text_to_image.joint{suffix}", all(four))
            for way, readings in ceilings.items():
                correct = right(scene, readings[i])
                for name in _BARRED:
                    found.share(f"text_to_image.{name}{way}{suffix}", correct[name])
            wrong = right(drawn[(i + 1) % len(drawn)], read[i])
            for name in _BARRED:
                found.share(f"text_to_image.{name}.wrong_caption{suffix}", wrong[name])
            found.show(
                f"text_to_image{suffix}",
                sum(four) + sum(marks.values()) / 100,
                gold[i],
                made[i],
                words=[canonical(scene), missed(marks)],
            )
    return found


def missed(marks: dict[str, bool]) -> str:
    """A line that says what the judge did not see."""
    wrong = [name for name, mark in marks.items() if not mark]
    return f"missed: {', '.join(wrong)}" if wrong else "all as asked"
