"""The contact sheet of ideas as one picture or one page of a PDF file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPageSize, QPainter, QPdfWriter

from app.canvas.display_pixels import image_array
from app.i18n.texts import tr
from app.theme.theme import look

ACROSS: Final = 3
SIDE: Final = 512
"""Pixels of a picture's longer side."""

_DPI: Final = 96
_POINTS: Final = 72 / _DPI
_MARGIN: Final = 48
_WORDS: Final = 132
_INK, _QUIET, _GROUND = QColor("#1A1A1A"), QColor("#5A5A5A"), QColor("#FFFFFF")


@dataclass(frozen=True, eq=False)
class BoardCell:
    """A picture of the board with its words: a sentence or a concept, and the prompt."""

    picture: QImage
    title: str
    prompt: str


def board_size(cells: int) -> tuple[int, int]:
    """Width and height of the board in pixels."""
    across = min(ACROSS, max(cells, 1))
    rows = -(-max(cells, 1) // across)
    return _MARGIN + across * (SIDE + _MARGIN), _MARGIN + rows * (SIDE + _WORDS + _MARGIN)


def board_pixels(cells: Sequence[BoardCell]) -> NDArray[np.uint8]:
    """The board as (h, w, 3) `uint8` sRGB; GUI thread."""
    board = QImage(*board_size(len(cells)), QImage.Format.Format_RGB32)
    board.fill(_GROUND)
    painter = QPainter(board)
    _paint(painter, cells)
    painter.end()
    return np.ascontiguousarray(image_array(board)[:, :, 2::-1])


def board_pdf(cells: Sequence[BoardCell]) -> bytes:
    """The board as a PDF file of one page; GUI thread."""
    width, height = board_size(len(cells))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    points = QSizeF(width * _POINTS, height * _POINTS)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", exact))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    _paint(painter, cells)
    painter.end()
    buffer.close()
    return bytes(data.data())


def write_board(path: Path, board: NDArray[np.uint8] | bytes) -> None:
    """Write a board; for worker threads.

    Args:
        path: of the file.
        board: pixels become a PNG file, the bytes of a file stay as they are.

    Raises:
        ExpectedError: the file cannot be written there.
    """
    from PIL import Image as Pillow

    from editor.formats.whole_file import whole_file

    with whole_file(path) as file:
        if isinstance(board, bytes):
            file.write(board)
        else:
            Pillow.fromarray(board).save(file, "PNG", compress_level=4)


def _paint(painter: QPainter, cells: Sequence[BoardCell]) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    across = min(ACROSS, max(len(cells), 1))
    for place, cell in enumerate(cells):
        left = _MARGIN + place % across * (SIDE + _MARGIN)
        top = _MARGIN + place // across * (SIDE + _WORDS + _MARGIN)
        fitted = cell.picture.size().scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(0, 0, fitted.width(), fitted.height())
        box.moveCenter(QRectF(left, top, SIDE, SIDE).center())
        painter.drawImage(box, cell.picture)
        words = QRectF(left, top + SIDE + 12, SIDE, _WORDS - 12)
        title = tr("{0}. {1}").format(place + 1, cell.title)
        used = _write(painter, words, title, QFont.Weight.DemiBold, _INK, 18)
        if cell.prompt != cell.title:
            below = words.adjusted(0, used + 4, 0, 0)
            _write(painter, below, cell.prompt, QFont.Weight.Normal, _QUIET, 15)


def _write(
    painter: QPainter, box: QRectF, text: str, weight: QFont.Weight, ink: QColor, size: int
) -> float:
    """Wrapped words; returns their height."""
    font = QFont(look().font(13))
    font.setPixelSize(size)
    font.setWeight(weight)
    painter.setFont(font)
    painter.setPen(ink)
    return float(painter.drawText(box, int(Qt.TextFlag.TextWordWrap), text).height())
