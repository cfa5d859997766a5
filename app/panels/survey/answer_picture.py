from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.canvas.thumbnails import to_qimage
from app.i18n.texts import tr
from app.runtime.thread_pool import ThreadPool, Ticket
from app.theme.theme import look
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.cards.card_delegate import scaled


class AnswerPicture(QWidget):
    """What a model made: a picture, words, or both; nothing says which model."""

    def __init__(self, work: ThreadPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._reading = work, Ticket()
        self._path: Path | None = None
        self.title = QuietLabel("", self)
        self.picture = _Picture(self)
        self.words = Sentence("", self, size=14, token="text")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.picture, 1)
        column.addWidget(self.words)

    def show_answer(self, title: str, path: Path | None, words: str) -> None:
        """Shows an answer; `path` is its picture, None for none."""
        self.title.set_text(title)
        self.title.setVisible(bool(title))
        self.words.set_text(words)
        self.words.setVisible(bool(words))
        self.picture.setVisible(path is not None)
        self.picture.setAccessibleName(title or tr("The picture"))
        if path == self._path:
            return
        self._path = path
        self._reading.cancel()
        self.picture.show_image(None)
        if path is not None:
            self._reading = self._work.run(
                lambda ticket: _pixels(path),
                lambda pixels: self.picture.show_image(to_qimage(pixels)),
                lambda error: self.picture.setAccessibleName(tr("This picture cannot be read")),
                2,
            )


class _Picture(QWidget):
    """The whole picture, as large as its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(320), look().px(260))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._image is None or self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        fitted = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, fitted.width(), fitted.height())
        place.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(place, scaled(self._image, place, painter))


def _pixels(path: Path) -> NDArray[np.uint8]:
    """(h, w, 3) `uint8` of a picture of a survey; for worker threads."""
    from PIL import Image as Pillow

    with Pillow.open(path) as picture:
        return np.asarray(picture.convert("RGB"))
