from __future__ import annotations

import numpy as np
import pytest

from editor.model.image import Image
from editor.model.patch import EXTENDED, Patch, Placement, settings_of
from editor.model.rect import Rect
from editor.render import composite, mip
from editor.render.extension import Margins, added_area, margins_of, reflected

WIDTH, HEIGHT = 300, 280
MARGINS = Margins(100, 0, 37, 260)
SIZE = MARGINS.size(WIDTH, HEIGHT)


def source(channels: int = 3, dtype: str = "uint8") -> Image:
    values = np.random.default_rng(1).integers(0, np.iinfo(dtype).max, (HEIGHT, WIDTH, channels))
    return Image.from_array(values.astype(dtype))


def patch(margins: Margins = MARGINS) -> Patch:
    """A flat orange at a quarter of the size."""
    width, height = margins.size(WIDTH, HEIGHT)
    pixels = np.empty((-(-height // 4), -(-width // 4), 3), np.float16)
    pixels[:] = (1.0, 0.5, 0.0)
    marks = settings_of({EXTENDED: margins.shares(WIDTH, HEIGHT)})
    return Patch(marks, pixels, Placement(Rect(0, 0, width, height), 0.25))


@pytest.mark.parametrize(
    ("channels", "dtype"), [(1, "uint8"), (2, "uint16"), (3, "uint8"), (4, "uint16")]
)
def test_the_source_keeps_its_bytes_and_the_rest_is_drawn(channels: int, dtype: str) -> None:
    image = source(channels, dtype)
    result = composite.render(image, patch(), None)
    assert (result.width, result.height) == composite.output_size(image, patch()) == SIZE
    pixels = result.array()
    inside = pixels[:HEIGHT, 100 : 100 + WIDTH]
    own = image.array()
    if channels < 3:  # grey gains colour
        own = np.concatenate([own[:, :, :1].repeat(3, 2), own[:, :, 1:]], axis=2)
    assert np.array_equal(inside, own)
    top = np.iinfo(dtype).max
    drawn = pixels[HEIGHT:].astype(float) / top
    assert np.abs(drawn[:, :, :3] - (1.0, 0.5, 0.0)).max() < 0.01
    if image.has_alpha:
        assert (drawn[:, :, 3] == 1).all(), "what is added is opaque"


def test_a_part_is_the_same_as_the_whole() -> None:
    image = source()
    whole = composite.render(image, patch(), None).array()
    for rect in (Rect(0, 0, 256, 256), Rect(90, 250, 70, 60), Rect(430, 530, 7, 10)):
        part = composite.render(image, patch(), None, rect=rect).array()
        assert np.array_equal(part, whole[rect.y : rect.bottom, rect.x : rect.right])


def test_tiles_of_a_result_have_true_digests() -> None:
    """They are stored under them."""
    image = source()
    result = composite.render(image, patch(), None)
    again = Image.from_array(result.array(), image.meta)
    assert result.pixel_digest == again.pixel_digest
    assert all(tile.in_memory for tile in result.tiles)


@pytest.mark.parametrize("level", [1, 3])
def test_mip_levels_agree_in_size_and_place(level: int) -> None:
    small = source()
    for _ in range(level):
        small = mip.halved(small)
    made = composite.render(small, patch(), None, scale=0.5**level)
    margins = margins_of(patch(), small.width, small.height)
    assert margins is not None
    assert (made.width, made.height) == margins.size(small.width, small.height)
    inside = made.array()[margins.top :, margins.left :][: small.height, : small.width]
    assert np.array_equal(inside, small.array())


def test_what_a_model_begins_with() -> None:
    image = source()
    canvas, added = reflected(image, MARGINS), added_area(image, MARGINS)
    assert (canvas.width, canvas.height) == (added.width, added.height) == SIZE
    known = added.array() == 0
    assert known.sum() == WIDTH * HEIGHT
    assert np.array_equal(canvas.array()[:HEIGHT, 100 : 100 + WIDTH], image.array())
    assert np.array_equal(canvas.array()[0, 99], image.array()[0, 0]), "reflected at the edge"


def test_a_patch_without_margins_adds_nothing() -> None:
    assert margins_of(Patch(), 10, 10) is None
