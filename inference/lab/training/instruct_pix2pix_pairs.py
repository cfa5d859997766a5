"""InstructPix2Pix on a folder of pairs, as published, from any Stable Diffusion 1.5 folder.

As `instruct_pix2pix`, which trains the starter model, but with nothing of that model's own: the
folder's own schedule, the text tower frozen, every pair with its one instruction, mirrored half of
the time (Brooks et al. 2023, section 3.2, and the released configuration: learning rate 1e-4
without warm-up, averaged weights, 256 px).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from torch import nn

from inference.lab.training.clip import token_ids
from inference.lab.training.instruct_pix2pix import dropped, shown_sources, widened
from inference.lab.training.latents import Latents
from inference.lab.training.text_to_image import DiffusionLoss, noise_batch, save_pipeline
from inference.lab.training.trainer import Batch, TrainingPlan

MIRRORED: Final = 0.5
_SCHEDULE: Final = (
    "num_train_timesteps",
    "beta_start",
    "beta_end",
    "beta_schedule",
    "prediction_type",
    "rescale_betas_zero_snr",
    "timestep_spacing",
)


@dataclass(frozen=True)
class PairsRecipe:
    """Pairs for the trainer.

    Attributes:
        name: of the checkpoint and the log.
        instructions: of the pairs.
        latents: of the pairs, then of their mirror images.
        vae, unet, text_encoder, tokenizer, scheduler: of the text-to-image folder.
        train_text: the text tower learns too.
        data: digest of the pairs; a run does not go on with others.
    """

    name: str
    instructions: Sequence[str]
    latents: Latents
    vae: Any
    unet: Any
    text_encoder: Any
    tokenizer: Any
    scheduler: Any
    batch_size: int = 32
    train_text: bool = False
    plan: TrainingPlan = field(default_factory=lambda: pairs_plan(10_000, 1e-4, 0))
    data: str = ""

    def network(self) -> nn.Module:
        """See `Recipe.network`; the four new input channels begin at zero."""
        tower = copy.deepcopy(self.text_encoder)
        schedule = schedule_of(self.scheduler)
        return DiffusionLoss(
            widened(self.unet), tower, train_text=self.train_text, schedule=schedule
        )

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Sources unscaled, targets scaled; text and source dropped by one number each."""
        count = len(self.instructions)
        drawn = rng.integers(count, size=self.batch_size)
        mirrored = rng.random(self.batch_size) < MIRRORED
        no_text, no_source = dropped(rng.random(self.batch_size))
        texts = [
            "" if silent else self.instructions[index]
            for index, silent in zip(drawn, no_text, strict=True)
        ]
        both = self.latents.take(drawn + count * mirrored)
        source, target = both.unbind(1)
        context = self.text_encoder.config.max_position_embeddings
        return {
            "latent": target * self.latents.scaling_factor,
            "source": shown_sources(source, no_source),
            "ids": token_ids(self.tokenizer, texts, context),
        } | noise_batch(rng, tuple(target.shape), last_step_share=0.0)

    def export(self, network: nn.Module, folder: Path) -> None:
        """A stock `StableDiffusionInstructPix2PixPipeline` folder with the start's scheduler."""
        from diffusers import StableDiffusionInstructPix2PixPipeline

        save_pipeline(
            StableDiffusionInstructPix2PixPipeline,
            network,
            self.vae,
            self.tokenizer,
            self.scheduler,
            folder,
        )


def pairs_plan(steps: int, learning_rate: float, seed: int) -> TrainingPlan:
    """The published rate without warm-up and decline; several processes may share batches."""
    return TrainingPlan(
        steps=steps,
        lr=learning_rate,
        warmup=0,
        hold=1.0,
        betas=(0.9, 0.999),
        ema=0.9999,
        seed=seed,
        shared=True,
    )


def schedule_of(scheduler: Any) -> Mapping[str, Any]:
    """The noise schedule of a scheduler of diffusers, as its other schedulers take it."""
    config = scheduler.config
    return {name: config[name] for name in _SCHEDULE if name in config}
