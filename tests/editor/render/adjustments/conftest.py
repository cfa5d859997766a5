from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from editor.model.image import Image, Pixels

SHARED_PHOTOS = Path(__file__).resolve().parents[5] / "shared" / "data" / "photos"
NAMES = ("skimage/coffee.png", "skimage/astronaut.png", "subjects/candle_03.jpg")


def scene(width: int = 300, height: int = 220, depth: int = 8, seed: int = 3) -> Pixels:
    """A made-up photograph: sky, hills, colourful discs, texture, near-black and near-white."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    sky = np.stack([0.45 + 0.3 * y / height, 0.6 + 0.25 * y / height, 0.9 - 0.05 * y / height], -1)
    ground = np.stack([0.32 + 0.1 * x / width, 0.38 - 0.1 * x / width, 0.16 + 0 * x], -1)
    horizon = height * (0.5 + 0.08 * np.sin(x / width * 7))
    picture = np.where((y > horizon)[:, :, None], ground, sky).astype(np.float32)
    colours = [*np.eye(3).tolist(), [0.9, 0.8, 0.1], [0.9, 0.5, 0.2], [0.8, 0.2, 0.8]]
    for index, colour in enumerate(colours):
        centre = (int(width * (0.1 + 0.15 * index)), int(height * 0.7))
        cv2.circle(picture, centre, width // 22, [0.1 + 0.75 * c for c in colour], -1)
    cv2.rectangle(picture, (width // 20, height // 12), (width // 5, height // 4), [0.97] * 3, -1)
    cv2.rectangle(picture, (width // 2, height * 5 // 6), (width * 3 // 4, height), [0.03] * 3, -1)
    texture = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1.2)
    picture *= (1.0 + 0.12 * texture * (y > horizon))[:, :, None]
    picture = cv2.GaussianBlur(picture, (0, 0), 0.7) + rng.normal(0, 0.004, picture.shape)
    picture = np.clip(picture, 0.0, 1.0)
    maximum = (1 << depth) - 1
    return np.rint(picture * maximum).astype(np.uint8 if depth == 8 else np.uint16)


@pytest.fixture(scope="session")
def make_scene() -> Callable[..., Pixels]:
    """`scene(width, height, depth, seed)`."""
    return scene


@pytest.fixture(scope="session")
def pictures() -> list[Image]:
    """The made-up scene in 8 and 16 bit, and small real photographs where there are any."""
    found = [Image.from_array(scene()), Image.from_array(scene(depth=16, seed=5))]
    for name in NAMES:
        path = SHARED_PHOTOS / name
        if path.exists():
            read = cv2.imread(str(path))
            assert read is not None
            k = 260 / max(read.shape)
            small = cv2.resize(read, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
            found.append(Image.from_array(np.ascontiguousarray(small[:, :, ::-1])))
    return found
