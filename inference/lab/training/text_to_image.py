"""Recipe 4: a Stable Diffusion pipeline in small: UNet (64, 128, 192, 192) on cached latents.

v-prediction (Salimans & Ho 2022, appendix D) on SD's schedule with zero terminal SNR (Lin et al.
2023, algorithm 1), so that the first step starts from pure noise and decides light and layout; one
caption in ten left empty for classifier-free guidance (Ho & Salimans 2022). The text encoder starts
as CLIP's tower and goes on learning: a tower that has learnt to tell captions apart need not say
what stands where.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from inference.lab.training.autoencoder import LATENT_CHANNELS
from inference.lab.training.clip import token_ids
from inference.lab.training.export import halved, run_in_float32
from inference.lab.training.latents import Latents
from inference.lab.training.pairs import Pairs
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.starter.captions import random_caption

TRAIN_STEPS: Final = 1000
COMPLETE: Final = 2 / 3
"""Share of captions that leave nothing out."""
LAST_STEP_SHARE: Final = 0.3
"""Share of examples that are pure noise: with few steps the first one does most of the work."""


@dataclass(frozen=True)
class UNetSize:
    """The numbers of the UNet's config; the defaults are the shipped model's."""

    sample: int = 32
    latents: int = LATENT_CHANNELS
    channels: tuple[int, ...] = (64, 128, 192, 192)
    attention: tuple[bool, ...] = (False, True, True, False)
    heads: int = 4
    groups: int = 16
    context: int = 192


def new_unet(size: UNetSize) -> Any:
    """An untrained stock `UNet2DConditionModel` with attention at the levels that ask for it."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=size.sample,
        in_channels=size.latents,
        out_channels=size.latents,
        down_block_types=tuple(
            "CrossAttnDownBlock2D" if attends else "DownBlock2D" for attends in size.attention
        ),
        up_block_types=tuple(
            "CrossAttnUpBlock2D" if attends else "UpBlock2D" for attends in reversed(size.attention)
        ),
        block_out_channels=size.channels,
        layers_per_block=1,
        norm_num_groups=size.groups,
        cross_attention_dim=size.context,
        attention_head_dim=size.heads,
    )


def schedule_config() -> dict[str, Any]:
    """Stable Diffusion's noise schedule down to no signal, as schedulers of diffusers take it."""
    return {
        "num_train_timesteps": TRAIN_STEPS,
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "prediction_type": "v_prediction",
        "rescale_betas_zero_snr": True,
        "timestep_spacing": "trailing",
        "steps_offset": 1,
    }


def sampling_scheduler() -> Any:
    """DDIM as the exported pipelines bring it: trailing steps begin where there is no signal."""
    from diffusers import DDIMScheduler

    return DDIMScheduler(**schedule_config(), clip_sample=False, set_alpha_to_one=True)


def noise_batch(
    rng: np.random.Generator, shape: tuple[int, ...], last_step_share: float = LAST_STEP_SHARE
) -> Batch:
    """Noise and timesteps for latents of ``shape`` (N, c, h, w); a share is pure noise."""
    noise = rng.standard_normal(shape, np.float32)
    steps = rng.integers(TRAIN_STEPS, size=shape[0])
    steps[rng.random(shape[0]) < last_step_share] = TRAIN_STEPS - 1
    return {"noise": torch.from_numpy(noise), "timesteps": torch.from_numpy(steps)}


def start_from(unet: Any, prediction_type: str, channels: tuple[int, ...]) -> Any:
    """A copy of a trained UNet, widened to ``channels``; a head that predicted ε starts at zero."""
    from inference.lab.training.widen import wider

    if tuple(unet.config.block_out_channels) != channels:
        unet = wider(unet, channels)
    else:
        unet = copy.deepcopy(unet)
    if prediction_type != "v_prediction":
        nn.init.zeros_(unet.conv_out.weight)
        nn.init.zeros_(unet.conv_out.bias)
    return unet


class DiffusionLoss(nn.Module):
    """Square error on what the schedule predicts, all timesteps weighted alike.

    That is ε (Ho et al. 2020), or v = √ᾱ·ε − √(1−ᾱ)·x (Salimans & Ho 2022). At a last timestep
    without signal v is −x: the network names the picture it expects from the text alone.

    Args:
        unet: as many input channels as latents have, or twice so many when a source is shown.
        text_encoder: a `CLIPTextModel`; learns only if ``train_text``.
        schedule: settings of diffusers' schedulers; None for `schedule_config`.
    """

    def __init__(
        self,
        unet: Any,
        text_encoder: Any,
        *,
        train_text: bool = False,
        schedule: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        from diffusers import DDPMScheduler
        from diffusers.models.attention_processor import AttnProcessor

        self.unet = unet
        if not torch.cuda.is_available():
            # PyTorch's fused attention is slow on CPUs for 16 numbers a head: a third of a step.
            self.unet.set_attn_processor(AttnProcessor())
        self.text_encoder = text_encoder.requires_grad_(train_text)
        self.train_text = train_text
        self.scheduler = DDPMScheduler(**(schedule_config() if schedule is None else schedule))

    def forward(
        self,
        latent: Tensor,
        ids: Tensor,
        noise: Tensor,
        timesteps: Tensor,
        source: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """``latent`` scaled (N, c, h, w); ``source`` unscaled, zeros where it is not shown."""
        with torch.set_grad_enabled(self.train_text and torch.is_grad_enabled()):
            states = self.text_encoder(input_ids=ids).last_hidden_state
        noisy = self.scheduler.add_noise(latent, noise, timesteps)
        if source is not None:
            noisy = torch.cat([noisy, source], 1)
        made = self.unet(noisy, timesteps, encoder_hidden_states=states).sample
        of_noise = self.scheduler.config.prediction_type == "epsilon"
        wanted = noise if of_noise else self.scheduler.get_velocity(latent, noise, timesteps)
        errors = (made.float() - wanted).square().mean((1, 2, 3))
        last = timesteps == TRAIN_STEPS - 1
        # The mean over the examples of pure noise, or over all where a small batch has none.
        first_step = errors[last].mean() if bool(last.any()) else errors.mean()
        return {"loss": errors.mean(), "first_step": first_step}


@dataclass(frozen=True)
class TextToImageRecipe:
    """Either side of a pair with a fresh caption, a third of them described in part.

    Attributes:
        text_encoder: where the text tower begins: CLIP's, or that of an earlier training.
        start: a UNet to begin from instead of an untrained one.
    """

    pairs: Pairs
    latents: Latents
    vae: Any
    text_encoder: Any
    tokenizer: Any
    size: UNetSize = field(default_factory=UNetSize)
    batch_size: int = 64
    empty: float = 0.1
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(
            steps=12_000, lr=4e-4, warmup=200, hold=0.7, ema=0.9995, shared=True
        )
    )
    name: str = "text-to-image"
    start: Any = None

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        # Copies: the trainer moves them to its device and the export makes them float16.
        tower = copy.deepcopy(self.text_encoder)
        unet = new_unet(self.size) if self.start is None else copy.deepcopy(self.start)
        return DiffusionLoss(unet, tower, train_text=True)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """See the class."""
        indices = rng.integers(len(self.pairs), size=self.batch_size)
        sides = rng.integers(2, size=self.batch_size)
        latent = self.latents.take(indices)[np.arange(self.batch_size), sides]
        texts = []
        for index, side in zip(indices, sides, strict=True):
            if rng.random() < self.empty:
                texts.append("")
                continue
            edit = self.pairs.edit(int(index))
            scene = edit.target if side else edit.source
            texts.append(random_caption(scene, rng, complete=bool(rng.random() < COMPLETE)))
        context = self.text_encoder.config.max_position_embeddings
        return {
            "latent": latent * self.latents.scaling_factor,
            "ids": token_ids(self.tokenizer, texts, context),
        } | noise_batch(rng, tuple(latent.shape))

    def export(self, network: nn.Module, folder: Path) -> None:
        """A stock `StableDiffusionPipeline` folder."""
        from diffusers import StableDiffusionPipeline

        save_pipeline(
            StableDiffusionPipeline,
            network,
            self.vae,
            self.tokenizer,
            sampling_scheduler(),
            folder,
        )
        few, inverted = {"num_inference_steps": 12}, {"num_inference_steps": 20}
        # Attention maps of so small a network are few: their gradient is small too.
        held = inverted | {"cross_attention_guidance_amount": 10.0}
        # It knows whole scenes, no parts of them; a reflection guides it where it must go on.
        part = {"num_inference_steps": 20, "guidance_scale": 3.0, "context": 8.0}
        write_sampling(
            folder, generate=few, sdedit=few, pix2pix_zero=held, prompt_to_prompt=inverted,
            inpaint=part, outpaint=part | {"strength": 0.5},
        )  # fmt: skip


def write_sampling(folder: Path, **settings: float | Mapping[str, float]) -> None:
    """``sampling.json``: what the model is to be used with, by all methods or by those named."""
    (folder / "sampling.json").write_text(json.dumps(settings) + "\n", encoding="utf-8")


def save_pipeline(
    kind: Any, network: Any, vae: Any, tokenizer: Any, scheduler: Any, folder: Path
) -> None:
    """Write a Stable Diffusion pipeline without a safety checker, in float16."""
    pipeline = kind(
        vae=halved(copy.deepcopy(vae)),
        text_encoder=halved(network.text_encoder),
        tokenizer=tokenizer,
        unet=halved(network.unet),
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder, safe_serialization=True)
    run_in_float32(folder)
