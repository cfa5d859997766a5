from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import pytest

from editor.formats.load import open_image
from editor.model.image import Image
from editor.render.adjustments.parameters import HUES
from inference.lab.evaluation.photographs import Photograph, reduced

SIZE = (216, 320)
SHOWN = {
    "red": (205, 60, 55),
    "orange": (225, 135, 50),
    "yellow": (228, 208, 70),
    "green": (80, 150, 70),
    "cyan": (60, 175, 180),
    "blue": (60, 95, 190),
    "purple": (120, 75, 175),
    "magenta": (195, 70, 150),
}


def scene(seed: int, *, light: float = 1.0, colour: float = 1.0) -> Image:
    """A picture like a photograph: sky, ground in light and shade, things of every hue, texture.

    Args:
        seed: of textures and places.
        light: 1 is an even exposure; dark and bright pictures are bent by a gamma.
        colour: 1 is lively, 0.2 muted.
    """
    assert set(SHOWN) == set(HUES)
    rng = np.random.default_rng(seed)
    height, width = SIZE
    y, x = np.mgrid[:height, :width].astype(np.float32)
    y, x = y / np.float32(height), x / np.float32(width)
    rgb = np.empty((height, width, 3), np.float32)
    horizon = 0.42 + 0.04 * np.sin(6 * x + seed)
    sky = np.stack([0.62 + 0.3 * y, 0.74 + 0.2 * y, 0.93 - 0.02 * y], axis=-1)
    ground = np.stack([0.42 - 0.28 * y, 0.40 - 0.22 * y, 0.26 - 0.16 * y], axis=-1)
    rgb[:] = np.where((y < horizon)[..., None], sky, ground)
    for index, name in enumerate(HUES):
        shown = np.array(SHOWN[name], np.float32) / 255.0
        left, top = 6 + 39 * index, int(rng.integers(84, 120))
        patch = rgb[top : top + 80, left : left + 33]
        shade = np.linspace(1.15, 0.35, 80, dtype=np.float32)[:, None, None]
        patch[:] = np.clip(shown * shade, 0.0, 1.0)
    rgb[168:210, 10:120] *= 0.25  # deep shade
    cv2.circle(rgb, (258, 38), 16, (0.99, 0.97, 0.92), -1)
    coarse = cv2.resize(rng.normal(0, 1, (27, 40)).astype(np.float32), (width, height))
    fine = rng.normal(0, 1, (height, width)).astype(np.float32)
    rgb *= (1 + 0.10 * coarse + 0.035 * fine * (y > horizon))[..., None]
    rgb = cv2.GaussianBlur(np.clip(rgb, 0.0, 1.0), (0, 0), 0.7)
    grey = rgb.mean(axis=2, keepdims=True)
    rgb = np.clip(grey + (rgb - grey) * colour, 0.0, 1.0) ** (1.0 / light)
    return Image.from_array(np.rint(255 * (0.01 + 0.97 * rgb)).astype(np.uint8))


@pytest.fixture(scope="session")
def photographs() -> list[Photograph]:
    """Synthetic photographs of every kind the phrase tables ask for, and the shipped samples."""
    kinds = {
        "even": scene(1),
        "other": scene(2, light=0.95, colour=0.9),
        "dark": scene(3, light=0.62),
        "bright": scene(4, light=1.45),
        "muted": scene(5, colour=0.3),
        "muted dark": scene(6, light=0.7, colour=0.3),
    }
    found = [Photograph(name, image) for name, image in kinds.items()]
    samples = Path(str(files("resources.samples")))
    for path in sorted(samples.glob("*.png"))[:2]:
        found.append(Photograph(path.name, reduced(open_image(path).image, 70_000)))
    return found


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny untrained starter models of the true classes."""
    from tests.inference.lab.evaluation.starter import tiny_starter

    return tiny_starter.export_all(tmp_path_factory.mktemp("starter"))
