"""A picture cut out by its selection."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage

from app.canvas.matte import coverage_levels, matte_tiles
from app.canvas.provider import Ready, level_count, level_size


class Red:
    """A red picture; `tiles` counts those that were asked for."""

    size = (600, 300)
    levels = level_count(600, 300)

    def tile(self, level: int, col: int, row: int) -> QImage:
        width, height = level_size(*self.size, level)
        image = QImage(min(256, width - col * 256), min(256, height - row * 256), RGB)
        image.fill(QColor("#C00000"))
        return image

    def peek(self, level: int, col: int, row: int) -> QImage | None:
        return None

    def on_ready(self, callback: Ready) -> Callable[[], None]:
        callback(QRect(0, 0, 1, 1))
        return lambda: None


RGB = QImage.Format.Format_RGB32


@pytest.mark.parametrize(
    ("ground", "outside"), [("#000000", "#ff000000"), ("#FFFFFF", "#ffffffff"), (None, "#00000000")]
)
def test_what_is_not_covered_shows_the_ground(ground: str | None, outside: str) -> None:
    coverage = np.zeros((300, 600), np.uint8)
    coverage[:, 300:] = 255
    coverage[:, 300:310] = 128
    levels = coverage_levels(coverage)
    assert [one.shape for one in levels] == [(300, 600), (150, 300), (75, 150)]
    matte = matte_tiles(Red(), levels, QColor(ground) if ground else None)
    tile = matte.tile(0, 1, 1)  # columns 256 to 511, the last 44 rows
    assert tile is not None
    assert (tile.width(), tile.height()) == (256, 44)
    assert tile.pixelColor(10, 40).name(QColor.NameFormat.HexArgb) == outside
    assert tile.pixelColor(100, 40).name(QColor.NameFormat.HexArgb) == "#ffc00000"
    half = tile.pixelColor(48, 40)
    assert abs(half.alpha() - (255 if ground else 128)) <= 1
    small = matte.tile(2, 0, 0)
    assert small is not None
    assert small.pixelColor(140, 10).red() == 192
    assert matte.peek(0, 0, 0) is None
    assert matte.size == (600, 300)
