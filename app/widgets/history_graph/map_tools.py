"""What stands in the options row while the map is open: search, Starred, how much there is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.theme.icons import icon, paint_icon
from app.theme.theme import MEDIUM, RADIUS_CONTROL, look
from app.widgets.basics.buttons import Button
from app.widgets.basics.key_caps import key_caps, with_key
from app.widgets.basics.labels import QuietLabel
from app.widgets.basics.painting import draw_text, rounded, text_width


class SearchField(QLineEdit):
    """A field for words. Esc empties it, then leaves it.

    Signals:
        left(): Esc in the empty field, or ↓.
    """

    left = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        glass = QAction(icon("search", "text2"), "", self)
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.setClearButtonEnabled(False)

    def event(self, event: QEvent) -> bool:
        """Keeps Esc from the window while the field means something by it."""
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        mine = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if override and isinstance(event, QKeyEvent) and event.key() in mine:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and ↓ lead back to what is searched."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Room for three words."""
        return QSize(look().px(190), look().px(28))


class StarFilter(Button):
    """A star and a word; filled and raised while only starred ideas are meant."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setText(text)
        self.explain(text)

    def sizeHint(self) -> QSize:
        """Star, word and padding."""
        px = look().px
        return QSize(round(px(16) + 6 + text_width(self.text(), 13, MEDIUM) + 2 * px(9)), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the box where it means something, star and word."""
        del event
        t, painter, px, rect = look().tokens, QPainter(self), look().px, QRectF(self.rect())
        on = self.isChecked()
        if on or self.underMouse() or self.isDown():
            border = t.edge if on and (t.high_contrast or not t.dark) else None
            fill = t.raised if on or t.dark else t.hover
            rounded(painter, rect, RADIUS_CONTROL, fill, border)
        star = QRectF(px(9), 0, px(16), rect.height())
        ink = t.text if on else t.text2
        paint_icon(painter, star, "star", t.ring if on else ink, px(16), filled=on)
        words = QRectF(star.right() + 6, 0, rect.right() - star.right(), rect.height())
        draw_text(painter, words, self.text(), ink, 13, MEDIUM)


class MapTools(QWidget):
    """Search by words and Starred; how many ideas there are, or how many match.

    Signals:
        changed(str, bool): the words, and whether only starred ideas are meant.
        next_asked(): Enter: to the next idea that matches.
        left(): back to the map.
    """

    changed = Signal(str, bool)
    next_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField(self.tr("Search your ideas"), self)
        self.search.setObjectName("map-search")
        self.starred = StarFilter(self.tr("Starred"), self)
        self.starred.setObjectName("map-starred")
        self.count = QuietLabel("", self, size=13)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.search)
        row.addWidget(self.starred)
        row.addWidget(self.count)
        row.addStretch(1)
        self.search.setMaximumWidth(look().px(220))
        self.search.setMinimumWidth(look().px(80))
        self.search.textChanged.connect(self._on_search_changed)
        self.search.returnPressed.connect(self.next_asked)
        self.search.left.connect(self.left)
        self.starred.toggled.connect(self._on_search_changed)
        key_caps().changed.connect(self._say_key)
        self._say_key()

    def _say_key(self) -> None:
        self.search.setToolTip(with_key(self.tr("Search your ideas"), "history_search"))

    @property
    def words(self) -> str:
        """What is searched for."""
        return self.search.text().strip()

    def _on_search_changed(self) -> None:
        self.changed.emit(self.words, self.starred.isChecked())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The figures go before the field gets too short."""
        super().resizeEvent(event)
        px = look().px
        need = px(150) + self.starred.sizeHint().width() + self.count.sizeHint().width() + 16
        self.count.setVisible(self.width() >= need)

    def minimumSizeHint(self) -> QSize:
        """Field and star; the figures may go."""
        return QSize(look().px(80) + 8 + self.starred.sizeHint().width(), look().px(28))
