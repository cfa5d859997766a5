"""Figures of the domain verdict: scenes fit, photographs do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from editor.model.image import Image, Pixels
from editor.model.patch import Patch, settings_of
from editor.render import composite
from editor.tone import read
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.testset import Counts, scenes, stream
from inference.lab.storybook.render import render
from inference.language.tones import TONES
from inference.starter.picture_domain import storybook
from inference.starter.scene import HELD_OUT_PLACE, HELD_OUT_STYLE

SIDES = (128, 192, 256)


def crop(pixels: Pixels, rng: np.random.Generator, least: float = 0.5) -> Pixels:
    """A random window with ``least`` to all of each side."""
    height, width = pixels.shape[:2]
    h, w = (max(1, round(length * rng.uniform(least, 1.0))) for length in (height, width))
    y, x = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
    return pixels[y : y + h, x : x + w]


def tone_edits(pixels: Pixels) -> Iterator[Pixels]:
    """A picture (h, w, 3) uint8 after each edit of `inference.language.tones`, in their order."""
    picture = Image.from_array(pixels)
    for tone in TONES:
        (reading,) = read(tone.text, has_selection=False, count=1)
        patch = Patch(settings_of(reading.adjustments.to_settings()))
        yield composite.render(picture, patch, None).array()


def evaluate_domain(seed: int, counts: Counts, photographs: Path | None = None) -> Findings:
    """Rows ``domain.scenes`` and ``domain.scenes_cropped``: share flagged (low is good).

    ``domain.photographs`` and ``domain.photographs_cropped``: share flagged (high is good), four
    crops each; ``domain.held_out_place`` and ``domain.held_out_style``: share flagged.

    ``domain.scenes_toned`` (of the first fifth of the scenes) and ``domain.photographs_toned``:
    share flagged after each tone edit that can be suggested, looked at without their history. With
    it they have the verdict of the picture they come from (`editor.model.content_origin`).
    """
    found = Findings()
    drawn = scenes(seed, counts.n, unseen=False)
    for i, scene in enumerate(drawn):
        rng = stream(seed, "domain", i)
        pixels = render(scene, SIDES[i % len(SIDES)])
        verdict = storybook(pixels)
        found.share("domain.scenes", not verdict.fits)
        found.share("domain.scenes_cropped", not storybook(crop(pixels, rng)).fits)
        found.show("domain.scenes", verdict.score, _square(pixels), words=[f"{verdict.score:.2f}"])
        if i < max(1, counts.n // 5):
            for toned in tone_edits(pixels):
                found.share("domain.scenes_toned", not storybook(toned).fits)
            for name, changed in (
                ("place", scene.with_(place=HELD_OUT_PLACE)),
                ("style", scene.with_(style=HELD_OUT_STYLE)),
            ):
                flagged = not storybook(render(changed, SIDES[i % len(SIDES)])).fits
                found.share(f"domain.held_out_{name}", flagged)
    if photographs is not None:
        _photographs(found, photographs, seed)
    return found


def _photographs(found: Findings, folder: Path, seed: int) -> None:
    from inference.lab.evaluation.photographs import photographs

    for i, photo in enumerate(photographs(folder, 250_000)):
        pixels = photo.image.array()[:, :, : photo.image.colour_channels]
        if pixels.dtype != np.uint8:
            pixels = (pixels >> 8).astype(np.uint8)
        if pixels.shape[2] == 1:
            pixels = np.repeat(pixels, 3, axis=2)
        verdict = storybook(pixels)
        found.share("domain.photographs", not verdict.fits)
        for toned in tone_edits(np.ascontiguousarray(pixels)):
            found.share("domain.photographs_toned", not storybook(toned).fits)
        for j in range(4):
            part = crop(pixels, stream(seed, "photograph", 4 * i + j))
            found.share("domain.photographs_cropped", not storybook(part).fits)
        found.show(
            "domain.photographs", -verdict.score, _square(pixels), words=[f"{verdict.score:.2f}"]
        )


def _square(pixels: Pixels) -> Pixels:
    import cv2

    out: Pixels = cv2.resize(pixels, (128, 128), interpolation=cv2.INTER_AREA)
    return out
