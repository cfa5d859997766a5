"""Recipe 2: CLIP for open_clip, a ViT of 6 × 256 on 16-px patches and a text tower of 4 × 192.

The world is small and its captions differ in one word where pictures differ in one thing, so half
of each batch are one-attribute neighbours: both sides of an edit, each the other's hardest
negative. Contrast alone learns slowly from batches of a CPU's size; during training both towers
therefore also name the attributes through *shared* linear heads, which pulls a picture and its
caption to the same place. The heads are thrown away.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from inference.lab.storybook.edits import Edit
from inference.lab.storybook.neighbours import neighbour
from inference.lab.training.autoencoder import to_tensor
from inference.lab.training.export import halved
from inference.lab.training.pairs import Pairs
from inference.lab.training.tokenizers import CONTEXT, VOCABULARY
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.starter.captions import canonical, parse_caption, random_caption
from inference.starter.scene import ATTRIBUTES, Scene

MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
DEVIATION: Final = (0.26862954, 0.26130258, 0.27577711)


HARD: Final = 5.0
"""Weight of the heads of attributes that are small in the picture or late in the caption."""


@dataclass(frozen=True)
class ClipSize:
    """The numbers of ``model_cfg``; the defaults are the shipped model's."""

    image: int = 128
    patch: int = 16
    vision_layers: int = 6
    vision_width: int = 256
    text_layers: int = 4
    text_width: int = 192
    head_width: int = 64
    embed: int = 256
    vocabulary: int = VOCABULARY
    context: int = CONTEXT

    def model_cfg(self) -> dict[str, Any]:
        """As in ``open_clip_config.json``."""
        return {
            "embed_dim": self.embed,
            "vision_cfg": {
                "image_size": self.image,
                "layers": self.vision_layers,
                "width": self.vision_width,
                "head_width": self.head_width,
                "patch_size": self.patch,
                # Without the extra norm the tower is BLIP's, so the captioner can start from it.
                "no_ln_pre": True,
            },
            "text_cfg": {
                "context_length": self.context,
                "vocab_size": self.vocabulary,
                "width": self.text_width,
                "heads": self.text_width // self.head_width,
                "layers": self.text_layers,
                "hf_tokenizer_name": "pentimento-storybook",
            },
        }


def normalise(image: Tensor) -> Tensor:
    """(N, 3, H, W) in −1..1 to what CLIP's towers expect (OpenAI's mean and deviation)."""
    mean = image.new_tensor(MEAN).view(1, 3, 1, 1)
    deviation = image.new_tensor(DEVIATION).view(1, 3, 1, 1)
    return ((image + 1) / 2 - mean) / deviation


def new_clip(size: ClipSize) -> Any:
    """An untrained open_clip `CLIP`."""
    from open_clip.model import CLIP

    config = size.model_cfg()
    text = {k: v for k, v in config["text_cfg"].items() if k != "hf_tokenizer_name"}
    return CLIP(config["embed_dim"], config["vision_cfg"], text)


def attribute_heads(width: int) -> nn.ModuleDict:
    """One linear classifier for each attribute, for training only."""
    return nn.ModuleDict({name: nn.Linear(width, len(v)) for name, v in ATTRIBUTES.items()})


def named_loss(
    heads: nn.ModuleDict, features: Tensor, labels: Tensor, hard: Sequence[str] = ()
) -> Tensor:
    """Mean cross entropy of the heads; those of ``hard`` attributes count `HARD` times.

    Args:
        heads: see `attribute_heads`.
        features: (N, D) float32 of unit length.
        labels: (N, A) int64, -1 for nothing.
        hard: names of attributes.
    """
    # Unit features times √d have unit-sized entries, which suits a linear head.
    scaled = features * features.shape[-1] ** 0.5
    losses, weights = [], []
    for i, (name, head) in enumerate(heads.items()):
        if bool((labels[:, i] >= 0).any()):
            losses.append(nn.functional.cross_entropy(head(scaled), labels[:, i], ignore_index=-1))
            weights.append(HARD if name in hard else 1.0)
    return (torch.stack(losses) * features.new_tensor(weights)).sum() / len(losses)


class ClipLoss(nn.Module):
    """Symmetric contrast (Radford et al. 2021) plus shared attribute heads.

    Args:
        clip: the model.
        heads: weight of the attribute losses.
        hard: attributes whose losses count `HARD` times.
    """

    def __init__(self, clip: Any, embed: int, heads: float, hard: Sequence[str] = ()) -> None:
        super().__init__()
        self.clip, self.weight, self.hard = clip, heads, tuple(hard)
        self.heads = attribute_heads(embed)

    def forward(
        self,
        image: Tensor,
        ids: Tensor,
        shown: Tensor,
        caption_labels: Tensor,
        wrong: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """The losses of one batch.

        Args:
            image: (N, 3, H, W) float32, normalised.
            ids: (N, context) int64, a caption for each.
            shown: (N, A) int64, what each picture shows, −1 for nothing.
            caption_labels: the same of the captions.
            wrong: (M, context) int64, captions that fit no picture of the batch but by chance, the
                hard negatives of Yuksekgonul et al. 2023: more wrong captions for each picture at
                the cost of the text tower alone.
        """
        count = len(ids)
        pictures = self.clip.encode_image(image)
        read = self.clip.encode_text(ids if wrong is None else torch.cat([ids, wrong]))
        other = nn.functional.normalize(read[count:], dim=-1)
        read = read[:count]
        a, b = nn.functional.normalize(pictures, dim=-1), nn.functional.normalize(read, dim=-1)
        scaled = self.clip.logit_scale.exp().clamp(max=100) * a
        logits, against = scaled @ b.T, scaled @ other.T
        # Equal captions are no negatives of each other: they share the target evenly.
        same = (ids[:, None] == ids[None]).all(-1).float()
        wanted = same / same.sum(-1, keepdim=True)
        contrast = (
            nn.functional.cross_entropy(
                torch.cat([logits, against], 1),
                torch.cat([wanted, torch.zeros_like(against)], 1),
            )
            + nn.functional.cross_entropy(logits.T, wanted)
        ) / 2
        named = named_loss(self.heads, a, shown, self.hard)
        named = named + named_loss(self.heads, b, caption_labels, self.hard)
        right = same.gather(1, logits.argmax(-1, keepdim=True)).squeeze(1)
        if against.shape[1]:
            right = right * (logits.amax(1) > against.amax(1))
        return {
            "loss": contrast + self.weight * named,
            "contrast": contrast,
            "named": named,
            "top1": right.mean(),
        }


def told_labels(text: str, scene: Scene) -> list[int]:
    """The attributes a caption names, as indices; −1 where it says nothing."""
    found = parse_caption(text)
    labels = []
    for name, values in ATTRIBUTES.items():
        value = getattr(scene, name)
        silent = name not in found or (name == "second_colour" and scene.second == "none")
        labels.append(-1 if silent else values.index(value))
    return labels


def fits_neither(
    edit: Edit, scene: Scene, rng: np.random.Generator, among: Sequence[str] = ()
) -> Scene:
    """A neighbour of the scene that is neither side of the edit, both of which the batch shows."""
    sides = {canonical(edit.source), canonical(edit.target)}
    while True:
        other = neighbour(scene, rng, seen=True, among=among)
        if canonical(other) not in sides:
            return other


@dataclass(frozen=True)
class ClipRecipe:
    """Half of a batch: both sides of pairs; the other half: single pictures, some partly described.

    Attributes:
        start: an open_clip `CLIP` to begin from instead of an untrained one.
        wrong: for each picture, captions of scenes with one other attribute.
        hard: attributes that are learnt late: their heads count more, and the first of those
            captions differs in one of them, where the scene shows any.
    """

    pairs: Pairs
    tokenizer: Any
    size: ClipSize = field(default_factory=ClipSize)
    batch_size: int = 64
    heads: float = 0.5
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(
            steps=2200, lr=1e-3, warmup=150, weight_decay=0.05, betas=(0.9, 0.98)
        )
    )
    name: str = "clip"
    start: Any = None
    wrong: int = 0
    hard: tuple[str, ...] = ()

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        clip = new_clip(self.size) if self.start is None else copy.deepcopy(self.start)
        return ClipLoss(clip, self.size.embed, self.heads, self.hard)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """See the class."""
        quarter = self.batch_size // 4
        indices = rng.integers(len(self.pairs), size=3 * quarter)
        pixels, labels = self.pairs.pictures(indices), self.pairs.attributes(indices)
        sides = [(i, side) for i in range(quarter) for side in (0, 1)]
        sides += [(i, int(rng.integers(2))) for i in range(quarter, 3 * quarter)]
        texts, caption_labels, wrong = [], [], []
        for row, (i, side) in enumerate(sides):
            edit = self.pairs.edit(int(indices[i]))
            scene = edit.target if side else edit.source
            # A neighbour described in part could fit its twin just as well.
            complete = row < 2 * quarter or bool(rng.random() < 0.4)
            texts.append(random_caption(scene, rng, complete=complete))
            caption_labels.append(told_labels(texts[-1], scene))
            for number in range(self.wrong):
                among = self.hard if number == 0 else ()
                wrong.append(random_caption(fits_neither(edit, scene, rng, among), rng))
        rows, columns = (list(values) for values in zip(*sides, strict=True))
        made = {
            "image": normalise(to_tensor(pixels[rows, columns])),
            "ids": token_ids(self.tokenizer, texts, self.size.context),
            "shown": torch.from_numpy(labels[rows, columns]).long(),
            "caption_labels": torch.tensor(caption_labels),
        }
        if wrong:
            made["wrong"] = token_ids(self.tokenizer, wrong, self.size.context)
        return made

    def export(self, network: nn.Module, folder: Path) -> None:
        """An open_clip ``local-dir:`` folder with its tokenizer."""
        save_clip(network.clip, self.tokenizer, self.size, folder)

    def calibrate(self, folder: Path) -> None:
        """Measure the ranking's gates with the exported model and write them beside it."""
        from inference.lab.calibrate import calibrate_folder

        calibrate_folder(folder)


def token_ids(tokenizer: Any, texts: list[str], context: int) -> Tensor:
    """(N, context) int64, padded and cut as `open_clip` and the pipelines do."""
    ids = tokenizer(texts, max_length=context, padding="max_length", truncation=True).input_ids
    return torch.tensor(ids)


def save_clip(clip: Any, tokenizer: Any, size: ClipSize, folder: Path) -> None:
    """Config, float16 weights and tokenizer, as ``local-dir:`` wants them."""
    from safetensors.torch import save_file

    config = {
        "model_cfg": size.model_cfg(),
        # Squash as InstructPix2Pix' filter does (Brooks et al. 2023): nothing is cropped away.
        "preprocess_cfg": {
            "mean": MEAN,
            "std": DEVIATION,
            "interpolation": "bicubic",
            "resize_mode": "squash",
        },
    }
    (folder / "open_clip_config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    state = {k: v.contiguous() for k, v in halved(clip).state_dict().items() if k != "attn_mask"}
    save_file(state, folder / "open_clip_model.safetensors")
    tokenizer.save_pretrained(folder)


def text_encoder(clip: Any, tokenizer: Any) -> Any:
    """CLIP's text tower as the `CLIPTextModel` of a Stable Diffusion pipeline, in float32."""
    from transformers import CLIPTextConfig, CLIPTextModel

    blocks = clip.transformer.resblocks
    width = clip.token_embedding.embedding_dim
    config = CLIPTextConfig(
        vocab_size=clip.token_embedding.num_embeddings,
        hidden_size=width,
        intermediate_size=blocks[0].mlp.c_fc.out_features,
        projection_dim=clip.text_projection.shape[1],
        num_hidden_layers=len(blocks),
        num_attention_heads=blocks[0].attn.num_heads,
        max_position_embeddings=clip.positional_embedding.shape[0],
        hidden_act="gelu",
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = CLIPTextModel(config)
    source = {k: v.float() for k, v in clip.state_dict().items()}
    state = {
        "embeddings.token_embedding.weight": source["token_embedding.weight"],
        "embeddings.position_embedding.weight": source["positional_embedding"],
        "final_layer_norm.weight": source["ln_final.weight"],
        "final_layer_norm.bias": source["ln_final.bias"],
    }
    for i in range(len(blocks)):
        old, new = f"transformer.resblocks.{i}.", f"encoder.layers.{i}."
        for kind in ("weight", "bias"):
            parts = source[f"{old}attn.in_proj_{kind}"].chunk(3)
            for part, letter in zip(parts, "qkv", strict=True):
                state[f"{new}self_attn.{letter}_proj.{kind}"] = part
            for theirs, ours in (
                ("attn.out_proj", "self_attn.out_proj"),
                ("ln_1", "layer_norm1"),
                ("ln_2", "layer_norm2"),
                ("mlp.c_fc", "mlp.fc1"),
                ("mlp.c_proj", "mlp.fc2"),
            ):
                state[f"{new}{ours}.{kind}"] = source[f"{old}{theirs}.{kind}"]
    prefix = "text_model." if any(k.startswith("text_model.") for k in model.state_dict()) else ""
    model.load_state_dict({prefix + k: v for k, v in state.items()}, strict=False)
    missing = set(model.state_dict()) - {prefix + k for k in state}
    if missing - {prefix + "embeddings.position_ids"}:
        raise RuntimeError(f"the text tower lacks {sorted(missing)}")
    return model.eval()
