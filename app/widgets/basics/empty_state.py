"""Empty states: what is shown where nothing has been tried or opened yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import (
    MEDIUM,
    RADIUS_CARD,
    RADIUS_KEY,
    RADIUS_PANEL,
    SEMIBOLD,
    look,
)
from app.widgets.basics.buttons import Button, LinkButton, PushButton
from app.widgets.basics.key_caps import key_caps
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.basics.painting import rounded, set_focus_radius
from app.widgets.basics.steps import GuideStep
from app.widgets.cards.card_delegate import scaled


@dataclass(frozen=True, eq=False)
class PictureTile:
    """A picture that can be opened: id, name, thumbnail."""

    id: str
    name: str
    thumbnail: QImage | None = None


class TileButton(Button):
    """A picture to open. The whole picture is shown, never cropped."""

    def __init__(self, tile: PictureTile, side: int = 70, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tile, self._side = tile, side
        self.setObjectName(f"tile-{tile.id}")
        self.explain(tile.name)
        set_focus_radius(self, RADIUS_KEY)

    def sizeHint(self) -> QSize:
        """As wide as its picture, at one height for all."""
        height, image = look().px(self._side), self.tile.thumbnail
        if image is None or image.isNull():
            return QSize(height, height)
        width = min(round(height * image.width() / image.height()), height * 2)
        return QSize(max(width, look().px(28)), height)

    def minimumSizeHint(self) -> QSize:
        """Tiles get smaller where there is less room."""
        return QSize(look().px(28), look().px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the picture."""
        del event
        t, painter, box = look().tokens, QPainter(self), QRectF(self.rect())
        image = self.tile.thumbnail
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if image is None or image.isNull():
            rounded(painter, box, RADIUS_KEY, t.hover)
        else:
            fitted = image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            box = QRectF(0, 0, fitted.width(), fitted.height())
            box.moveCenter(QRectF(self.rect()).center())
            path = QPainterPath()
            path.addRoundedRect(box, RADIUS_KEY, RADIUS_KEY)
            painter.setClipPath(path)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, scaled(image, box, painter))
            painter.setClipping(False)
        if self.underMouse():
            rounded(painter, box, RADIUS_KEY, None, t.text, 2)


class InfoCard(QWidget):
    """A short notice with up to two links, in the column, never over the picture.

    Signals:
        clicked(str): id of the link.
    """

    clicked = Signal(str)

    def __init__(
        self,
        title: str,
        text: str,
        links: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
        *,
        icon_name: str = "info",
        token: str = "text2",
    ) -> None:
        super().__init__(parent)
        self._icon, self._token = icon_name, token
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 12, 14, 8)
        column.setSpacing(2)
        column.addWidget(Sentence(title, self, weight=SEMIBOLD, token="text"))
        column.addWidget(Sentence(text, self))
        if links:
            line = QHBoxLayout()
            line.setContentsMargins(0, 4, 0, 0)
            line.setSpacing(20)
            for link_id, words in links:
                button = LinkButton(words, self)
                button.setObjectName(f"info-{link_id}")
                button.clicked.connect(partial(self._click, link_id))
                line.addWidget(button)
            line.addStretch(1)
            column.addLayout(line)
        else:
            column.addSpacing(4)
        look().changed.connect(self.update)

    def _click(self, link_id: str) -> None:
        self.clicked.emit(link_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints card and icon."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        rounded(painter, rect, RADIUS_CARD, t.raised, t.edge if t.high_contrast else t.line)
        side = look().px(16)
        box = QRectF(14, 13, side, side)
        paint_icon(painter, box, self._icon, getattr(t, self._token), side)


class NothingTried(QWidget):
    """What the results panel shows before the first run: Say it, Choose, Keep.

    Signals:
        sample_asked(str): open this sample.
    """

    sample_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nothing-tried")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 16, 12)
        column.setSpacing(16)
        self._title = QuietLabel("", self, size=15, weight=SEMIBOLD, token="text")
        column.addWidget(self._title)
        steps = (
            (
                "message-square-text",
                self.tr("Say it"),
                self.tr("Write what should change, or take a suggestion."),
            ),
            (
                "layout-grid",
                self.tr("Choose"),
                self.tr("Results stand side by side, best first, each with its reason."),
            ),
            (
                "git-fork",
                self.tr("Keep"),
                self.tr("What you keep joins the history. Nothing is ever lost."),
            ),
        )
        self._steps = [GuideStep(*step, self) for step in steps]
        for step in self._steps:
            column.addWidget(step)
        self._samples = QWidget(self)
        inner = QVBoxLayout(self._samples)
        inner.setContentsMargins(0, 4, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(QuietLabel(self.tr("Other samples"), self, size=12, weight=SEMIBOLD))
        self._tiles = QHBoxLayout()
        self._tiles.setSpacing(9)
        inner.addLayout(self._tiles)
        column.addWidget(self._samples)
        self._samples.hide()
        self._card_place = QVBoxLayout()
        self._card_place.setContentsMargins(-4, 4, 0, 0)
        column.addLayout(self._card_place)
        column.addStretch(1)
        self.set_begun(False)

    def set_begun(self, begun: bool) -> None:
        """Whether ideas were kept before: then how it goes and samples need not be shown."""
        self._begun = begun
        self._title.set_text(
            self.tr("Nothing tried from this idea yet") if begun else self.tr("Nothing tried yet")
        )
        for step in self._steps[1:]:
            step.setVisible(not begun)
        self._samples.setVisible(self._tiles.count() > 0 and not begun)

    def set_samples(self, tiles: Sequence[PictureTile]) -> None:
        """Shows the other samples there are."""
        _empty(self._tiles)
        for tile in tiles:
            button = TileButton(tile, parent=self)
            # In large type they shrink, so that the words above them are not cut.
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            button.clicked.connect(partial(self._ask, tile.id))
            self._tiles.addWidget(button)
        if tiles:
            self._tiles.addStretch(1)
        self._samples.setVisible(bool(tiles) and not self._begun)

    def set_card(self, card: InfoCard | None) -> None:
        """Shows a notice under the samples."""
        _empty(self._card_place)
        if card is not None:
            self._card_place.addWidget(card)

    def _ask(self, tile_id: str) -> None:
        self.sample_asked.emit(tile_id)


class Nothing(QWidget):
    """A quiet, honest empty panel: icon, heading, sentence, at most one button."""

    clicked = Signal()

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str,
        button: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 16, 12)
        column.setSpacing(14)
        column.addWidget(GuideStep(icon_name, title, text, self))
        if button:
            push = PushButton(button, self)
            push.clicked.connect(self.clicked)
            line = QHBoxLayout()
            line.setContentsMargins(50, 0, 0, 0)
            line.addWidget(push)
            line.addStretch(1)
            column.addLayout(line)
        column.addStretch(1)


class DropFrame(QWidget):
    """The canvas without a document: a dashed frame and three ways in.

    Signals:
        open_asked(), paste_asked(), words_asked()
    """

    open_asked = Signal()
    paste_asked = Signal()
    words_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drop-frame")
        self.setAccessibleName(self.tr("No picture is open"))
        self._frame = QWidget(self)
        box = QVBoxLayout(self._frame)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(6)
        box.addStretch(2)
        box.addSpacing(44)
        heading = self.tr("Drop a picture here")
        self._heading = QuietLabel(heading, self, size=16, weight=MEDIUM, token="text")
        box.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignHCenter)
        kinds = self.tr("PNG, JPEG, WebP and TIFF, up to 16 bit")
        box.addWidget(QuietLabel(kinds, self, token="text2"), 0, Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(12)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        self.open_button = PushButton(parent=self)
        self.open_button.setObjectName("empty-open")
        self.paste_button = PushButton(parent=self)
        self.paste_button.setObjectName("empty-paste")
        self.words_button = PushButton(self.tr("From words"), self)
        self.words_button.setObjectName("empty-words")
        self.open_button.clicked.connect(self.open_asked)
        self.paste_button.clicked.connect(self.paste_asked)
        self.words_button.clicked.connect(self.words_asked)
        for button in (self.open_button, self.paste_button, self.words_button):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            line.addWidget(button)
        line.addStretch(1)
        box.addLayout(line)
        box.addStretch(3)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._frame, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(20)
        column.addStretch(1)
        self._size()
        look().changed.connect(self._size)
        key_caps().changed.connect(self._show_keys)
        self._show_keys()

    def _show_keys(self) -> None:
        self.open_button.set_content(self.tr("Open"), key_caps().of("open"))
        self.paste_button.set_content(self.tr("Paste"), key_caps().of("paste"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As wide as the design has it where there is room."""
        super().resizeEvent(event)
        self._size()

    def _size(self) -> None:
        self._frame.setMinimumSize(look().px(320), look().px(200))
        self._frame.setMaximumSize(look().px(480), look().px(280))
        self._frame.setFixedSize(
            min(look().px(480), max(self.width() - 48, look().px(320))), look().px(280)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints surround, dashed frame and icon."""
        del event
        t, painter = look().tokens, QPainter(self)
        painter.fillRect(self.rect(), look().tokens.surround)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self._frame.geometry()).adjusted(1, 1, -1, -1)
        # Text needs a ground it was measured on, so the frame is filled with the window's grey.
        painter.setBrush(t.window)
        pen = QPen(t.edge, 1.5)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.drawRoundedRect(frame, RADIUS_PANEL, RADIUS_PANEL)
        side = look().px(30)
        middle = self._heading.mapTo(self, self._heading.rect().center())
        box = QRectF(middle.x() - side / 2, middle.y() - look().px(22) - side, side, side)
        paint_icon(painter, box, "image-plus", t.text2, side)


def _empty(layout: QHBoxLayout | QVBoxLayout | QGridLayout) -> None:
    """Takes everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
