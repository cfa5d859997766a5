"""A whole tiny set of starter models, untrained, written by the recipes' own exports at 32 px."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from inference.models.libraries import prepare_libraries, quiet

prepare_libraries()

SIDE = 32
CONTEXT = 40


class TinyPairs:
    """Gold pairs in memory, as recipes want them."""

    def __init__(self, count: int = 16) -> None:
        from inference.lab.storybook.cache import attribute_indices
        from inference.lab.storybook.edits import EDIT_KINDS, gold, sample_edit

        rng = np.random.default_rng(7)
        self.edits = [sample_edit(rng, EDIT_KINDS[i % len(EDIT_KINDS)]) for i in range(count)]
        self.pixels = np.stack(
            [np.stack([g.source, g.target]) for g in (gold(e, SIDE) for e in self.edits)]
        )
        self.labels = np.array(
            [[attribute_indices(e.source), attribute_indices(e.target)] for e in self.edits],
            np.int8,
        )

    def __len__(self) -> int:
        return len(self.edits)

    def pictures(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        return self.pixels[indices]

    def take(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        return self.pixels[indices, 0]

    def attributes(self, indices: NDArray[np.int64]) -> NDArray[np.int8]:
        return self.labels[indices]

    def edit(self, index: int) -> Any:
        return self.edits[index]


def export_all(folder: Path) -> Path:
    """``judge``, ``clip``, both pipelines, ``captioner`` and ``language`` below ``folder``."""
    from inference.lab.training.captioner import CaptionerRecipe, CaptionerSize
    from inference.lab.training.clip import ClipRecipe, ClipSize, text_encoder
    from inference.lab.training.instruct_pix2pix import InstructPix2PixRecipe
    from inference.lab.training.judge import JudgeRecipe
    from inference.lab.training.language import LanguageRecipe, LanguageSize
    from inference.lab.training.latents import Latents
    from inference.lab.training.text_to_image import TextToImageRecipe, UNetSize, new_unet
    from inference.lab.training.tokenizers import corpus, language_tokenizer, picture_tokenizer

    quiet()
    torch.manual_seed(0)
    pairs = TinyPairs()
    lines = corpus(edits=200)
    words = picture_tokenizer(lines, context=CONTEXT)
    clip_size = ClipSize(
        image=SIDE, vision_layers=2, vision_width=32, text_layers=2, text_width=32,
        head_width=16, embed=16, context=CONTEXT,
    )  # fmt: skip
    unet_size = UNetSize(
        sample=8, channels=(8, 8), attention=(True, False), heads=2, groups=4, context=32
    )
    vae = _autoencoder()
    clip_recipe = ClipRecipe(pairs, words, size=clip_size)
    clip = clip_recipe.network()
    tower = text_encoder(clip.clip, words)
    latents = Latents(np.zeros((1, 2, vae.config.latent_channels, 8, 8), np.float16), 1.0)
    captioner_size = CaptionerSize(vision_layers=1, layers=1, width=16, heads=2, context=CONTEXT)
    captioner = CaptionerRecipe(pairs, clip.clip, words, size=captioner_size)
    # The blank captioner goes first: exporting halves the CLIP it copies from.
    made: list[tuple[Any, Any]] = [(captioner, captioner.network())]
    text = TextToImageRecipe(pairs, latents, vae, tower, words, size=unet_size)
    made.append((text, text.network()))
    edits = InstructPix2PixRecipe(pairs, latents, vae, new_unet(unet_size), tower, words)
    made.append((edits, edits.network()))
    judge = JudgeRecipe(pairs, channels=(8, 8, 16, 16))
    made.append((judge, judge.network()))
    language_size = LanguageSize(layers=1, width=16, heads=2, context=192)
    language = LanguageRecipe(language_tokenizer(lines), size=language_size)
    made += [(language, language.network()), (clip_recipe, clip)]
    for recipe, network in made:
        target = folder / recipe.name
        target.mkdir(parents=True)
        recipe.export(network, target)
    return folder


def _autoencoder() -> Any:
    from inference.lab.training.autoencoder import new_autoencoder

    return new_autoencoder((8, 8, 16), SIDE).eval().requires_grad_(False)
