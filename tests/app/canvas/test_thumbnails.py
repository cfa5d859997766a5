from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.canvas.mip_cache import MipCache
from app.canvas.thumbnails import LONG_SIDE, Thumbnails
from app.runtime.thread_pool import ThreadPool
from editor.model.image import Image
from tests.waiting import wait_for


@pytest.fixture
def work(qapp: QApplication) -> Iterator[ThreadPool]:
    pool = ThreadPool(1)
    yield pool
    pool.close()


def picture(level: int) -> Image:
    return Image.from_array(np.full((300, 600, 3), level, np.uint8))


def shown(thumbnails: Thumbnails, image: Image, side: float = LONG_SIDE) -> QImage:
    """Wait for it."""
    wait_for(lambda: thumbnails.of_image(image, side) is not None)
    found = thumbnails.of_image(image, side)
    assert found is not None
    return found


def test_each_is_kept_no_larger_than_asked_for(work: ThreadPool, tmp_path: Path) -> None:
    thumbnails = Thumbnails(work, MipCache(), tmp_path)
    small = shown(thumbnails, picture(40), 50)
    assert (small.width(), small.height()) == (64, 32)
    assert thumbnails.held == small.sizeInBytes()
    large = shown(thumbnails, picture(40), 300)  # not there at that size yet: made anew
    assert (large.width(), large.height()) == (384, 192)
    assert thumbnails.of_image(picture(40), 30) is not None  # at once, from a larger one


def test_memory_is_bounded_and_what_went_comes_back(work: ThreadPool, tmp_path: Path) -> None:
    one = 384 * 192 * 3
    thumbnails = Thumbnails(work, MipCache(), tmp_path, budget=3 * one)
    for level in range(10):
        shown(thumbnails, picture(20 * level))
        assert thumbnails.held <= 3 * one
    assert thumbnails.of_image(picture(0)) is None
    assert shown(thumbnails, picture(0)).pixelColor(4, 4).red() == 0
