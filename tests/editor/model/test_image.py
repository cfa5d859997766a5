"""Tiles are shared, digests are of the pixels, released pixels come back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.model.image import TILE, Image, Metadata, Pixels, Tile, tile_rects
from editor.model.rect import Rect

sides = st.integers(1, 2 * TILE + 3)
formats = st.tuples(st.sampled_from(["uint8", "uint16"]), st.integers(1, 4))


def noise(
    width: int, height: int, channels: int = 3, dtype: str = "uint8", seed: int = 0
) -> Pixels:
    rng = np.random.default_rng(seed)
    return rng.integers(0, np.iinfo(dtype).max, (height, width, channels), dtype)


class Shelf:
    """A tile source in memory that counts."""

    def __init__(self) -> None:
        self.held: dict[bytes, Pixels] = {}
        self.asked = 0

    def load_tile(self, digest: bytes) -> Pixels:
        self.asked += 1
        return self.held[digest]


@settings(max_examples=25)
@given(sides, sides, formats)
def test_array_round_trip(width: int, height: int, form: tuple[str, int]) -> None:
    dtype, channels = form
    pixels = noise(width, height, channels, dtype)
    image = Image.from_array(pixels)
    assert np.array_equal(image.array(), pixels)
    assert image.nbytes == pixels.nbytes
    assert image.depth == pixels.itemsize * 8
    assert image.maximum == np.iinfo(dtype).max
    assert image.has_alpha == (channels in (2, 4))
    assert image.colour_channels == (1 if channels < 3 else 3)


@settings(max_examples=40)
@given(sides, sides, st.data())
def test_read_and_replace_any_rectangle(width: int, height: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    rect = Rect(x, y, data.draw(st.integers(1, width - x)), data.draw(st.integers(1, height - y)))
    pixels = noise(width, height)
    image = Image.from_array(pixels)
    assert np.array_equal(image.read(rect), pixels[rect.y : rect.bottom, rect.x : rect.right])
    patch = noise(rect.width, rect.height, seed=1)
    changed = image.replace(rect, patch)
    expected = pixels.copy()
    expected[rect.y : rect.bottom, rect.x : rect.right] = patch
    assert np.array_equal(changed.array(), expected)
    assert np.array_equal(image.array(), pixels)
    touched = {(column, row) for column, row, _ in image.touched(rect)}
    for column, row, _ in image.grid():
        if (column, row) not in touched:
            assert changed.tile(column, row) is image.tile(column, row)


def test_tile_rects_cover_once() -> None:
    seen = np.zeros((600, 300), np.uint8)
    for rect in tile_rects(300, 600):
        seen[rect.y : rect.bottom, rect.x : rect.right] += 1
    assert (seen == 1).all()


def test_digest_says_everything_about_the_pixels_and_nothing_else() -> None:
    pixels = noise(300, 200)
    image = Image.from_array(pixels)
    assert image.pixel_digest == Image.from_array(pixels.copy()).pixel_digest
    assert image.equals(replace(image, meta=Metadata(icc=b"x")))
    other = pixels.copy()
    other[199, 299, 2] ^= 1
    digests = {
        image.pixel_digest,
        Image.from_array(other).pixel_digest,
        Image.from_array(pixels.astype(np.uint16)).pixel_digest,
        Image.from_array(pixels[:, :, :2]).pixel_digest,
        Image.from_array(pixels.reshape(300, 200, 3)).pixel_digest,
    }
    assert len(digests) == 5


def test_a_tile_owns_its_pixels() -> None:
    pixels = noise(10, 10)
    tile = Tile(pixels)
    pixels[:] = 0
    assert tile.pixels.any()
    with pytest.raises(ValueError):
        tile.pixels[0, 0, 0] = 1


def test_released_tiles_come_from_their_source() -> None:
    image = Image.from_array(noise(300, 300))
    before = image.array()
    shelf = Shelf()
    for tile in image.tiles:
        shelf.held[tile.digest] = tile.pixels
        tile.release(shelf)
        assert not tile.in_memory
    assert np.array_equal(image.array(), before)
    assert shelf.asked == len(image.tiles)
    stored = Tile.stored(tile.digest, tile.shape, tile.dtype, shelf)
    assert np.array_equal(stored.pixels, tile.pixels)
    assert stored.nbytes == stored.pixels.nbytes


def test_a_tile_without_pixels_or_source_says_so() -> None:
    tile = Tile(noise(4, 4))
    tile._pixels = None
    with pytest.raises(RuntimeError, match="neither"):
        _ = tile.pixels


def test_equal_tiles_keep_the_old_object() -> None:
    image = Image.from_array(noise(300, 300))
    same = image.replace(Rect(0, 0, 20, 20), image.read(Rect(0, 0, 20, 20)))
    assert all(a is b for a, b in zip(same.tiles, image.tiles, strict=True))


@pytest.mark.parametrize("rect", [Rect(-1, 0, 5, 5), Rect(0, 0, 301, 1)])
def test_reading_outside_is_refused(rect: Rect) -> None:
    with pytest.raises(ValueError, match="leaves"):
        Image.from_array(noise(300, 300)).read(rect)


def test_impossible_formats_are_refused() -> None:
    tile = Tile(noise(4, 4))
    with pytest.raises(ValueError, match="format"):
        Image(4, 4, 5, "uint8", (tile,))
    with pytest.raises(ValueError, match="format"):
        Image(4, 4, 3, "float32", (tile,))
    with pytest.raises(ValueError, match="count"):
        Image(400, 4, 3, "uint8", (tile,))


def test_meta_digest_tells_blocks_apart() -> None:
    metas = [
        Metadata(),
        Metadata(icc=b"ab"),
        Metadata(exif=b"ab"),
        Metadata(icc=b"a", exif=b"b"),
        Metadata(dpi=(72, 72)),
        Metadata(text=(("a", "b"),)),
        Metadata(icc=b""),
    ]
    assert len({m.digest for m in metas}) == len(metas)


def test_a_flat_grey_array_is_one_channel() -> None:
    assert Image.from_array(np.zeros((5, 6), np.uint8)).channels == 1
