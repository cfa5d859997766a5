"""Recipe 5: InstructPix2Pix (Brooks et al. 2023) on gold pairs, from the text-to-image model.

As in section 3.2 of the paper and its training code: eight input channels, of which the four new
ones start at zero; the source is the *unscaled* mode of the posterior; one uniform number per
example decides what is dropped. Three things differ: 5 % of the examples ask for what is already so
and change nothing; the text tower is trained too, because CLIP has read captions and never an
instruction; and some examples show no source and describe the target, as text to image learns: what
a castle looks like is the same lesson, and `narrowed` makes a text-to-image model of the editor.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.lab.storybook.instructions import instruct
from inference.lab.training.clip import token_ids
from inference.lab.training.latents import Latents
from inference.lab.training.pairs import Pairs
from inference.lab.training.text_to_image import (
    COMPLETE,
    DiffusionLoss,
    noise_batch,
    sampling_scheduler,
    save_pipeline,
    write_sampling,
)
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.starter.captions import random_caption

# Taken back, what was added is removed, so those two mix.
MORE: Final = {"replace": 3.0, "add": 2.0, "remove": 1.5, "weather": 1.5, "recolour": 1.5}
SAMPLING: Final = {"num_inference_steps": 8, "guidance_scale": 1.5, "image_guidance_scale": 1.0}


def dropped(u: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(text dropped, source dropped) for uniform ``u``: text if u < .10, source if .05 ≤ u < .15.

    5 % lose the text only, 5 % both, 5 % the source only (Brooks et al. 2023, section 3.2.1).
    """
    return u < 0.10, (u >= 0.05) & (u < 0.15)


def shown_sources(source: Tensor, no_source: NDArray[np.bool_]) -> Tensor:
    """The sources (N, c, h, w), zeros where they are dropped."""
    return source * torch.from_numpy(~no_source).float()[:, None, None, None]


def widened(unet: Any) -> Any:
    """A copy of a UNet with twice as many input channels as outputs; new weights are zero."""
    from diffusers import UNet2DConditionModel

    if unet.config.in_channels == 2 * unet.config.out_channels:
        return copy.deepcopy(unet)
    wide = UNet2DConditionModel.from_config(
        {**unet.config, "in_channels": 2 * unet.config.in_channels}
    )
    state = {name: value.clone() for name, value in unet.state_dict().items()}
    narrow = state["conv_in.weight"]
    state["conv_in.weight"] = torch.cat([narrow, torch.zeros_like(narrow)], 1)
    wide.load_state_dict(state)
    return wide


def narrowed(unet: Any) -> Any:
    """A copy of an editor's UNet without the inputs that show it a source; see `widened`."""
    from diffusers import UNet2DConditionModel

    config = {key: value for key, value in unet.config.items() if not key.startswith("_")}
    narrow = UNet2DConditionModel(**{**config, "in_channels": unet.config.out_channels})
    state = {name: value.clone() for name, value in unet.state_dict().items()}
    state["conv_in.weight"] = state["conv_in.weight"][:, : unet.config.out_channels].clone()
    narrow.load_state_dict(state)
    return narrow


@dataclass(frozen=True)
class InstructPix2PixRecipe:
    """Gold pairs with a fresh instruction each time.

    Attributes:
        unet: the text-to-image UNet to start from, or that of an earlier training.
        identity: share of examples whose source is already as asked.
        more: how often each kind of edit is drawn, others once. What has to be redrawn is harder
            than what changes light and colour.
        turned: share of examples that take the edit of a pair back instead.
        described: share of examples without a source, whose text is a caption of the target.
        sampling: what the model is to be used with (``sampling.json``). v-prediction needs few
            steps and little guidance; at image guidance 1 a step has two branches, not three.
    """

    pairs: Pairs
    latents: Latents
    vae: Any
    unet: Any
    text_encoder: Any
    tokenizer: Any
    batch_size: int = 64
    identity: float = 0.05
    more: Mapping[str, float] = field(default_factory=lambda: dict(MORE))
    turned: float = 0.5
    described: float = 0.25
    sampling: Mapping[str, float] = field(default_factory=lambda: dict(SAMPLING))
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(
            steps=20_000, lr=4e-4, warmup=200, hold=0.7, ema=0.9995, shared=True
        )
    )
    name: str = "instruct-pix2pix"

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        tower = copy.deepcopy(self.text_encoder)
        return DiffusionLoss(widened(self.unet), tower, train_text=True)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """See the class; sources are unscaled, targets scaled."""
        count = self.batch_size
        indices = self._drawn(rng, count)
        both = self.latents.take(indices)
        turned = rng.random(count) < self.turned
        ahead = torch.from_numpy(~turned)[:, None, None, None]
        source = torch.where(ahead, both[:, 0], both[:, 1])
        target = torch.where(ahead, both[:, 1], both[:, 0])
        same = torch.from_numpy(rng.random(count) < self.identity)
        source = torch.where(same[:, None, None, None], target, source)
        no_text, no_source = dropped(rng.random(count))
        described = rng.random(count) < self.described
        texts = []
        for index, back, silent, caption in zip(
            indices.tolist(), turned, no_text, described, strict=True
        ):
            edit = self.pairs.edit(index)
            edit = edit.reversed if back else edit
            if silent:
                texts.append("")
            elif caption:
                complete = bool(rng.random() < COMPLETE)
                texts.append(random_caption(edit.target, rng, complete=complete))
            else:
                texts.append(instruct(edit, rng).text)
        context = self.text_encoder.config.max_position_embeddings
        return {
            "latent": target * self.latents.scaling_factor,
            "source": shown_sources(source, no_source | described),
            "ids": token_ids(self.tokenizer, texts, context),
        } | noise_batch(rng, tuple(target.shape))

    def _drawn(self, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
        """(count,) int64 pairs, each kind as often as `more` says."""
        found: NDArray[np.int64] = rng.integers(len(self.pairs), size=0)
        most = max(1.0, *self.more.values()) if self.more else 1.0
        while len(found) < count:
            some = rng.integers(len(self.pairs), size=count)
            if self.more:
                kinds = [self.pairs.edit(index).kind for index in some.tolist()]
                share = np.array([self.more.get(kind, 1.0) for kind in kinds]) / most
                some = some[rng.random(count) < share]
            found = np.concatenate([found, some])
        return found[:count]

    def export(self, network: nn.Module, folder: Path) -> None:
        """A stock `StableDiffusionInstructPix2PixPipeline` folder."""
        from diffusers import StableDiffusionInstructPix2PixPipeline

        save_pipeline(
            StableDiffusionInstructPix2PixPipeline,
            network,
            self.vae,
            self.tokenizer,
            sampling_scheduler(),
            folder,
        )
        write_sampling(folder, **self.sampling)
