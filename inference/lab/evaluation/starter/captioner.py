"""Figures of the captioner: which attributes its captions name as they are."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch

from editor.model.image import Pixels
from inference.lab.evaluation.starter.attributes import right
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.testset import SPLITS, Counts, scenes
from inference.lab.evaluation.starter.text_to_image import missed
from inference.lab.storybook.render import render
from inference.starter.captions import parse_caption
from inference.vision.captioner import tidy

JOINT: Final = ("subject", "colour", "light")
_BATCH: Final = 32


@torch.inference_mode()
def describe(models: StarterModels, pixels: Pixels) -> list[str]:
    """A greedy caption for each picture (N, S, S, 3) uint8."""
    from PIL import Image

    model, processor = models.captioner
    texts: list[str] = []
    for start in range(0, len(pixels), _BATCH):
        chosen = [Image.fromarray(p) for p in pixels[start : start + _BATCH]]
        inputs = processor(images=chosen, return_tensors="pt")
        ids = model.generate(
            pixel_values=inputs.pixel_values,
            attention_mask=torch.ones(len(chosen), 2, dtype=torch.int64),
            # BLIP's decoder does not read the folder's own limit and would stop in mid-caption.
            max_length=model.config.text_config.max_position_embeddings,
            num_beams=1,
            do_sample=False,
        )
        texts += [text.strip() for text in processor.batch_decode(ids, skip_special_tokens=True)]
    return texts


def evaluate_captioner(models: StarterModels, seed: int, counts: Counts) -> Findings:
    """Rows ``captioner.<attribute>`` and ``captioner.joint`` (subject, colour and light).

    Ceiling ``.vae``: the same pictures through the autoencoder, which is what an edited picture
    looks like; floor ``.wrong_picture``: the caption of the next picture.
    """
    found = Findings()
    side = models.side()
    for suffix, unseen in SPLITS:
        drawn = scenes(seed, counts.scenes(unseen), unseen=unseen)
        pixels = np.stack([render(scene, side) for scene in drawn])
        ways = {"": describe(models, pixels)}
        ways[".wrong_picture"] = [*ways[""][1:], ways[""][0]]
        if models.has("autoencoder"):
            ways[".vae"] = describe(models, models.round_trip(pixels))
        for way, texts in ways.items():
            for scene, text, picture in zip(drawn, texts, pixels, strict=True):
                marks = right(scene, parse_caption(text))
                for name, mark in marks.items():
                    if way == "" or name in JOINT:
                        found.share(f"captioner.{name}{way}{suffix}", mark)
                found.share(f"captioner.joint{way}{suffix}", all(marks[n] for n in JOINT))
                if way == "":
                    merit = sum(marks.values()) / len(marks)
                    found.show(
                        f"captioner{suffix}", merit, picture, words=[tidy(text), missed(marks)]
                    )
    return found
