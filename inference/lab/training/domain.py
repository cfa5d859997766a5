"""Learn the domain verdict from scenes: ``python -m inference.lab.training.domain [-o FILE]``.

Scenes of every style of the training world, whole, cropped, and worn as edits and files wear them
(softened, compressed, a little lighter or darker). No picture from anywhere else is looked at.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Pixels
from inference.lab.storybook.render import render
from inference.starter.picture_domain import Array, Numbers, cells, distances, features, reduced
from inference.starter.scene import STYLES, sample_any

SIZES: Final = (128, 128, 128, 192, 256, 384)
ACCEPTED: Final = 0.992
"""Share of the scenes, of crops and worn ones too, that the border leaves inside."""

_RIDGE: Final = 0.02


def window(pixels: Pixels, rng: np.random.Generator, least: float = 0.45) -> Pixels:
    """A random part with ``least`` to all of each side."""
    height, width = pixels.shape[:2]
    h, w = (round(length * rng.uniform(least, 1.0)) for length in (height, width))
    y, x = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
    return pixels[y : y + h, x : x + w]


def worn(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Softened as by an autoencoder, or compressed; then a shift of brightness and contrast."""
    out: NDArray[Any] = pixels
    if rng.random() < 0.6:
        side = out.shape[0]
        small = round(side * rng.uniform(0.5, 0.9))
        out = cv2.resize(out, (small, small), interpolation=cv2.INTER_AREA)
        out = cv2.resize(out, (side, side), interpolation=cv2.INTER_LINEAR)
    else:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 96))]
        coded = cv2.imencode(".jpg", out[..., ::-1], quality)[1]
        decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
        assert decoded is not None, "it was coded a line ago"
        out = decoded[..., ::-1].astype(np.uint8)
    shifted = out.astype(np.float32) * rng.uniform(0.92, 1.08) + rng.uniform(-8, 8)
    done: Pixels = shifted.round().clip(0, 255).astype(np.uint8)
    return done


def samples(count: int, seed: int) -> tuple[list[Pixels], NDArray[np.int64]]:
    """Three reduced pictures of each of ``count`` scenes, and the style of each."""
    pictures, styles = [], []
    for i in range(count):
        rng = np.random.default_rng((seed, i, 0xD0))
        scene = sample_any(rng)
        pixels = render(scene, SIZES[int(rng.integers(len(SIZES)))])
        pictures += [reduced(p) for p in (pixels, window(pixels, rng), worn(pixels, rng))]
        styles += [STYLES.index(scene.style)] * 3
    return pictures, np.array(styles)


def learn(count: int = 3000, seed: int = 0) -> Numbers:
    """Everything `inference.starter.picture_domain` needs to know about ``count`` scenes."""
    pictures, styles = samples(count, seed)
    shares = np.zeros(512)
    for p in pictures[::3]:
        shares += np.bincount(cells(p), minlength=512) / cells(p).size
    palette = np.log(shares / shares.sum() + 1e-5).astype(np.float32)
    measured = np.stack([features(p, palette) for p in pictures])
    mean, deviation = measured.mean(0), measured.std(0) + 1e-6
    plain = (measured - mean) / deviation
    centres, precisions = [], []
    for style in range(len(STYLES)):
        chosen = plain[styles == style].astype(float)
        ridge = np.cov(chosen.T) + _RIDGE * np.eye(chosen.shape[1])
        centre, precision = chosen.mean(0), np.linalg.inv(ridge)
        away = chosen - centre
        own = np.einsum("nd,de,ne->n", away, precision, away)
        centres.append(centre)
        precisions.append(precision / np.quantile(own, ACCEPTED))
    rough = Numbers(palette, mean, deviation, _array(centres), _array(precisions))
    border = np.quantile(distances(measured, rough), ACCEPTED)
    return Numbers(palette, mean, deviation, rough.centres, _array(precisions) / np.float32(border))


def _array(values: list[NDArray[np.float64]]) -> Array:
    return np.stack(values).astype(np.float32)


def main(argv: Sequence[str] | None = None) -> int:
    """Learn and write; returns the exit code."""
    from safetensors.numpy import save_file

    shipped = Path(__file__).resolve().parents[3] / "resources" / "domain.safetensors"
    parser = argparse.ArgumentParser(prog="inference.lab.training.domain", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=shipped)
    parser.add_argument("--scenes", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    cv2.setNumThreads(1)
    save_file(asdict(learn(options.scenes, options.seed)), options.output)
    options.output.chmod(0o644)
    return 0


if __name__ == "__main__":
    sys.exit(main())
