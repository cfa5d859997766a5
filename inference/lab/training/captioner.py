"""Recipe 6: a BLIP captioner that starts from the first layers of CLIP's vision tower.

It learns to say the canonical caption of a scene, which names every attribute and can be read back
(`starter.captions.parse_caption`). BLIP's vision layers are CLIP's without the norm before the
first layer; our CLIP has none, so the start is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from inference.lab.training.autoencoder import to_tensor
from inference.lab.training.clip import DEVIATION, MEAN, normalise
from inference.lab.training.export import save_pretrained
from inference.lab.training.judge import degrade
from inference.lab.training.pairs import Pairs
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.starter.captions import canonical


@dataclass(frozen=True)
class CaptionerSize:
    """The numbers of the text decoder and how many of CLIP's vision layers are kept."""

    vision_layers: int = 4
    layers: int = 3
    width: int = 192
    heads: int = 3
    context: int = 48


def new_captioner(clip: Any, tokenizer: Any, size: CaptionerSize) -> Any:
    """A stock `BlipForConditionalGeneration` with an untrained decoder on CLIP's vision."""
    from transformers import BlipConfig, BlipForConditionalGeneration

    visual = clip.visual
    width = visual.class_embedding.shape[0]
    inner = visual.transformer.resblocks[0].mlp.c_fc.out_features
    end = tokenizer.eos_token_id
    config = BlipConfig(
        text_config={
            "vocab_size": len(tokenizer),
            "hidden_size": size.width,
            "encoder_hidden_size": width,
            "intermediate_size": 4 * size.width,
            "projection_dim": 64,
            "num_hidden_layers": size.layers,
            "num_attention_heads": size.heads,
            "max_position_embeddings": size.context,
            "bos_token_id": tokenizer.bos_token_id,
            "eos_token_id": end,
            "sep_token_id": end,
            "pad_token_id": end,
        },
        vision_config={
            "hidden_size": width,
            "intermediate_size": inner,
            "projection_dim": 64,
            "num_hidden_layers": size.vision_layers,
            "num_attention_heads": visual.transformer.resblocks[0].attn.num_heads,
            "image_size": visual.image_size[0],
            "patch_size": visual.conv1.kernel_size[0],
        },
        projection_dim=64,
        image_text_hidden_size=64,
    )
    blip = BlipForConditionalGeneration(config)
    blip.vision_model.load_state_dict(_vision_state(clip, size.vision_layers))
    blip.generation_config.max_length = size.context
    return blip


def _vision_state(clip: Any, layers: int) -> dict[str, Tensor]:
    """Open_clip's vision weights under BLIP's names."""
    source = {
        name.removeprefix("visual."): value.detach().float().clone()
        for name, value in clip.state_dict().items()
        if name.startswith("visual.")
    }
    if any(name.startswith("ln_pre.") for name in source):
        raise ValueError("a BLIP cannot start from a CLIP with a norm before its first layer")
    state = {
        "embeddings.class_embedding": source["class_embedding"][None, None],
        "embeddings.position_embedding": source["positional_embedding"][None],
        "embeddings.patch_embedding.weight": source["conv1.weight"],
        "embeddings.patch_embedding.bias": torch.zeros(len(source["conv1.weight"])),
    }
    return state | {blips: source[clips] for blips, clips in shared_vision_names(layers)}


def shared_vision_names(layers: int) -> Iterator[tuple[str, str]]:
    """Names of equal weights in BLIP's vision model and open_clip's `VisionTransformer`."""
    yield "post_layernorm.weight", "ln_post.weight"
    yield "post_layernorm.bias", "ln_post.bias"
    for i in range(layers):
        blips, clips = f"encoder.layers.{i}.", f"transformer.resblocks.{i}."
        for kind in ("weight", "bias"):
            yield f"{blips}self_attn.qkv.{kind}", f"{clips}attn.in_proj_{kind}"
            for ours, theirs in (
                ("self_attn.projection", "attn.out_proj"),
                ("layer_norm1", "ln_1"),
                ("layer_norm2", "ln_2"),
                ("mlp.fc1", "mlp.c_fc"),
                ("mlp.fc2", "mlp.c_proj"),
            ):
                yield f"{blips}{ours}.{kind}", f"{clips}{theirs}.{kind}"


class CaptionLoss(nn.Module):
    """Cross entropy of the next piece, end of text included, padding not."""

    def __init__(self, blip: Any) -> None:
        super().__init__()
        self.blip = blip

    def forward(self, image: Tensor, ids: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """``mask`` (N, T) is 1 up to and with the first end of text."""
        labels = ids.masked_fill(mask == 0, -100)
        out = self.blip(pixel_values=image, input_ids=ids, attention_mask=mask, labels=labels)
        wanted, labelled = labels[:, 1:], labels[:, 1:] != -100
        right = (out.logits[:, :-1].argmax(-1) == wanted) | ~labelled
        return {"loss": out.loss, "whole": right.all(-1).float().mean()}


@dataclass(frozen=True)
class CaptionerRecipe:
    """Both sides of pairs, half of them degraded, each with its canonical caption."""

    pairs: Pairs
    clip: Any
    tokenizer: Any
    size: CaptionerSize = field(default_factory=CaptionerSize)
    batch_size: int = 48
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(steps=2000, lr=6e-4, weight_decay=0.05)
    )
    name: str = "captioner"

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        return CaptionLoss(new_captioner(self.clip, self.tokenizer, self.size))

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """See the class."""
        indices = rng.integers(len(self.pairs), size=self.batch_size // 2)
        pixels = self.pairs.pictures(indices)
        edits = [self.pairs.edit(int(i)) for i in indices]
        texts = [canonical(scene) for e in edits for scene in (e.source, e.target)]
        words = self.tokenizer(
            texts, padding=True, truncation=True, max_length=self.size.context, return_tensors="pt"
        )
        image = degrade(to_tensor(pixels.reshape(-1, *pixels.shape[2:])), rng)
        return {
            "image": normalise(image),
            "ids": words.input_ids,
            "mask": words.attention_mask,
        }

    def export(self, network: nn.Module, folder: Path) -> None:
        """Model, tokenizer and processor of a stock BLIP folder."""
        from transformers import BlipImageProcessor, BlipProcessor

        blip: Any = network.blip
        side = blip.config.vision_config.image_size
        images = BlipImageProcessor(
            size={"height": side, "width": side}, image_mean=MEAN, image_std=DEVIATION
        )
        save_pretrained(blip, folder)
        BlipProcessor(images, self.tokenizer).save_pretrained(folder)
