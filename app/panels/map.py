from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.canvas.thumbnails import Thumbnails
from app.i18n.texts import tr
from app.panels import wording
from app.panels.history_panel import trail_of
from app.panels.sheets import Sheets
from app.runtime.ui_scheduler import UiScheduler
from app.session import runs
from app.session.changes import Changes
from app.session.session import Session
from app.widgets.history_graph.idea_layout import CARD_HEIGHT, CARD_WIDTH
from app.widgets.history_graph.idea_map import IdeaMap
from app.widgets.history_graph.idea_model import Idea
from app.widgets.history_graph.lanes import HistoryRow
from app.widgets.history_graph.map_tools import MapTools
from editor.model.history import History, HistoryNode

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.document import Document

FOLLOWED = Changes.HISTORY | Changes.HEAD | Changes.DOCUMENT | Changes.PIXELS | Changes.JOB
"""Changes of the session after which the map may show something else."""


class MapPanel(QWidget):
    """Every idea of the document as a card; the sixth way to look.

    Signals:
        menu_asked(str, QPoint), rename_asked(str), note_asked(str), compare_asked(str)
        left(): the artist went to an idea and wants to see it.
    """

    menu_asked = Signal(str, QPoint)
    rename_asked = Signal(str)
    note_asked = Signal(str)
    compare_asked = Signal(str)
    left = Signal()

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
        self._stale = True
        self._document: object = None
        self.setObjectName("map-panel")
        self.ideas = IdeaMap(self)
        self.ideas.thumbnail_of = self._thumbnail
        self.tools = MapTools(self)
        self.tools.hide()
        self.sheets = Sheets(session, thumbnails)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.ideas)
        self.setFocusProxy(self.ideas)
        self.ideas.go_asked.connect(self._go)
        self.ideas.sheets_asked.connect(self._fan_out)
        self.ideas.star_asked.connect(session.binding.star)
        self.ideas.rename_asked.connect(self.rename_asked)
        self.ideas.note_asked.connect(self.note_asked)
        self.ideas.compare_asked.connect(self.compare_asked)
        self.ideas.menu_asked.connect(self.menu_asked)
        self.ideas.search_asked.connect(self.search)
        self.tools.changed.connect(self._filter)
        self.tools.next_asked.connect(self._next_match)
        self.tools.left.connect(self.ideas.setFocus)
        self.sheets.looked.connect(self.left)
        session.changed.connect(self._on_changed)
        thumbnails.ready.connect(self._on_thumbnail)

    # --- what the window asks -------------------------------------------------------------------

    def search(self) -> None:
        """Ctrl+F: the caret into the field."""
        self.tools.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tools.search.selectAll()

    def dismiss(self) -> bool:
        """Close what is fanned out; False if nothing was."""
        return self.sheets.dismiss()

    def _go(self, node_id: str) -> None:
        self._session.go(node_id)
        self.left.emit()

    def _fan_out(self, node_id: str, card: QRect) -> None:
        self.sheets.open(node_id, card, self.window())

    # --- content --------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catches up with what changed while the map was closed."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _on_changed(self, changes: Changes) -> None:
        if changes & FOLLOWED:
            self._stale = True
            if self.isVisible():
                self._scheduler.later(self.refresh)

    def _on_thumbnail(self, name: str) -> None:
        if name in self._names and self.isVisible():
            self.ideas.viewport().update()

    def refresh(self) -> None:
        """Show the tree of the document."""
        self._stale = False
        document = self._session.document
        if document is not self._document:
            self._document = document
            self.sheets.dismiss()
        ideas = []
        if document is not None:
            ideas = ideas_of(document.history, partial(_left_from, document))
        self._names = set()
        self.ideas.set_ideas(ideas)
        self._filter(self.tools.words, self.tools.starred.isChecked())

    def _filter(self, words: str, starred_only: bool) -> None:
        found = self.ideas.set_filter(words, starred_only)
        ideas = self.ideas.ideas.ideas
        if words or starred_only:
            text = tr("{0} of {1} ideas").format(len(found), len(ideas))
        else:
            parents = {idea.row.parent for idea in ideas}
            ends = sum(idea.id not in parents for idea in ideas)
            text = tr("{0} ideas, {1} branches").format(len(ideas), ends)
            if len(ideas) == 1:
                text = tr("1 idea")
            elif ends == 1:
                text = tr("{0} ideas, 1 branch").format(len(ideas))
        self.tools.count.set_text(text)

    def _next_match(self) -> None:
        """Enter in the field: the focus goes round what matches, the caret stays."""
        found = [i.id for i in self.ideas.ideas.ideas if self.ideas.matches(i)]
        if found:
            now = self.ideas.current_id
            at = found.index(now) + 1 if now in found else 0
            self.ideas.show_idea(found[at % len(found)])

    # --- thumbnails -----------------------------------------------------------------------------

    def _thumbnail(self, node_id: str, width: float) -> QImage | None:
        """The picture of a card in sight, not much wider than it is drawn."""
        document = self._session.document
        node = document.history.nodes.get(node_id) if document is not None else None
        if node is None or node.picture is None:
            return None
        image = node.picture.image
        self._names.add(image.pixel_digest)
        factor = min(width / image.width, width * CARD_HEIGHT / CARD_WIDTH / image.height)
        return self._thumbnails.of_image(image, factor * max(image.width, image.height))


def _left_from(document: Document, node_id: str) -> int:
    """How many results that started from an idea are to be found nowhere else on the map."""
    return sum(len(job.candidates) for job in runs.not_kept(document, node_id))


def ideas_of(history: History, left_from: Callable[[str], int] | None = None) -> list[Idea]:
    """Every node as a card, parents before children, sisters in the order they were kept.

    Args:
        history: the tree.
        left_from: number of results that started from a node and that no idea below has beside it.
    """
    trail = trail_of(history)
    chosen: dict[str, set[str]] = {}
    for node in history.nodes.values():
        keys = chosen.setdefault(node.parent or "", set())
        keys.update(candidate.key for candidate in node.candidates)
    ideas = []
    for node in _in_order(history):
        image = node.picture.image if node.picture is not None else None
        name = history.names.get(node.id, "")
        row = HistoryRow(
            id=node.id,
            parent=node.parent or "",
            spans=wording.node_spans(node),
            time=wording.clock(node.time),
            on_trail=node.id in trail,
            here=node.id == history.head,
            starred=node.id in history.starred,
            name=name,
            note=history.notes.get(node.id, ""),
            made=wording.made_line(node),
            aspect=image.width / image.height if image is not None else 16 / 9,
        )
        sheets = len({c.key for c in node.siblings} - chosen[node.parent or ""])
        sheets += left_from(node.id) if left_from is not None else 0
        ideas.append(Idea(row, sheets))
    return ideas


def _in_order(history: History) -> list[HistoryNode]:
    """By time, but never a child before its parent: clocks may have been set back."""
    ordered: list[HistoryNode] = []
    done: set[str] = set()
    for node in sorted(history.nodes.values(), key=lambda n: (n.time, n.id)):
        way = []
        step: HistoryNode | None = node
        while step is not None and step.id not in done:
            way.append(step)
            done.add(step.id)
            step = history.nodes.get(step.parent or "")
        ordered += reversed(way)
    return ordered
