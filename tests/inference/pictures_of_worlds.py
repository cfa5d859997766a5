"""Pictures inside and outside the world of the starter models."""

from __future__ import annotations

import cv2
import numpy as np

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.render import composite
from editor.tone import read
from inference.lab.storybook.render import render
from inference.starter.scene import Scene, sample_any

TONE_EDITS = ("warmer", "more contrast", "black and white", "sepia", "faded", "film grain",
              "exposure +1", "more saturated")  # fmt: skip


def scene(number: int = 0, side: int = 128) -> Image:
    """A drawn scene of the storybook."""
    return Image.from_array(render(sample_any(np.random.default_rng((0x13, number))), side))


def plain_scene() -> Image:
    """The scene that all defaults make."""
    return Image.from_array(render(Scene(), 128))


def stand_in_photograph(number: int = 0, side: int = 160) -> Image:
    """What stands in for a photograph inside the repository: soft light, texture and grain."""
    rng = np.random.default_rng((0xF0, number))
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    light = 90 + 80 * x - 50 * y
    texture = cv2.GaussianBlur(rng.normal(0, 160, (side, side, 3)).astype(np.float32), (0, 0), 3)
    grain = rng.normal(0, 6, (side, side, 3))
    pixels = light[..., None] * np.array([1.0, 0.93, 0.84]) + texture + grain
    return Image.from_array(pixels.clip(0, 255).astype(np.uint8))


def toned(picture: Image, words: str) -> Image:
    """A picture after an edit of tone and colour."""
    return composite.render(picture, tone_edit(words).patch, None)


def tone_edit(words: str) -> Candidate:
    """What the method Tone and colour makes of words."""
    settings = read(words, has_selection=False, count=1)[0].adjustments.to_settings()
    request = EditRequest("d", None, Instruction(words), "adjust", 1, settings_of(settings))
    return Candidate(request, Patch(settings_of(settings)))
