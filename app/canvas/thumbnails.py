from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.canvas.mip_cache import MipCache
from app.runtime.byte_cache import ByteCache
from app.runtime.thread_pool import ThreadPool, Ticket
from editor.errors import DamagedDocument, ExpectedError
from editor.messages import Message
from editor.model.image import Image
from editor.model.selection import Selection
from editor.render.mip import level_for
from editor.render.result_blend import ResultBlend, render_blend

LONG_SIDE: Final = 384
"""Long side of a stored thumbnail: a card's 148 px at 200 %, with room."""

SIDES: Final = (32, 48, 64, 96, 128, 192, 256, LONG_SIDE)
"""Long sides in which thumbnails are kept in memory."""

BUDGET: Final = 48 << 20
"""Bytes kept in memory: more than a whole screen of a 4K display holds, so that what is in sight
never pushes out what is in sight."""


def to_qimage(pixels: NDArray[np.uint8]) -> QImage:
    """A QImage that owns its pixels, from (h, w, 1 | 3 | 4) sRGB `uint8`."""
    pixels = np.ascontiguousarray(pixels)
    height, width, channels = pixels.shape
    formats = {
        1: QImage.Format.Format_Grayscale8,
        3: QImage.Format.Format_RGB888,
        4: QImage.Format.Format_RGBA8888,
    }
    # Qt pads rows to four bytes; the stride says that ours are not. `copy` lets go of the buffer.
    image = QImage(pixels.data, width, height, width * channels, formats[channels])
    return image.copy()


class Thumbnails(QObject):
    """Small pictures of nodes and results, made on worker threads and kept on disk by content.

    In memory each is kept no larger than it was asked for, the least recently used dropped beyond
    a budget of bytes. So whoever shows many asks while it paints, and only for what is in sight.

    Emits `ready(str)` with the name under which a picture was asked for.
    """

    ready = Signal(str)

    def __init__(
        self, work: ThreadPool, levels: MipCache, folder: Path, *, budget: int = BUDGET
    ) -> None:
        super().__init__()
        self._work = work
        self._levels = levels
        self._folder = folder
        self._kept = ByteCache[tuple[str, int], QImage](budget, QImage.sizeInBytes)
        self._asked: dict[str, Ticket] = {}

    @property
    def held(self) -> int:
        """Bytes of the thumbnails in memory."""
        return self._kept.held

    def of_image(self, image: Image, side: float = LONG_SIDE) -> QImage | None:
        """The thumbnail of a picture, or None now and `ready` (its digest) later.

        Args:
            image: the picture.
            side: how long its longer side will be drawn, device pixels.
        """
        name = image.pixel_digest
        return self._get(name, lambda ticket: _reduced(image), 6, side)

    def of_file(self, name: str, path: Path) -> QImage | None:
        """The thumbnail of a picture file, or None now and `ready` (the name) later."""
        return self._get(name, lambda ticket: _reduced(_opened(path)), 7)

    def of_document(self, name: str, path: Path, idea: str) -> QImage | None:
        """The thumbnail of an idea of any document, or None now and `ready` (the name) later.

        Args:
            name: pixel digest of the idea's picture, under which it is known since it was made.
            path: the document; it is only opened if nobody has the thumbnail.
            idea: id of the idea.
        """
        return self._get(name, lambda ticket: _of_idea(path, idea), 6)

    def of_look(
        self, source: Image, look: ResultBlend, selection: Selection | None
    ) -> QImage | None:
        """The thumbnail of a result, or None now and `ready` (the candidate's key) later."""
        name = look.first.key

        def make(ticket: Ticket) -> NDArray[np.uint8]:
            level = level_for(source, 2 * LONG_SIDE)
            rendered = render_blend(
                self._levels.image(source, level),
                look,
                self._levels.selection(selection, level),
                scale=0.5**level,
                cancelled=ticket.cancelled,
            )
            return _reduced(rendered)

        return self._get(name, make, 3)

    def _get(
        self,
        name: str,
        make: Callable[[Ticket], NDArray[np.uint8]],
        priority: int,
        side: float = LONG_SIDE,
    ) -> QImage | None:
        wanted = next((s for s in SIDES if s >= side), LONG_SIDE)
        for kept in (s for s in SIDES if s >= wanted):
            found = self._kept.get((name, kept))
            if found is not None and kept != wanted:
                found = _shrunk(found, wanted)
                self._kept.put((name, wanted), found)
            if found is not None:
                return found
        if name not in self._asked:
            self._asked[name] = self._work.run(
                lambda ticket: self._loaded_or_made(name, make, ticket),
                lambda pixels: self._made(name, wanted, pixels),
                lambda error: self._failed(name, error),
                priority,
            )
        return None

    def _made(self, name: str, side: int, pixels: NDArray[np.uint8]) -> None:
        self._asked.pop(name, None)
        self._kept.put((name, side), _shrunk(to_qimage(pixels), side))
        self.ready.emit(name)

    def _failed(self, name: str, error: BaseException) -> None:
        self._asked.pop(name, None)
        from editor.render.composite import RenderCancelled

        if not isinstance(error, RenderCancelled | ExpectedError):
            raise error  # a bug; a damaged tile only leaves the frame empty

    def _loaded_or_made(
        self, name: str, make: Callable[[Ticket], NDArray[np.uint8]], ticket: Ticket
    ) -> NDArray[np.uint8]:
        """Pixels from the folder, else made and put there. No QImage: this is a worker thread."""
        from PIL import Image as Pillow

        path = self._folder / f"{name}.png"
        with contextlib.suppress(OSError, ValueError), Pillow.open(path) as stored:
            return np.asarray(stored.convert("RGBA" if stored.mode == "RGBA" else "RGB"))
        pixels = make(ticket)
        # Only a cache: whatever goes wrong here, the picture is made again next time.
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f".{name}.{os.getpid()}.png"
            Pillow.fromarray(pixels).save(part, "PNG", compress_level=1)
            part.replace(path)
        return pixels


def _shrunk(image: QImage, side: int) -> QImage:
    """The image within a square of `side`, never enlarged."""
    if max(image.width(), image.height()) <= side:
        return image
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(side, side, keep, smooth)


def _reduced(image: Image) -> NDArray[np.uint8]:
    from editor.formats import thumbnail

    return thumbnail(image, LONG_SIDE)


def _of_idea(path: Path, idea: str) -> NDArray[np.uint8]:
    """Reads the document.

    Raises:
        ExpectedError: it is gone or damaged, or has no pixels of the idea.
    """
    from editor.storage.document import Document

    document = Document.open(path, read_only=True, rest=True)
    try:
        node = document.history.nodes.get(idea)
        if node is None or node.picture is None:
            raise DamagedDocument(Message("document.all_damaged", name=path.name))
        return _reduced(node.picture.image)
    finally:
        document.close()


def _opened(path: Path) -> Image:
    from editor.formats import open_image

    return open_image(path).image
