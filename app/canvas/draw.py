"""Drawing a picture's tiles: the right level, smooth or sharp, and the checkerboard below."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap, QTransform

from app.canvas.provider import TILE, TileProvider
from app.theme.theme import look

CHECKER: Final = 12
SHARP_FROM: Final = 4.0  # device pixels per picture pixel: pixels are drawn sharp
GRID_FROM: Final = 8.0


def best_level(device_scale: float, levels: int) -> int:
    """Returns the smallest level that still has a pixel for every device pixel."""
    if device_scale >= 1.0:
        return 0
    return min(max(math.floor(-math.log2(device_scale) + 1e-9), 0), levels - 1)


def checker_brush(ratio: float = 1.0) -> QBrush:
    """Returns the 12 px checkerboard in greys near the surround."""
    t, side = look().tokens, max(1, round(CHECKER * ratio))
    pixmap = QPixmap(2 * side, 2 * side)
    pixmap.fill(t.checker_a)
    painter = QPainter(pixmap)
    painter.fillRect(side, 0, side, side, t.checker_b)
    painter.fillRect(0, side, side, side, t.checker_b)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return QBrush(pixmap)


def draw_picture(
    painter: QPainter,
    provider: TileProvider,
    to_view: QTransform,
    clip: QRectF,
    ratio: float,
    held: TileProvider | None = None,
) -> bool:
    """Draws the part of a picture that shows in `clip`.

    Args:
        painter: in logical view coordinates, clipped by the caller.
        provider: the picture.
        to_view: picture pixels to logical view coordinates.
        clip: what has to be drawn, view coordinates.
        ratio: device pixels per logical pixel.
        held: what was shown before, of the same size; it stays where nothing of the new picture
            is there yet, so that looking from one to the next does not flash.

    Returns:
        True if everything was drawn from tiles of the right level; else better tiles are on
        their way.
    """
    width, height = provider.size
    scale = math.hypot(to_view.m11(), to_view.m12()) * ratio
    level = best_level(scale, provider.levels)
    back, _ = to_view.inverted()
    visible = back.mapRect(clip).intersected(QRectF(0, 0, width, height))
    if visible.isEmpty():
        return True
    turned = to_view.isRotating()
    smooth = scale < SHARP_FROM and (turned or abs(scale * (1 << level) - 1.0) > 1e-6)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    complete = True
    span = TILE << level
    if smooth and scale > 1.0:
        # Smoothing reaches into the next pixel, which may belong to the next tile.
        visible = visible.adjusted(-1, -1, 1, 1).intersected(QRectF(0, 0, width, height))
    cols = range(int(visible.left()) // span, int(math.ceil(visible.right()) - 1) // span + 1)
    rows = range(int(visible.top()) // span, int(math.ceil(visible.bottom()) - 1) // span + 1)
    tiles: list[tuple[int, int, QImage]] = []
    missing: list[tuple[int, int]] = []
    for row in rows:
        for col in cols:
            image = provider.tile(level, col, row)
            if image is None:
                missing.append((col, row))
            else:
                tiles.append((col, row, image))
    transparent = any(image.hasAlphaChannel() for *_, image in tiles)
    if transparent:
        _draw_checker(painter, to_view, QRectF(0, 0, width, height), clip, turned)
    if missing:
        complete = False
        _draw_coarse(painter, provider, to_view, level, missing, held)
    painter.setTransform(to_view, True)
    step = float(1 << level)
    if smooth and scale > 1.0 and not turned and len(tiles) > 1:
        _draw_joined(painter, tiles)
    else:
        for col, row, image in tiles:
            x, y = col * span, row * span
            box = QRectF(x, y, image.width() * step, image.height() * step)
            # The last half pixel of a level may stick out over an odd-sized picture.
            source = QRectF(0, 0, image.width(), image.height())
            if box.right() > width:
                source.setWidth((width - x) / step)
                box.setRight(width)
            if box.bottom() > height:
                source.setHeight((height - y) / step)
                box.setBottom(height)
            painter.drawImage(box, image, source)
    painter.restore()
    return complete


def _draw_joined(painter: QPainter, tiles: list[tuple[int, int, QImage]]) -> None:
    """Draws magnified tiles as one image, so that smoothing leaves no seams between them."""
    left = min(col for col, _, _ in tiles)
    top = min(row for _, row, _ in tiles)
    right = max(col * TILE + image.width() for col, _, image in tiles)
    bottom = max(row * TILE + image.height() for _, row, image in tiles)
    kind = QImage.Format.Format_ARGB32_Premultiplied
    opaque = not any(image.hasAlphaChannel() for *_, image in tiles)
    if opaque and len(tiles) == len({(c, r) for c, r, _ in tiles}):
        kind = QImage.Format.Format_RGB32
    whole = QImage(right - left * TILE, bottom - top * TILE, kind)
    if kind != QImage.Format.Format_RGB32:
        whole.fill(Qt.GlobalColor.transparent)
    joiner = QPainter(whole)
    joiner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    for col, row, image in tiles:
        joiner.drawImage((col - left) * TILE, (row - top) * TILE, image)
    joiner.end()
    painter.drawImage(QPointF(left * TILE, top * TILE), whole)


def _draw_coarse(
    painter: QPainter,
    provider: TileProvider,
    to_view: QTransform,
    level: int,
    missing: list[tuple[int, int]],
    held: TileProvider | None,
) -> None:
    """Fills missing tiles from what is there: a coarser level, the preview, what was shown."""
    width, height = provider.size
    painter.save()
    painter.setTransform(to_view, True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    preview: QImage | None = getattr(provider, "preview", None)
    span = TILE << level
    for col, row in missing:
        box = QRectF(col * span, row * span, span, span)
        box = box.intersected(QRectF(0, 0, width, height))
        if _draw_from(painter, provider, level, level + 1, col, row, box):
            continue
        if preview is not None and not preview.isNull():
            fx, fy = preview.width() / width, preview.height() / height
            source = QRectF(box.x() * fx, box.y() * fy, box.width() * fx, box.height() * fy)
            painter.drawImage(box, preview, source)
        elif held is None or not _draw_from(painter, held, level, level, col, row, box):
            painter.fillRect(box, look().tokens.hover)
    painter.restore()


def _draw_from(
    painter: QPainter,
    provider: TileProvider,
    level: int,
    first: int,
    col: int,
    row: int,
    box: QRectF,
) -> bool:
    """Draws a tile's place from the finest level, `first` or coarser, that has it."""
    for coarser in range(first, provider.levels):
        shift = coarser - level
        image = provider.peek(coarser, col >> shift, row >> shift)
        if image is None:
            continue
        x = (col - ((col >> shift) << shift)) * (TILE >> shift)
        y = (row - ((row >> shift) << shift)) * (TILE >> shift)
        step = 1 << coarser
        painter.drawImage(box, image, QRectF(x, y, box.width() / step, box.height() / step))
        return True
    return False


def _draw_checker(
    painter: QPainter, to_view: QTransform, picture: QRectF, clip: QRectF, turned: bool
) -> None:
    painter.save()
    if turned:
        painter.setClipRect(clip)
        painter.setTransform(to_view, True)
        brush = checker_brush()
        back, _ = to_view.inverted()
        brush.setTransform(QTransform.fromScale(back.m11() or 1, back.m11() or 1))
        painter.fillRect(picture, brush)
    else:
        place = to_view.mapRect(picture)
        area = place.intersected(clip)
        painter.setBrushOrigin(place.topLeft())
        painter.fillRect(area, checker_brush())
    painter.restore()


def draw_grid(painter: QPainter, to_view: QTransform, visible: QRectF, ratio: float) -> None:
    """Draws hair lines between pixels, from 800 %."""
    scale = math.hypot(to_view.m11(), to_view.m12()) * ratio
    if scale < GRID_FROM - 1e-6 or to_view.isRotating():
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    pen = QPen(QColor(128, 128, 128, 90), 0)
    painter.setPen(pen)
    area = to_view.mapRect(visible)
    for x in range(math.ceil(visible.left()), math.floor(visible.right()) + 1):
        at = to_view.map(QPointF(x, 0)).x()
        painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
    for y in range(math.ceil(visible.top()), math.floor(visible.bottom()) + 1):
        at = to_view.map(QPointF(0, y)).y()
        painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
    painter.restore()
