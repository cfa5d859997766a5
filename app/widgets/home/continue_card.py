"""The document worked on last: its picture large, what was done, and the way back to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.theme.theme import MEDIUM, RADIUS_KEY, SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton, PushButton
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.basics.painting import rounded
from app.widgets.cards.card_delegate import scaled

PICTURE_HEIGHT = 280
"""Logical height of the picture in a window with room."""
STRIP_HEIGHT = 42
SHOWN = 5
"""Ideas in the strip."""


@dataclass(frozen=True, eq=False)
class ContinueData:
    """What is said of the document.

    Attributes:
        id: handed out by signals.
        when: when it was open last, as a sentence.
        name: of the document.
        ideas: how many ideas on how many branches.
        kept: what was kept last, in quotation marks; "" for nothing.
        picture: key of the large picture, "" for none.
        strip: keys of the newest ideas' pictures, oldest first.
        current: key of the current one of them.
    """

    id: str
    when: str
    name: str
    ideas: str
    kept: str = ""
    picture: str = ""
    strip: tuple[str, ...] = ()
    current: str = ""


class PictureView(QWidget):
    """A whole picture, as large as fits; a click is a click on what it shows."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_image(self, image: QImage | None) -> None:
        """Show a picture, or the place it will take."""
        self._image = image
        self.updateGeometry()
        self.update()

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the surround and the picture."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        rounded(painter, rect, RADIUS_KEY, t.surround, t.edge if t.high_contrast else t.line)
        image, inner = self._image, rect.adjusted(1, 1, -1, -1)
        if image is None or image.isNull():
            return
        factor = min(inner.width() / image.width(), inner.height() / image.height())
        box = QRectF(0, 0, image.width() * factor, image.height() * factor)
        box.moveCenter(inner.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(box, scaled(image, box, painter))


class IdeaStrip(QWidget):
    """The newest ideas in a row, the current one with a ring."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: tuple[str, ...] = ()
        self._current = ""
        self._images: dict[str, QImage] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_ideas(self, keys: Sequence[str], current: str) -> None:
        """Show these; their pictures may come later."""
        self._keys, self._current = tuple(keys), current
        self._images = {key: self._images[key] for key in keys if key in self._images}
        self.setVisible(len(self._keys) > 1)
        self.update()

    def set_image(self, key: str, image: QImage) -> None:
        """A picture has come."""
        if key in self._keys:
            self._images[key] = image
            self.update()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(look().px(200), look().px(STRIP_HEIGHT) + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints as many of the newest as fit."""
        del event
        t, painter = look().tokens, QPainter(self)
        height, x = look().px(STRIP_HEIGHT), 4.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for key in self._keys:
            image = self._images.get(key)
            share = image.width() / image.height() if image is not None else 4 / 3
            box = QRectF(x, 4, min(max(height * share, 20.0), height * 2.0), height)
            if box.right() + 4 > self.width():
                break
            painter.fillRect(box, t.surround)
            if image is not None:
                painter.drawImage(box, scaled(image, box, painter))
            if key == self._current:
                rounded(painter, box.adjusted(-3, -3, 3, 3), RADIUS_KEY, None, t.ring, 2)
            x = box.right() + look().px(8)


class ContinueCard(QWidget):
    """The document worked on last.

    Signals:
        opened(str), map_asked(str): continue there, or look at its map.
    """

    opened = Signal(str)
    map_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = ContinueData("", "", "", "")
        self.picture = PictureView(self)
        self.when = QuietLabel("", self, size=13)
        self.name = QuietLabel("", self, size=24, weight=SEMIBOLD, token="text", least=60)
        self.ideas = QuietLabel("", self, size=13)
        self.kept = Sentence("", self, size=13, weight=MEDIUM, token="text")
        self.strip = IdeaStrip(self)
        self.go_on = PushButton(
            self.tr("Continue"), self, kind="gold", key=self.tr("Enter"), height=40
        )
        self.go_on.setObjectName("continue")
        self.map = LinkButton(self.tr("Show the map"), self)
        self.map.setObjectName("continue-map")
        words = QVBoxLayout()
        words.setSpacing(4)
        for widget in (self.when, self.name, self.ideas, self.kept):
            words.addWidget(widget)
        words.addSpacing(8)
        words.addWidget(self.strip)
        words.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(20)
        buttons.addWidget(self.go_on)
        buttons.addWidget(self.map)
        buttons.addStretch(1)
        words.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(26)
        row.addWidget(self.picture, 5)
        row.addLayout(words, 4)
        self.picture.clicked.connect(self.go_on.click)
        self.go_on.clicked.connect(lambda: self.opened.emit(self._data.id))
        self.map.clicked.connect(lambda: self.map_asked.emit(self._data.id))
        self.set_height(PICTURE_HEIGHT)

    @property
    def document(self) -> str:
        """Id of the document shown."""
        return self._data.id

    def set_height(self, height: int) -> None:
        """Logical height of the picture: less in low windows."""
        self.picture.setFixedHeight(look().px(height))

    def show_document(self, data: ContinueData) -> None:
        """Show this one; pictures that are still under way stay as they are."""
        if data.picture != self._data.picture:
            self.picture.set_image(None)
        self._data = data
        self.when.set_text(data.when)
        self.name.set_text(data.name)
        self.ideas.set_text(data.ideas)
        self.kept.set_text(data.kept)
        self.kept.setVisible(bool(data.kept))
        self.strip.set_ideas(data.strip, data.current)

    def set_image(self, key: str, image: QImage) -> None:
        """A picture has come."""
        if key == self._data.picture:
            self.picture.set_image(image)
        self.strip.set_image(key, image)
