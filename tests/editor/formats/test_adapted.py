from __future__ import annotations

import numpy as np
import pytest

from editor.formats.adapted import adapted, adapted_size
from editor.formats.profile import to_srgb
from editor.model.image import Image, Metadata, Pixels
from tests.editor.formats.test_metadata import icc


def picture(channels: int, dtype: type = np.uint8, meta: Metadata | None = None) -> Image:
    """Smooth, 600 × 400, larger than a tile both ways."""
    top = np.iinfo(dtype).max
    down, across = np.mgrid[0:400, 0:600]
    planes = [across / 599, down / 399, (across + down) / 998, np.ones((400, 600))][:channels]
    pixels: Pixels = (np.stack(planes, axis=2) * top).round().astype(dtype)
    return Image.from_array(pixels, meta)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_smaller_picture_is_the_same_picture(channels: int, dtype: type) -> None:
    source = picture(channels, dtype)
    small = adapted(source, long_side=150)
    assert (small.width, small.height) == adapted_size((600, 400), 150) == (150, 100)
    assert (small.channels, small.depth) == (source.channels, source.depth)
    blocks = source.array().reshape(100, 4, 150, 4, channels).mean(axis=(1, 3))
    away = np.abs(small.array().astype(float) - blocks)[4:-4, 4:-4].max()
    assert away < np.iinfo(dtype).max * 0.01


def test_nothing_is_enlarged_and_nothing_is_done_for_nothing() -> None:
    source = picture(3)
    assert adapted(source, long_side=600) is source
    assert adapted(source, long_side=9000, srgb=True) is source, "without a profile it is sRGB"
    assert adapted_size((600, 400), None) == adapted_size((600, 400), 900) == (600, 400)


def test_colours_outside_do_not_bleed_through_transparency() -> None:
    pixels = np.zeros((400, 600, 4), np.uint8)
    pixels[:, :300] = (200, 40, 40, 255)
    pixels[:, 300:, :3] = (0, 255, 0)
    small = adapted(Image.from_array(pixels), long_side=100).array()
    seen = small[small[:, :, 3] > 20]
    assert seen[:, 1].max() < 60


@pytest.mark.parametrize("channels", [3, 4])
def test_display_p3_becomes_srgb(channels: int) -> None:
    source = picture(channels, meta=Metadata(icc=icc("p3"), dpi=(300.0, 300.0)))
    web = adapted(source, srgb=True)
    assert web.meta == Metadata(dpi=(300.0, 300.0))
    wanted = to_srgb(source.array()[:, :, :3], source.meta.icc)
    away = np.abs(web.array()[:, :, :3].astype(int) - wanted.astype(int))
    assert away.max() <= 3
    if channels == 4:
        assert (web.array()[:, :, 3] == 255).all()


def test_sixteen_bit_keep_their_depth_in_srgb() -> None:
    source = picture(3, np.uint16, Metadata(icc=icc("p3")))
    web = adapted(source, srgb=True, long_side=300)
    assert (web.depth, web.width, web.height) == (16, 300, 200)
    assert len(np.unique(web.array()[:, :, 0])) > 256
