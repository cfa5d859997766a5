"""What a long session may not pile up, counted in objects and bytes, not in resident memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication

from app.canvas import thumbnails
from app.runtime.byte_cache import ByteCache
from app.widgets.cards import card_delegate
from editor.storage import pixel_store
from tests.bench.memory_bench import ROUND, session

SIDE = 288
"""Two tiles across; a picture of 243 kB."""

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def arrays() -> Iterator[np.ndarray]:
    """Every array alive that some object holds; of a view, the array that owns the memory."""
    seen: set[int] = set()
    for holder in gc.get_objects():
        for one in gc.get_referents(holder):
            owner = one
            if type(owner) is not np.ndarray:
                continue
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            if id(owner) not in seen:
                seen.add(id(owner))
                yield owner


def counted() -> tuple[int, int, int]:
    """Bytes of arrays, bytes of images, number of Qt's objects that Python knows."""
    gc.unfreeze()
    gc.collect()
    alive = gc.get_objects()
    # By type: some libraries' proxies answer `isinstance` with a warning.
    images = {o.cacheKey(): o for o in alive if issubclass(type(o), QImage | QPixmap)}
    pixels = sum(i.width() * i.height() * i.depth() // 8 for i in images.values())
    objects = sum(issubclass(type(o), QObject) for o in alive)
    return sum(a.nbytes for a in arrays()), pixels, objects


@pytest.mark.slow
def test_edits_pile_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    picture = SIDE * SIDE * 3
    # So small that all caches are full after the first edits: what grows afterwards is a leak.
    # Thumbnails must hold what is in sight, or they would be made over and over.
    monkeypatch.setattr(pixel_store, "LEAST_CACHE", 4 * picture)
    monkeypatch.setattr(pixel_store, "CACHED_PICTURES", 4)
    monkeypatch.setattr(thumbnails.Thumbnails.__init__, "__kwdefaults__", {"budget": 24 * picture})
    scaled = ByteCache[tuple[int, int, int], QImage](picture, QImage.sizeInBytes)
    monkeypatch.setattr(card_delegate, "_scaled", scaled)
    with session(tmp_path, monkeypatch, SIDE) as long:
        long.edit(ROUND)
        arrays_before, images_before, objects_before = counted()
        long.edit(ROUND)
        arrays_after, images_after, objects_after = counted()
    # The ideas themselves may grow, by what a row of text needs; no edit may keep a picture's
    # worth of pixels: it has six or more of them.
    assert arrays_after - arrays_before < picture // 2, arrays_before
    assert images_after - images_before < 2 * picture, images_before
    assert objects_after - objects_before < ROUND // 2, objects_before
