"""Words: quiet labels, headings of panels, wrapped sentences."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.theme.theme import MEDIUM, REGULAR, ROW_PADDING, SEMIBOLD, look
from app.widgets.basics.painting import (
    blend,
    draw_key_cap,
    draw_text,
    key_cap_height,
    key_cap_width,
    set_focus_radius,
    text_width,
)

WHOLE: Final = 1000
"""As `least` of a label: it is never cut, what stands beside it gives way."""


class QuietLabel(QWidget):
    """One line of words in a token's colour, elided when there is no room.

    Signals:
        clicked(): only after `set_clickable`.
    """

    clicked = Signal()

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: int = 12,
        weight: QFont.Weight = REGULAR,
        token: str = "text2",
        least: int = 24,
    ) -> None:
        """Args: `least` is the width below which it is never elided."""
        super().__init__(parent)
        self._size, self._weight, self._token = size, weight, token
        self._least = least
        self._clickable = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._text = ""
        self.set_text(text)
        look().changed.connect(self._relook)

    @property
    def text(self) -> str:
        """The words."""
        return self._text

    def set_text(self, text: str) -> None:
        """Changes the words."""
        self._text = text
        self.setAccessibleName(text)
        self._relook()

    def set_clickable(self, hint: str) -> None:
        """Makes the words a quiet button; `hint` says what a click does."""
        self._clickable = True
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(hint)
        self.setAccessibleDescription(hint)
        set_focus_radius(self, 4)

    def _relook(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The whole line; 28 high where it can be clicked."""
        height = round(QFontMetricsF(look().font(self._size, self._weight)).height()) + 2
        if self._clickable:
            height = max(height, look().px(28))
        return QSize(round(text_width(self._text, self._size, self._weight)) + 2, height)

    def minimumSizeHint(self) -> QSize:
        """May be elided to almost nothing."""
        hint = self.sizeHint()
        return QSize(min(look().px(self._least), hint.width()), hint.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        if self._clickable and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space click too."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if self._clickable and event.key() in keys:
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the line."""
        del event
        hot = self._clickable and self.underMouse()
        ink = getattr(look().tokens, "text" if hot else self._token)
        draw_text(QPainter(self), QRectF(self.rect()), self._text, ink, self._size, self._weight)


class KeyHint(QWidget):
    """A key in its cap and what it does, for keys that have no button."""

    def __init__(self, key: str, text: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._text = key, text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{key} {text}")
        self.setToolTip(hint)
        look().changed.connect(self._relook)

    def _relook(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Cap and words."""
        width = key_cap_width(self._key) + look().px(7) + text_width(self._text, 13)
        return QSize(round(width) + 2, max(round(key_cap_height()), look().px(20)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints cap and words."""
        del event
        t, painter = look().tokens, QPainter(self)
        border = blend(t.window, t.text2, 0.42)
        x = draw_key_cap(painter, 0, self.height() / 2, self._key, t.text2, border)
        area = QRectF(x + look().px(7), 0, self.width(), self.height())
        draw_text(painter, area, self._text, t.text2, 13)


class Sentence(QWidget):
    """Words that wrap: explanations in empty states and cards."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: int = 13,
        weight: QFont.Weight = REGULAR,
        token: str = "text2",
    ) -> None:
        super().__init__(parent)
        self._size, self._weight, self._token = size, weight, token
        self._text = text
        self._laid_out = 0
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look().changed.connect(self.updateGeometry)

    def set_text(self, text: str) -> None:
        """Changes the words."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_token(self, token: str) -> None:
        """Another colour, by its token."""
        self._token = token
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Wrapped words are as high as their width makes them."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Returns the height of the wrapped words."""
        metrics = QFontMetrics(look().font(self._size, self._weight))
        box = metrics.boundingRect(
            QRect(0, 0, max(width, 1), 10000), int(Qt.TextFlag.TextWordWrap), self._text
        )
        return box.height() + 2

    def sizeHint(self) -> QSize:
        """A comfortable measure; as high as the words are in the width they have.

        A layout gives no more height than this, whatever `heightForWidth` says, and no less.
        """
        width = look().px(240)
        return QSize(width, self.heightForWidth(self._laid_out or width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the new width needs."""
        super().resizeEvent(event)
        if self.width() != self._laid_out:
            self._laid_out = self.width()
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Narrow, but readable; never higher than one line is."""
        line = QFontMetrics(look().font(self._size, self._weight)).height() + 2
        return QSize(look().px(80), min(look().px(18), line))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the words."""
        del event
        painter = QPainter(self)
        painter.setFont(look().font(self._size, self._weight))
        painter.setPen(getattr(look().tokens, self._token))
        painter.drawText(self.rect(), int(Qt.TextFlag.TextWordWrap), self._text)


class PanelHeader(QWidget):
    """A panel's heading: title, quiet detail, and room for icons at the right.

    Height 40, so that it lines up with the options row beside it.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title = QuietLabel(title, self, size=13, weight=SEMIBOLD, token="text", least=90)
        self.detail = QuietLabel("", self, size=12, weight=MEDIUM, token="text2")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(ROW_PADDING, 0, 8, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self.title)
        self._row.addWidget(self.detail)
        self._row.addStretch(1)
        self._sayings: tuple[tuple[str, str], ...] = ((title, ""),)
        self._controls: list[QWidget] = []
        look().changed.connect(self.updateGeometry)

    def add(self, widget: QWidget) -> None:
        """Adds a control at the right."""
        self._row.addWidget(widget)
        self._controls.append(widget)

    @property
    def taken(self) -> int:
        """Width that the controls at the right take, in logical pixels."""
        shown = [widget for widget in self._controls if not widget.isHidden()]
        gaps = self._row.spacing() * len(shown) + self._row.contentsMargins().right()
        return gaps + sum(widget.sizeHint().width() for widget in shown)

    def say(self, title: str, detail: str = "", shorter: str = "") -> None:
        """Says a title and a detail; where controls leave no room, a shorter title or no detail."""
        shorter = shorter or title
        self._sayings = (title, detail), (title, ""), (shorter, detail), (shorter, "")
        self.fit()

    def fit(self) -> None:
        """Chooses what is said again; after controls were shown or hidden."""
        taken = [widget for widget in self._controls if not widget.isHidden()]
        around = self._row.contentsMargins().left() + self._row.contentsMargins().right()
        gaps = self._row.spacing() * (len(taken) + 2)
        room = self.width() - around - gaps - sum(w.sizeHint().width() for w in taken)
        for title, detail in self._sayings:
            self.title.set_text(title)
            self.detail.set_text(detail)
            if self.title.sizeHint().width() + self.detail.sizeHint().width() <= room:
                break

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less may fit."""
        super().resizeEvent(event)
        self.fit()

    def sizeHint(self) -> QSize:
        """40 high before text scaling."""
        return QSize(look().px(240), look().px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the line under the heading."""
        del event
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, look().tokens.line)


def below(widget: QWidget, gap: int = 4) -> QPoint:
    """Returns the global point under a widget's left edge, where its menu opens."""
    return widget.mapToGlobal(QPoint(0, widget.height() + gap))
