"""Icons: Lucide strokes recoloured from the theme at the device's pixel ratio.

One SVG file serves every theme and scale: `currentColor` and the stroke width are replaced when
the file is read, and the drawing is rasterised for the size asked for.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.theme.theme import look


@lru_cache(maxsize=256)
def icon_source(name: str) -> str:
    """Returns the SVG text of an icon.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    return resources.files("resources").joinpath("icons", f"{name}.svg").read_text("utf-8")


def icon_names() -> list[str]:
    """Returns the names of all icons shipped, sorted."""
    folder = resources.files("resources").joinpath("icons")
    return sorted(f.name[:-4] for f in folder.iterdir() if f.name.endswith(".svg"))


def stroke_width(size: float) -> float:
    """Returns the stroke, in logical pixels times 24/size, that looks even from 14 to 20 px.

    On the 24 grid 1.9 at 14 px falls to 1.6 at 20 px, so small icons are not thin and large ones
    not heavy.
    """
    return min(max(1.9 - (size - 14.0) * 0.05, 1.6), 1.9)


@lru_cache(maxsize=512)
def icon_pixmap(
    name: str, rgba: str, size: int, ratio: float = 1.0, *, filled: bool = False
) -> QPixmap:
    """Renders an icon.

    Args:
        name: file name without `.svg`.
        rgba: colour as `#AARRGGBB` or `#RRGGBB`.
        size: side in logical pixels.
        ratio: device pixels per logical pixel.
        filled: fill the outline too (the star that is set).
    """
    color = QColor(rgba)
    svg = icon_source(name)
    svg = svg.replace('stroke="currentColor"', f'stroke="{color.name()}"')
    svg = svg.replace('stroke-width="2"', f'stroke-width="{stroke_width(size):.2f}"')
    if filled:
        svg = svg.replace('fill="none"', f'fill="{color.name()}"', 1)
    side = max(1, round(size * ratio))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(color.alphaF())
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def device_ratio(painter: QPainter) -> float:
    """Returns device pixels per logical pixel where the painter really draws.

    A widget rendered into an image keeps its own ratio; the transform knows the image's.
    """
    transform = painter.deviceTransform()
    if transform.isRotating():
        return painter.device().devicePixelRatioF()
    return max(transform.m11(), 0.1)


def paint_icon(
    painter: QPainter, rect: QRectF, name: str, color: QColor, size: int, *, filled: bool = False
) -> None:
    """Paints an icon of `size` logical pixels in the middle of `rect`."""
    ratio = device_ratio(painter)
    pixmap = icon_pixmap(name, color.name(QColor.NameFormat.HexArgb), size, ratio, filled=filled)
    # On whole device pixels, so that the strokes stay as crisp as they were rendered.
    x = round((rect.center().x() - size / 2) * ratio) / ratio
    y = round((rect.center().y() - size / 2) * ratio) / ratio
    painter.drawPixmap(QRectF(x, y, size, size).topLeft(), pixmap)


class ThemedIconEngine(QIconEngine):
    """A `QIcon` that takes its colour from the theme each time it is drawn."""

    def __init__(self, name: str, token: str = "text", *, filled: bool = False) -> None:
        super().__init__()
        icon_source(name)  # fail where the icon is asked for, not where it is first drawn
        self._name, self._token, self._filled = name, token, filled

    def _color(self, mode: QIcon.Mode) -> QColor:
        tokens = look().tokens
        return tokens.text3 if mode == QIcon.Mode.Disabled else getattr(tokens, self._token)

    def clone(self) -> QIconEngine:
        """Returns an equal engine."""
        return ThemedIconEngine(self._name, self._token, filled=self._filled)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paints the icon centred in `rect`."""
        del state
        size = min(rect.width(), rect.height())
        paint_icon(painter, QRectF(rect), self._name, self._color(mode), size, filled=self._filled)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Returns the icon at `size` device pixels, ratio 1."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """Returns the icon at `size` logical pixels for a screen of `scale`."""
        del state
        pixmap = QPixmap(size * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        side = min(size.width(), size.height())
        rect = QRectF(0, 0, size.width(), size.height())
        paint_icon(painter, rect, self._name, self._color(mode), side, filled=self._filled)
        painter.end()
        return pixmap


def icon(name: str, token: str = "text", *, filled: bool = False) -> QIcon:
    """Returns a themed `QIcon`, for menus and actions."""
    return QIcon(ThemedIconEngine(name, token, filled=filled))
