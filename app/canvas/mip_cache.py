from __future__ import annotations

import threading

from app.runtime.byte_cache import ByteCache
from editor.model.image import Image
from editor.model.selection import Selection
from editor.render.mip import halved


class MipCache:
    """Mip levels of the pictures and selections on screen, made once and kept by content.

    Called from worker threads. Level 0 is the image itself and costs nothing; all further levels
    of a picture together weigh a third of it.
    """

    def __init__(self, budget: int = 128 << 20) -> None:
        self._kept = ByteCache[tuple[str, int], Image](budget, lambda image: image.nbytes)
        self._lock = threading.Lock()

    def image(self, image: Image, level: int) -> Image:
        """Level `level` of an image: each side 1 / 2^level, rounded up."""
        if level <= 0:
            return image
        key = (image.pixel_digest, level)
        with self._lock:
            found = self._kept.get(key)
        if found is not None:
            return found
        made = halved(self.image(image, level - 1))
        with self._lock:
            self._kept.put(key, made)
        return made

    def selection(self, selection: Selection | None, level: int) -> Selection | None:
        """Level `level` of a selection; None stays None."""
        if selection is None or level <= 0:
            return selection
        return Selection(self.image(selection.coverage, level))
