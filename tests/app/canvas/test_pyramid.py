"""Tiles: right pixels at every level, only what changed is made again, memory is bounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.canvas.display_pixels import halve, image_array, to_display
from app.canvas.display_tiles import WORKER, DisplayTile, DisplayTileCache
from app.canvas.mix import MixProvider
from app.canvas.provider import TILE, TileProvider, level_count, level_size
from app.canvas.pyramid import ImagePyramid
from tests.app.canvas.canvas_cases import pyramid_of
from tests.waiting import settle


def noise(height: int, width: int, channels: int, dtype: type = np.uint8) -> np.ndarray:
    top = np.iinfo(dtype).max
    return np.random.default_rng(7).integers(0, top, (height, width, channels), dtype, True)


def tile_array(provider: TileProvider, level: int, col: int, row: int) -> np.ndarray:
    image = provider.tile(level, col, row)
    assert image is not None
    return image_array(image)


def level_array(pyramid: ImagePyramid, level: int) -> np.ndarray:
    """All tiles of a level, made now and put together."""
    width, height = level_size(*pyramid.size, level)
    rows, columns = -(-height // TILE), -(-width // TILE)
    return np.block(
        [[[pyramid.make(level, col, row)] for col in range(columns)] for row in range(rows)]
    )


def wait(qtbot: QtBot) -> None:
    assert WORKER.wait_idle()
    settle()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_display_of_every_mode(channels: int, dtype: type) -> None:
    pixels = noise(5, 7, channels, dtype)
    out = to_display(pixels)
    eight = pixels.astype(np.float64) / (257 if dtype is np.uint16 else 1)
    alpha = eight[:, :, -1] if channels in (2, 4) else np.full((5, 7), 255.0)
    grey = channels < 3
    for k in range(3):
        want = eight[:, :, 0 if grey else 2 - k] * alpha / 255
        assert np.abs(out[:, :, k].astype(float) - want).max() <= 1.01
    assert np.abs(out[:, :, 3] - alpha).max() <= 0.51


def test_transform_is_applied_before_alpha() -> None:
    pixels = np.array([[[10, 20, 30, 128]]], np.uint8)
    out = to_display(pixels, lambda rgb: 255 - rgb)
    assert out[0, 0].tolist() == [(225 * 128 + 127) // 255, (235 * 128 + 127) // 255,
                                  (245 * 128 + 127) // 255, 128]  # fmt: skip


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_last_level_is_one_tile(width: int, height: int) -> None:
    levels = level_count(width, height)
    assert max(level_size(width, height, levels - 1)) <= TILE
    assert levels == 1 or max(level_size(width, height, levels - 2)) > TILE


def reference(pixels: np.ndarray, level: int) -> np.ndarray:
    out = to_display(pixels)
    for _ in range(level):
        out = halve(out)
    return out


@pytest.mark.parametrize("size", [(700, 900), (513, 257), (256, 256), (1, 1000)])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_levels_are_box_averages(qtbot: QtBot, size: tuple[int, int], level: int) -> None:
    pixels = noise(*size, 4)
    pyramid = pyramid_of(pixels)
    if level >= pyramid.levels:
        return
    made = level_array(pyramid, level)
    assert (made.shape[1], made.shape[0]) == level_size(size[1], size[0], level)
    assert np.array_equal(made, reference(pixels, level))
    pyramid.close()


def test_tiles_come_later_and_tell(qtbot: QtBot) -> None:
    pixels = noise(600, 600, 3)
    pyramid = pyramid_of(pixels)
    heard: list[QRect] = []
    end = pyramid.on_ready(heard.append)
    assert pyramid.tile(0, 1, 1) is None
    assert pyramid.peek(0, 0, 0) is None
    wait(qtbot)
    assert heard == [QRect(256, 256, 256, 256)]
    tile = pyramid.tile(0, 1, 1)
    assert tile is not None
    assert np.array_equal(image_array(tile), to_display(pixels[256:512, 256:512]))
    assert pyramid.peek(0, 0, 0) is None
    end()
    pyramid.tile(0, 0, 0)
    wait(qtbot)
    assert len(heard) == 1
    pyramid.close()


def load_all(pyramid: ImagePyramid, qtbot: QtBot) -> None:
    for level in range(pyramid.levels):
        width, height = level_size(*pyramid.size, level)
        for row in range(-(-height // TILE)):
            for col in range(-(-width // TILE)):
                pyramid.tile(level, col, row)
    wait(qtbot)


@settings(max_examples=15)
@given(st.integers(0, 860), st.integers(0, 660), st.integers(1, 400), st.integers(1, 400))
def test_patched_tiles_equal_fresh_ones(x: int, y: int, width: int, height: int) -> None:
    pixels = noise(700, 900, 4)
    pixels[:, :, 3] = 255
    pyramid = pyramid_of(pixels)
    for level in range(pyramid.levels):
        size = level_size(900, 700, level)
        for row in range(-(-size[1] // TILE)):
            for col in range(-(-size[0] // TILE)):
                pyramid.tile(level, col, row)
    assert WORKER.wait_idle()
    pixels[y : y + height, x : x + width, :3] ^= 255
    pyramid.invalidate(QRect(x, y, width, height))
    WORKER.wait_idle()
    for level in range(pyramid.levels):
        want = reference(pixels, level)
        size = level_size(900, 700, level)
        for row in range(-(-size[1] // TILE)):
            for col in range(-(-size[0] // TILE)):
                image = pyramid.tile(level, col, row)
                part = want[row * TILE : (row + 1) * TILE, col * TILE : (col + 1) * TILE]
                assert image is not None
                assert np.array_equal(image_array(image), part), (level, col, row)
    pyramid.close()


def test_small_change_reads_only_its_tiles(qtbot: QtBot) -> None:
    pixels = noise(2048, 2048, 3)
    reads: list[tuple[int, int]] = []

    def read(col: int, row: int) -> np.ndarray:
        reads.append((col, row))
        return pixels[row * TILE : (row + 1) * TILE, col * TILE : (col + 1) * TILE]

    pyramid = ImagePyramid(2048, 2048, read)
    pyramid.tile(3, 0, 0)
    wait(qtbot)
    assert len(reads) == 64
    reads.clear()
    pyramid.invalidate(QRect(300, 300, 50, 50))
    assert reads == [(1, 1)]
    pyramid.close()


def test_large_change_keeps_showing_the_old_tile(qtbot: QtBot) -> None:
    pixels = noise(1024, 1024, 3)
    pyramid = pyramid_of(pixels)
    load_all(pyramid, qtbot)
    old = tile_array(pyramid, 2, 0, 0)
    pixels[:] = 255 - pixels
    pyramid.invalidate(QRect(0, 0, 1024, 1024))
    assert np.array_equal(tile_array(pyramid, 2, 0, 0), old)
    wait(qtbot)
    assert not np.array_equal(tile_array(pyramid, 2, 0, 0), old)
    pyramid.close()


def test_cache_keeps_to_its_budget() -> None:
    cache = DisplayTileCache(budget=10 * 4 * 16 * 16)
    for n in range(30):
        cache.put((1, n), DisplayTile(np.zeros((16, 16, 4), np.uint8)))
        cache.get((1, 0))  # used all the time, so it stays
    assert cache.used <= 10 * 4 * 16 * 16
    assert cache.get((1, 0)) is not None
    assert cache.get((1, 5)) is None
    cache.drop_owner(1)
    assert cache.used == 0


def test_stride_is_honoured(qtbot: QtBot) -> None:
    image = QImage(5, 3, QImage.Format.Format_RGB888)  # 15 bytes a row, stored as 16
    image.fill(0x112233)
    assert (image_array(image)[:, :, :3] == (0x33, 0x22, 0x11)).all()


@pytest.mark.parametrize("opacity", [0.0, 0.3, 1.0])
def test_fade(qtbot: QtBot, opacity: float) -> None:
    a, b = noise(300, 300, 3), noise(300, 300, 3)[::-1].copy()
    bottom, top = pyramid_of(a), pyramid_of(b)
    mix = MixProvider(bottom, top, opacity=opacity)
    mix.tile(0, 0, 0)
    wait(qtbot)
    got = tile_array(mix, 0, 0, 0)[:, :, 2::-1].astype(float)
    want = a[:256, :256] * (1 - opacity) + b[:256, :256] * opacity
    assert np.abs(got - want).max() <= 1
    for it in (mix, bottom, top):
        it.close()


def test_paint_in_shows_the_top_where_covered(qtbot: QtBot) -> None:
    a, b = np.zeros((300, 300, 3), np.uint8), np.full((300, 300, 3), 200, np.uint8)
    bottom, top = pyramid_of(a), pyramid_of(b)
    coverage = np.zeros((300, 300), np.uint8)
    mix = MixProvider(bottom, top, coverage=coverage)
    mix.tile(0, 0, 0)
    wait(qtbot)
    assert tile_array(mix, 0, 0, 0)[:, :, 0].max() == 0
    coverage[10:20, 10:20] = 255
    heard: list[QRect] = []
    mix.on_ready(heard.append)
    mix.set_coverage(coverage, QRect(10, 10, 10, 10))
    out = tile_array(mix, 0, 0, 0)[:, :, 0]
    assert heard == [QRect(10, 10, 10, 10)]
    assert out[10:20, 10:20].min() == 200
    assert out.astype(int).sum() == 200 * 100
    for it in (mix, bottom, top):
        it.close()
