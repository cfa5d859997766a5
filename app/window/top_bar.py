from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QMenuBar, QWidget

from app.i18n.texts import tr
from app.panels.wording import clock
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.session import Session
from app.theme.icons import paint_icon
from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.buttons import Button, ToolButton
from app.widgets.basics.key_caps import key_caps
from app.widgets.basics.labels import QuietLabel, below
from app.widgets.basics.painting import draw_key_cap, draw_text, key_cap_width, rounded
from app.window.action_set import ActionSet
from app.window.bar import Bar


class CommandField(Button):
    """Looks like a field, opens the command palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find-command")
        self.compact = False
        self.explain_action(tr("Find a command"), "find_command")
        key_caps().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """190 × 28, or a square in narrow windows."""
        px = look().px
        return QSize(px(28), px(28)) if self.compact else QSize(px(190), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints glass, words and key."""
        del event
        t, painter, px = look().tokens, QPainter(self), look().px
        rect = QRectF(self.rect())
        fill = t.hover if self.underMouse() else t.field
        rounded(painter, rect, 7, fill, t.line if t.dark else t.edge)
        side = px(15)
        if self.compact:
            paint_icon(painter, rect, "search", t.text2, side)
            return
        paint_icon(painter, QRectF(px(9), 0, side, rect.height()), "search", t.text2, side)
        key = key_caps().of("find_command")
        width = key_cap_width(key) if key else 0
        area = QRectF(px(30), 0, rect.width() - px(36) - width, rect.height())
        draw_text(painter, area, tr("Find a command"), t.text2, 12)
        if key:
            cap = rect.right() - width - px(5)
            draw_key_cap(painter, cap, rect.center().y(), key, t.text3, t.line)


class TopBar(Bar):
    """Menus, title and "saved", command field, undo and redo.

    Signals:
        titled(str): what the window's frame should say.
    """

    titled = Signal(str)

    def __init__(
        self,
        session: Session,
        actions: ActionSet,
        scheduler: UiScheduler,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("top-bar", 40, "bottom", parent)
        self._session = session
        self._scheduler = scheduler
        self._room = tr("Home") if session.document is None else ""
        self.menus = QMenuBar(self)
        self.menus.setObjectName("menus")
        self.menus.setNativeMenuBar(False)
        self.title = QuietLabel("", self, size=13, weight=SEMIBOLD, token="text")
        self.saved = QuietLabel("", self, size=12)
        self.find_field = CommandField(self)
        self.undo = ToolButton("undo-2", tr("Undo"), "", self, size=34, icon_size=17)
        self.redo = ToolButton("redo-2", tr("Redo"), "", self, size=34, icon_size=17)
        self.undo.setObjectName("undo")
        self.redo.setObjectName("redo")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 1)
        row.setSpacing(4)
        self.burger = ToolButton("menu", tr("Menus"), "", self, size=34, icon_size=18)
        self.burger.setObjectName("burger")
        self.burger.clicked.connect(self._open_menus)
        self.burger.hide()
        row.addWidget(self.burger)
        row.addWidget(self.menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        row.addWidget(self.find_field)
        row.addSpacing(6)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        self._follow(self.undo, actions["undo"])
        self._follow(self.redo, actions["redo"])
        session.changed.connect(self._on_changed)

    def set_folded(self, folded: bool) -> None:
        """All menus under one button, in narrow windows."""
        self.menus.setVisible(not folded)
        self.burger.setVisible(folded)
        self._place()

    def set_compact(self, compact: bool) -> None:
        """The command field as an icon."""
        self.find_field.compact = compact
        self.find_field.updateGeometry()

    def _open_menus(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("menus-folded")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.menus.actions())
        menu.popup(below(self.burger))

    def _follow(self, button: ToolButton, action: QAction) -> None:
        """The button is offered and named as its action is."""

        def show() -> None:
            button.setEnabled(action.isEnabled())
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            why = "" if action.isEnabled() else tr("There is nothing to go to.")
            button.explain(action.text(), key, why)

        button.clicked.connect(action.trigger)
        action.changed.connect(show)
        show()

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.DOCUMENT | Changes.HISTORY):
            self._scheduler.later(self.refresh)

    def set_room(self, room: str) -> None:
        """Say which room is in front; "" for the workspace, whose picture has the title."""
        self._room = room
        self.refresh()

    def refresh(self) -> None:
        """The document's name, and when it was last written."""
        document = self._session.document
        if document is None or self._room:
            place = self._room or tr("A new picture")
            self._set_title(place, "")
            self.titled.emit(f"{place} — Pentimento")
            return
        at = document.saved_at
        saved = tr("saved {0}").format(clock(at)) if at is not None else ""
        if document.read_only:
            saved = tr("read only, open in another window")
        self._set_title(document.title, saved)
        self.titled.emit(f"{document.title} — Pentimento")

    def _set_title(self, title: str, saved: str) -> None:
        self.title.set_text(title)
        self.saved.set_text(saved)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the title in the middle of the window."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        first = self.menus if self.burger.isHidden() else self.burger
        left = first.x() + first.sizeHint().width() + 16
        right = self.find_field.x() - 16
        title, saved = self.title.sizeHint().width(), self.saved.sizeHint().width()
        room = right - left
        self.saved.setVisible(bool(self.saved.text) and title + 8 + saved <= room)
        whole = title + (8 + saved if not self.saved.isHidden() else 0)
        self.title.setVisible(room > look().px(40))
        title = min(title, max(room, 0))
        x = min(max((self.width() - whole) // 2, left), max(right - whole, left))
        height = self.title.sizeHint().height()
        y = (self.height() - height) // 2
        self.title.setGeometry(x, y, title, height)
        self.saved.setGeometry(x + title + 8, y, saved, height)
