from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.canvas.thumbnails import Thumbnails
from app.i18n.texts import tr
from app.panels import wording
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.session import Session
from app.widgets.basics.buttons import ToolButton
from app.widgets.basics.labels import PanelHeader
from app.widgets.history_graph.history_list import HistoryList
from app.widgets.history_graph.lanes import HistoryRow
from editor.model.history import History


class HistoryPanel(QWidget):
    """Every idea, the way from the root to here, branches and stars.

    Signals:
        menu_asked(str, QPoint), rename_asked(str), note_asked(str), compare_asked(str)
        hovered(str): show this idea on the canvas, "" for no longer.
        map_asked(), search_asked()
    """

    menu_asked = Signal(str, QPoint)
    rename_asked = Signal(str)
    note_asked = Signal(str)
    compare_asked = Signal(str)
    hovered = Signal(str)
    map_asked = Signal()
    search_asked = Signal()

    def __init__(
        self,
        session: Session,
        thumbnails: Thumbnails,
        scheduler: UiScheduler,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._thumbnails = thumbnails
        self._scheduler = scheduler
        self._names: set[str] = set()
        """Digests of pictures in sight whose thumbnail was asked for."""
        self.setObjectName("history-panel")
        self.header = PanelHeader(tr("History"), self)
        self.map = ToolButton("git-fork", "", "", self, size=28, icon_size=16)
        self.map.explain_action(tr("Map of ideas"), "view_map")
        self.map.setObjectName("map")
        self.search = ToolButton("search", "", "", self, size=28, icon_size=16)
        self.search.explain_action(tr("Search the history"), "history_search")
        self.search.setObjectName("history-search")
        self.header.add(self.map)
        self.header.add(self.search)
        self.list = HistoryList(self)
        self.list.set_thumbnails(self._thumbnail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.list, 1)
        self.map.clicked.connect(self.map_asked)
        self.search.clicked.connect(self.search_asked)
        self.list.search_asked.connect(self.search_asked)
        self.list.go_asked.connect(session.go)
        self.list.star_asked.connect(session.binding.star)
        self.list.rename_asked.connect(self.rename_asked)
        self.list.note_asked.connect(self.note_asked)
        self.list.compare_asked.connect(self.compare_asked)
        self.list.menu_asked.connect(self.menu_asked)
        self.list.hovered.connect(self.hovered)
        session.changed.connect(self._on_changed)
        thumbnails.ready.connect(self._on_thumbnail)
        self.refresh()

    def set_tabbed(self, tabbed: bool) -> None:
        """In narrow windows a tab says what this is."""
        self.header.title.setVisible(not tabbed)
        self.header.detail.setVisible(not tabbed)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.HISTORY | Changes.HEAD | Changes.DOCUMENT | Changes.PIXELS):
            self._scheduler.later(self.refresh)

    def _on_thumbnail(self, name: str) -> None:
        if name in self._names:
            self.list.viewport().update()

    def _thumbnail(self, node_id: str, side: float) -> QImage | None:
        document = self._session.document
        node = document.history.nodes.get(node_id) if document is not None else None
        if node is None or node.picture is None:
            return None
        self._names.add(node.picture.image.pixel_digest)
        return self._thumbnails.of_image(node.picture.image, side)

    def refresh(self) -> None:
        """Show the tree of the document."""
        document = self._session.document
        if document is None:
            self.list.set_rows(())
            return
        history = document.history
        trail = trail_of(history)
        rows = []
        self._names.clear()
        for node in sorted(history.nodes.values(), key=lambda n: (n.time, n.id)):
            image = node.picture.image if node.picture is not None else None
            rows.append(
                HistoryRow(
                    id=node.id,
                    parent=node.parent or "",
                    spans=wording.node_spans(node, history.names.get(node.id, "")),
                    time=wording.clock(node.time),
                    aspect=image.width / image.height if image is not None else 16 / 9,
                    on_trail=node.id in trail,
                    here=node.id == history.head,
                    starred=node.id in history.starred,
                    name=history.names.get(node.id, ""),
                    note=history.notes.get(node.id, ""),
                    made=wording.made_line(node),
                )
            )
        self.list.set_rows(rows)
        self.header.say(tr("History"), str(len(rows)) if len(rows) > 1 else "")


def trail_of(history: History) -> frozenset[str]:
    """Ids on the way from the root to where redo would lead."""
    if history.head is None:
        return frozenset()
    return frozenset((*history.path(history.head), *history.trail))
