from __future__ import annotations

import numpy as np
import pytest

from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from inference.diffusion.framing import frame, work_picture


def waves(width: int, height: int) -> Image:
    """Smooth enough to survive a work size a third as large."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    value = 0.5 + 0.2 * np.sin(2 * np.pi * x / 60) + 0.2 * np.cos(2 * np.pi * y / 50)
    return Image.from_array((np.repeat(value[:, :, None], 3, 2) * 65535).astype(np.uint16))


@pytest.mark.parametrize("size", [(301, 199), (640, 640), (257, 1023), (1500, 701)])
def test_an_identity_model_shifts_nothing(size: tuple[int, int]) -> None:
    source = waves(*size)
    framing = frame(source.bounds, None, 128 if max(size) < 700 else 256, 32)
    seen = work_picture(source, framing)
    assert seen.shape[1::-1] == framing.work_size
    assert all(side % 32 == 0 for side in framing.work_size)
    patch = Patch((), seen.astype(np.float16), framing.placement)
    after = composite.render(source, patch, None).array()[..., 0].astype(np.float64)
    before = source.array()[..., 0].astype(np.float64)
    inner = np.s_[20:-20, 20:-20]
    # A shift of d pixels changes a picture by d times its slope: least squares give d.
    for axis in (0, 1):
        slope = np.gradient(before, axis=axis)[inner].ravel()
        moved = (after - before)[inner].ravel()
        assert abs(np.dot(slope, moved) / np.dot(slope, slope)) < 0.1


def test_the_area_is_the_models_own() -> None:
    for width, height in ((512, 512), (6000, 4000), (4000, 1000), (100, 80)):
        framing = frame(Rect(0, 0, width, height), None, 512, 64)
        across, down = framing.work_size
        assert max(across, down) <= 512 * 1.5 + 64
        assert across * down <= 512 * 512 * 1.35
        assert abs(framing.width / framing.height / (width / height) - 1) < 0.01
    exact = frame(Rect(0, 0, 1024, 1024), None, 512, 64)
    assert (exact.work_size, exact.padding, exact.scale) == ((512, 512), (0, 0, 0, 0), 0.5)


def test_with_a_selection_the_model_sees_it_with_its_surroundings() -> None:
    selection = Selection.from_rect(Rect(3000, 1000, 800, 400), 6000, 4000)
    framing = frame(Rect(0, 0, 6000, 4000), selection, 512, 64)
    assert framing.crop == Rect(2600, 600, 1600, 1200)
    small = Selection.from_rect(Rect(0, 0, 20, 20), 6000, 4000)
    framing = frame(Rect(0, 0, 6000, 4000), small, 512, 64)
    assert framing.crop == Rect(0, 0, 266, 266)  # 246 around it, as far as the picture goes
    empty = Selection.from_array(np.zeros((40, 60), np.uint8))
    assert frame(Rect(0, 0, 60, 40), empty, 64, 8).crop == Rect(0, 0, 60, 40)


def test_a_size_that_was_asked_for_is_kept() -> None:
    framing = frame(Rect(0, 0, 300, 100), None, 512, 64, (256, 192))
    assert framing.work_size == (256, 192)
    assert (framing.width, framing.height) == (256, 86)


def test_transparent_pixels_take_the_colour_beside_them() -> None:
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[:, 32:] = (200, 40, 10, 255)
    pixels[:, :32, :3] = (0, 255, 0)  # hidden
    source = Image.from_array(pixels)
    seen = work_picture(source, frame(source.bounds, None, 64, 8))
    assert np.abs(seen * 255 - (200, 40, 10)).max() < 1.5


def test_grey_becomes_three_equal_channels() -> None:
    source = Image.from_array(np.full((30, 40), 90, np.uint8))
    seen = work_picture(source, frame(source.bounds, None, 32, 8))
    assert np.abs(seen - 90 / 255).max() < 2e-3
