"""Figures of the judge itself and of the autoencoder: upper bounds of the other figures."""

from __future__ import annotations

import numpy as np

from editor.model.image import Pixels
from inference.lab.evaluation.starter.attributes import judged, right
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.testset import SPLITS, Counts, scenes
from inference.lab.storybook.render import render
from inference.starter.captions import canonical


def psnr(made: Pixels, wanted: Pixels) -> float:
    """In decibels over all given samples, at most 78 dB (one sample in 2,000 off by one)."""
    error = float(np.square(made.astype(float) - wanted.astype(float)).mean())
    return float(10 * np.log10(255**2 / max(error, 1e-3)))


def evaluate_judge(models: StarterModels, seed: int, counts: Counts) -> Findings:
    """Rows ``judge.<attribute>``, ``judge.<attribute>.vae`` and ``autoencoder.psnr``."""
    found = Findings()
    side = models.side()
    for suffix, unseen in SPLITS:
        drawn = scenes(seed, counts.scenes(unseen), unseen=unseen)
        pixels = np.stack([render(scene, side) for scene in drawn])
        ways = {"": pixels}
        if models.has("autoencoder"):
            ways[".vae"] = models.round_trip(pixels)
            for scene, made, wanted in zip(drawn, ways[".vae"], pixels, strict=True):
                value = psnr(made, wanted)
                found.value(f"autoencoder.psnr{suffix}", value)
                found.show(
                    f"autoencoder.psnr{suffix}", value, wanted, made, words=[canonical(scene)]
                )
        if not models.has("judge"):
            continue
        for way, shown in ways.items():
            for scene, read in zip(drawn, judged(models.judge, shown), strict=True):
                for name, mark in right(scene, read).items():
                    found.share(f"judge.{name}{way}{suffix}", mark)
    return found
