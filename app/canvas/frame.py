"""The drawn picture of one pane, kept between frames.

Panning moves what is drawn and adds strips; a change redraws its own rectangle; zooming
stretches the last good frame while it moves and draws tiles when it rests. So no frame costs a
whole smooth draw that did not have to.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, cast

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QPixmap, QRegion, QTransform

from app.canvas.draw import draw_picture
from app.canvas.provider import TileProvider
from app.theme.theme import look

# A zoom under way stretches the last good frame within these bounds, then redraws.
STRETCH_LEAST: Final = 0.4
STRETCH_MOST: Final = 2.5
_EMPTY = QTransform(0, 0, 0, 0, 0, 0)


class PaneFrame:
    """What one pane shows, at device resolution."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._shown: QTransform = _EMPTY
        self._provider: TileProvider | None = None
        self._held: TileProvider | None = None  # what was shown before, until all else is there
        self._dirty = QRegion()  # device pixels of the pane
        # While zooming the frame keeps what it held and is painted stretched to this.
        self._stretched: QTransform | None = None
        self._wanted = _EMPTY

    def invalidate(self, picture: QRect | None = None) -> None:
        """Marks picture pixels, or everything, as changed."""
        if self._pixmap.isNull():
            return
        whole = self._pixmap.rect()
        if picture is None or self._shown == _EMPTY:
            self._dirty = QRegion(whole)
            return
        # One more picture pixel around, as smoothing reaches over the edge.
        grown = QRectF(picture).adjusted(-1, -1, 1, 1)
        box = self._shown.mapRect(grown).adjusted(-2, -2, 2, 2).toAlignedRect()
        self._dirty += box.intersected(whole)

    def update(
        self,
        provider: TileProvider,
        size: tuple[int, int],
        to_pane: QTransform,
        *,
        moving: bool = False,
    ) -> None:
        """Brings the frame up to date.

        Args:
            provider: the picture.
            size: the pane in device pixels.
            to_pane: picture pixels to device pixels of the pane.
            moving: zoom is under way: speed before smoothness.
        """
        width, height = max(size[0], 1), max(size[1], 1)
        if self._pixmap.width() != width or self._pixmap.height() != height:
            # An RGB32 pixmap has no alpha, so it is copied to the screen and not blended.
            image = QImage(width, height, QImage.Format.Format_RGB32)
            self._pixmap = QPixmap.fromImage(image)
            self._shown = _EMPTY
        whole = self._pixmap.rect()
        if provider is not self._provider:
            old = self._provider
            self._held = old if old is not None and old.size == provider.size else None
            self._provider = provider
            self._dirty = QRegion(whole)
        self._stretched = None
        if to_pane != self._shown:
            shift = self._shift(to_pane)
            if shift is None and moving:
                self._stretched = self._stretch(to_pane)
                self._wanted = to_pane
                if self._stretched is not None:
                    return
            if shift is None:
                self._dirty = QRegion(whole)
            else:
                self._scroll(*shift)
            self._shown = to_pane
        if not self._dirty.isEmpty():
            self._render(provider)

    def paint(self, painter: QPainter, x: int, y: int) -> None:
        """Paints the frame at a device pixel of the canvas; the caller clips to the pane."""
        if self._stretched is None:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawPixmap(x, y, self._pixmap)
            return
        whole = QRectF(self._pixmap.rect())
        target = self._stretched.mapRect(whole)
        if not target.contains(whole):
            # Zooming out shows more than the frame holds: a coarse picture fills the rest.
            inside = QRect(math.ceil(target.x()) + 1, math.ceil(target.y()) + 1,
                           int(target.width()) - 3, int(target.height()) - 3)  # fmt: skip
            rest = QRegion(self._pixmap.rect()).subtracted(QRegion(inside))
            for box in cast("Iterable[QRect]", rest):
                painter.fillRect(box.translated(x, y), look().tokens.surround)
            provider = self._provider
            coarse = None if provider is None else provider.peek(provider.levels - 1, 0, 0)
            if provider is not None and coarse is not None:
                place = self._wanted.mapRect(QRectF(0, 0, *provider.size))
                painter.drawImage(place.translated(x, y), coarse)
        painter.drawPixmap(target.translated(x, y), self._pixmap, whole)

    def _stretch(self, to_pane: QTransform) -> QTransform | None:
        """Returns how to draw the last good frame at another zoom, where it looks well enough."""
        shown = self._shown
        old, new = math.hypot(shown.m11(), shown.m12()), math.hypot(to_pane.m11(), to_pane.m12())
        if not old or not STRETCH_LEAST < new / old < STRETCH_MOST:
            return None
        back, _ = shown.inverted()
        move = back * to_pane
        return None if move.isRotating() else move

    def _shift(self, wanted: QTransform) -> tuple[int, int] | None:
        """Returns by how many whole pixels the picture has moved, if that is all it has done."""
        a, b = self._shown, wanted
        same = all(
            math.isclose(x, y, rel_tol=1e-12, abs_tol=1e-12)
            for x, y in ((a.m11(), b.m11()), (a.m12(), b.m12()), (a.m21(), b.m21()),
                         (a.m22(), b.m22()))
        )  # fmt: skip
        if not same:
            return None
        dx, dy = b.dx() - a.dx(), b.dy() - a.dy()
        if abs(dx - round(dx)) > 1e-3 or abs(dy - round(dy)) > 1e-3:
            return None
        return round(dx), round(dy)

    def _scroll(self, dx: int, dy: int) -> None:
        whole = self._pixmap.rect()
        if abs(dx) >= whole.width() or abs(dy) >= whole.height():
            self._dirty = QRegion(whole)
            return
        if dx == 0 and dy == 0:
            return
        self._pixmap.scroll(dx, dy, whole)
        self._dirty.translate(dx, dy)
        exposed = QRegion(whole).subtracted(QRegion(whole.translated(dx, dy)))
        self._dirty = (self._dirty + exposed).intersected(QRegion(whole))

    def _render(self, provider: TileProvider) -> None:
        dirty, self._dirty = self._dirty, QRegion()
        painter = QPainter(self._pixmap)
        few = dirty.rectCount() <= 4
        boxes = list(cast("Iterable[QRect]", dirty)) if few else [dirty.boundingRect()]
        complete = True
        for box in boxes:
            painter.setClipRect(box)
            area = QRectF(box)
            picture = self._shown.mapRect(QRectF(0, 0, *provider.size))
            if self._shown.isRotating() or not picture.contains(area):
                painter.fillRect(box, look().tokens.surround)
            complete &= draw_picture(painter, provider, self._shown, area, 1.0, self._held)
        painter.end()
        if complete:
            self._held = None
