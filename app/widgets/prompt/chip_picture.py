"""The small picture in a suggestion chip: what the edit would look like."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath

from app.theme.theme import look

SIDE: Final = 22
_INSET: Final = 8
_RADIUS: Final = 6
_LARGE: Final = 224
"""Longer side of the picture in the tooltip, in pixels."""


@dataclass(frozen=True, eq=False)
class ChipPicture:
    """A picture, or the place where it will be.

    Attributes:
        image: None while it is drawn.
        has_place: False for chips that get none, which keep their width.
    """

    image: QImage | None = None
    has_place: bool = False

    @property
    def width(self) -> int:
        """What it adds to its chip."""
        return look().px(SIDE + 2) if self.has_place else 0

    def paint(self, painter: QPainter, chip: QRectF) -> None:
        """Paint it at the left end of a chip, cut to a square; a quiet field while it is drawn."""
        if not self.has_place:
            return
        side, radius = look().px(SIDE), look().px(_RADIUS)
        box = QRectF(look().px(_INSET), (chip.height() - side) / 2, side, side)
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.fillPath(path, look().tokens.line)
        if self.image is not None:
            width, height = self.image.width(), self.image.height()
            square = min(width, height)
            part = QRectF((width - square) / 2, (height - square) / 2, square, square)
            painter.setClipPath(path)
            painter.drawImage(box, self.image, part)
        painter.restore()

    def tooltip(self, hint: str) -> str:
        """A chip's tooltip: the picture above its words, or the words alone."""
        if self.image is None:
            return hint
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes
        data = bytes(buffer.data().toBase64().data()).decode("ascii")
        longer = "width" if self.image.width() >= self.image.height() else "height"
        shown = f'<img src="data:image/png;base64,{data}" {longer}="{look().px(_LARGE)}">'
        words = html.escape(hint).replace("\n", "<br>")
        return f"<p>{shown}</p><p>{words}</p>"
