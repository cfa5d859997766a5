"""The domain verdict on scenes, photographs and everything between."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from editor.errors import ExpectedError
from editor.formats.load import open_image
from inference.lab.evaluation.starter.domain import crop
from inference.lab.storybook.render import render
from inference.lab.training.domain import learn, worn
from inference.starter.picture_domain import (
    SIDE,
    SMALLEST,
    distances,
    features,
    numbers,
    reduced,
    storybook,
)
from inference.starter.scene import sample_any

Pixels = NDArray[np.uint8]


def _scenes(count: int, stream: int) -> list[Pixels]:
    return [
        render(sample_any(np.random.default_rng((stream, i))), (128, 192, 256)[i % 3])
        for i in range(count)
    ]


def _flagged(pictures: list[Pixels]) -> float:
    return float(np.mean([not storybook(p).fits for p in pictures]))


@pytest.mark.slow
def test_scenes_fit_whole_cropped_and_worn() -> None:
    pictures = _scenes(500, 0xD0AA)
    rng = np.random.default_rng(1)
    assert _flagged(pictures) <= 0.02
    assert _flagged([crop(p, rng) for p in pictures]) <= 0.02
    assert _flagged([worn(p, rng) for p in pictures]) <= 0.03


# Folders of ../shared/data whose pictures are photographs, plain or retouched.
_PHOTOGRAPHS = (
    "edit_pairs/magicbrush_sessions/*/*.png",
    "edit_pairs/move_object_photos/*.jpeg",
    "edit_pairs/prompt_to_prompt/*.jpeg",
    "photos/large/*.jpg",
    "photos/skimage/*.*g",
    "photos/subjects/*.jpg",
    "edit_pairs/inpaint_photo_mask/*[!k].png",
    "format_stress/sharp/landscape_*.jpg",
    "format_stress/sharp/flowers.jpeg",
    "format_stress/sharp/concert.jpg",
)


def _photographs(root: Path) -> list[Pixels]:
    found = []
    for pattern in _PHOTOGRAPHS:
        for path in sorted(root.glob(pattern)):
            if path.stem.endswith("_mask"):
                continue
            try:
                image = open_image(path).image
            except ExpectedError:
                continue
            pixels = image.array()[:, :, : image.colour_channels]
            if pixels.dtype != np.uint8:
                pixels = (pixels >> 8).astype(np.uint8)
            found.append(np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3))))
    return found


@pytest.mark.slow
def test_photographs_do_not_fit(shared_data: Path) -> None:
    """None of them had a part in the verdict: it is learnt from scenes alone."""
    pictures = _photographs(shared_data)
    assert len(pictures) >= 45
    rng = np.random.default_rng(2)
    assert _flagged(pictures) >= 0.95
    assert _flagged([crop(p, rng) for p in pictures for _ in range(2)]) >= 0.95


def test_things_that_are_no_scenes() -> None:
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:200, :300]
    ramp = np.stack([x * 255 // 299, y * 255 // 199, (x + y) * 255 // 498], -1).astype(np.uint8)
    page = np.full((300, 200, 3), 255, np.uint8)
    for row in range(20, 280, 12):
        cv2.putText(page, "a page of words and", (8, row), cv2.FONT_HERSHEY_PLAIN, 0.9, (20,) * 3)
    noise = rng.integers(0, 256, (160, 160, 3), np.uint8)
    one_colour = np.full((160, 160, 3), 120, np.uint8)
    for name, pixels in {"ramp": ramp, "page": page, "noise": noise, "one": one_colour}.items():
        verdict = storybook(pixels)
        assert not verdict.fits, name
        assert 0.0 <= verdict.score < 0.5, name


def test_score_says_the_same_as_the_verdict() -> None:
    for pixels in _scenes(12, 0xD1):
        verdict = storybook(pixels)
        assert verdict.fits == (verdict.score >= 0.5)
        assert storybook(pixels) == verdict


def test_any_shape_and_size() -> None:
    wide = np.concatenate(_scenes(3, 0xD2)[:1] * 2, 1)
    assert abs(np.prod(reduced(wide).shape[:2]) - SIDE**2) < 4 * SIDE
    assert not storybook(np.zeros((SMALLEST - 1, 500, 3), np.uint8)).fits
    assert storybook(np.zeros((1, 1, 3), np.uint8)).score == 0.0
    assert 0.0 <= storybook(np.zeros((20, 4000, 3), np.uint8)).score <= 1.0


def test_learning_again_gives_numbers_of_the_shipped_shape() -> None:
    made, shipped = learn(count=40, seed=5), numbers()
    for name in ("palette", "mean", "deviation", "centres", "precisions"):
        assert getattr(made, name).shape == getattr(shipped, name).shape
        assert getattr(made, name).dtype == np.float32
    told = np.stack([features(reduced(p), made.palette) for p in _scenes(6, 0xD3)])
    assert (distances(told, made) >= 0).all()
