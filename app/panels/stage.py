from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.canvas.canvas import Canvas
from app.canvas.mip_cache import MipCache
from app.canvas.provider import TileProvider
from app.i18n.texts import tr
from app.panels.attention_overlay import AttentionOverlay
from app.panels.compare import CompareViews
from app.panels.edge_view import EdgeView, RefinedEdge
from app.panels.exported_view import ExportedPicture, ExportedView
from app.panels.map import MapPanel
from app.panels.paint_in import PaintIn
from app.panels.providers import Providers
from app.panels.selecting import Selecting
from app.session.changes import Changes
from app.session.session import Session
from app.session.word_attention import WordMap

_PAIRED = (("rectangle", "ellipse"), ("brush", "eraser"))
PAIRS: Final = {one: other for pair in _PAIRED for one, other in (pair, pair[::-1])}
"""Tools that share a button and its key."""


class StagePanel(QWidget):
    """Puts what the session looks at on the canvas, and what is drawn there into the session.

    Signals:
        view_changed(str), zoom_changed(float), angle_changed(float), menu_asked(QPoint)
        tool_taken(str): the program, not the artist, chose a tool.
    """

    view_changed = Signal(str)
    zoom_changed = Signal(float)
    angle_changed = Signal(float)
    menu_asked = Signal(QPoint)
    tool_taken = Signal(str)

    def __init__(
        self, session: Session, levels: MipCache, empty: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._hovered = ""
        self.setObjectName("stage")
        self.canvas = Canvas(self)
        self.canvas.setAccessibleName(tr("Picture"))
        self.selecting = Selecting(session, self.canvas, self)
        self.paint_in = PaintIn(session, self.canvas, self)
        self.providers = Providers(session, levels, self.canvas, self.paint_in)
        self.compare_views = CompareViews(session, levels, self.canvas, self.providers)
        self.attention = AttentionOverlay(self.canvas)
        self.exported = ExportedView(self.canvas)
        self.edge = EdgeView(self.canvas)
        self.empty = empty
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(empty)
        self.map: MapPanel | None = None
        self._on_map = False
        self._view_before: dict[str, str] = {}  # the view that each was taken from
        self._explored = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.canvas.zoom_changed.connect(self.zoom_changed)
        self.canvas.angle_changed.connect(self.angle_changed)
        self.canvas.view_changed.connect(self.view_changed)
        self.canvas.menu_asked.connect(self.menu_asked)
        self.canvas.tools.pane_chosen.connect(self._pane_chosen)
        self.canvas.tools.side_chosen.connect(self._side_chosen)
        self.paint_in.tool_taken.connect(self.tool_taken)
        session.changed.connect(self._on_changed)
        session.kept.connect(self._on_kept)

    # --- what the window asks -----------------------------------------------------------------

    @property
    def view(self) -> str:
        """picture, wipe, side, all, changes or map."""
        return "map" if self._on_map else self.canvas.view

    @property
    def pair(self) -> tuple[str, ...]:
        """What is shown side by side, as the artist calls it; () where one picture is shown."""
        return self.compare_views.pair if self.view == "side" else ()

    @property
    def is_drawn(self) -> bool:
        """True once there is a picture on the canvas."""
        return self.canvas.picture is not None

    def set_view(self, view: str) -> None:
        """Look in another way; zoom and place stay."""
        if view == "changes" and self._session.view.look is None and self._session.document:
            self._session.messages.notice(tr("Changes are those of a result. Look at one first."))
            self.view_changed.emit(self.view)
            return
        self.compare_views.node = ""
        self._put_map(view == "map" and self._session.document is not None)
        if view != "map":
            self.canvas.set_view(view)  # type: ignore[arg-type]  # one of the literals
            compared = self._session.view.compared
            self.compare_views.show()
            if self._session.view.compared != compared:
                self._session.changed.emit(Changes.LOOK)
        self.view_changed.emit(self.view)

    def toggle_view(self, view: str) -> None:
        """Look in another way; once more, and it is looked at as before that way was taken."""
        if view == self.view:
            view = self._view_before.get(view, "picture") if view != "picture" else view
        elif self._view_before.get(self.view) != view:  # that would be a circle without a way out
            self._view_before[view] = self.view
        self.set_view(view)

    def set_map(self, page: MapPanel) -> None:
        """The page of the view "map"."""
        self.map = page
        self.stack.addWidget(page)
        page.left.connect(lambda: self.set_view("picture"))

    def leave_map(self) -> None:
        """Back to the picture, if the map is open."""
        if self._on_map:
            self.set_view("picture")

    def _put_map(self, on: bool) -> None:
        """Shows the map in place of the canvas, or takes it away; the focus goes along."""
        if self.map is None or on == self._on_map:
            return
        within = self.map.isAncestorOf(self.focusWidget() or self) or self.map.tools.hasFocus()
        self._on_map = on
        self._show_page()
        if on:
            self.map.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.map.dismiss()
            if within:
                self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_page(self) -> None:
        if self._session.document is None and self._session.view.look is None:
            self.stack.setCurrentIndex(1)
        elif self._on_map and self.map is not None:
            self.stack.setCurrentWidget(self.map)
        else:
            self.stack.setCurrentIndex(0)

    def take_tool(self, tool: str) -> None:
        """Take a tool; one of two that share a button, taken again, gives the other one."""
        if tool == self.canvas.tools.tool:
            tool = PAIRS.get(tool, tool)
        self.canvas.tools.set_tool(tool)  # type: ignore[arg-type]  # one of the literals

    def set_wheel(self, does: str) -> None:
        """What the wheel does over the picture: zoom or scroll."""
        self.canvas.wheel_scrolls = does == "scroll"

    def fit(self) -> None:
        """The whole picture, or the whole map."""
        if self._on_map and self.map is not None:
            self.map.ideas.fit()
        else:
            self.canvas.fit()

    def zoom_to(self, factor: float) -> None:
        """1 = one picture pixel per device pixel."""
        if self._on_map and self.map is not None:
            self.map.ideas.zoom_to(factor)
        else:
            self.canvas.zoom_to(100 * factor)

    def zoom_by(self, factor: float) -> None:
        """In or out."""
        if self._on_map and self.map is not None:
            self.map.ideas.zoom_by(factor)
        else:
            self.canvas.zoom_by(factor)

    def turn_view(self, degrees: float | None) -> None:
        """Turn the picture on the screen only, clockwise; None makes it upright again."""
        self.canvas.turn_to(0.0 if degrees is None else self.canvas.angle + degrees)

    def show_edges(self, on: bool = True) -> None:
        """Ctrl+H."""
        self.canvas.overlay.set_show_edges(on)

    def show_overlay(self, on: bool = True) -> None:
        """Q."""
        self.canvas.overlay.set_overlay(on)

    def change_brush(self, *, size: float = 1.0, hardness: float = 0.0) -> None:
        """Larger, smaller, softer, harder."""
        brush = self.canvas.tools.brush
        brush = brush.resized(brush.size * size).hardened(brush.hardness + hardness)
        self.canvas.tools.set_brush(brush)

    def swap_sides(self) -> None:
        """X in side by side."""
        self.compare_views.swap()
        self.view_changed.emit(self.view)

    def hover(self, node_id: str) -> None:
        """Show an idea while the pointer rests on its row; "" = no longer."""
        self._hovered = node_id
        self._show()

    def show_attention(self, found: WordMap | None) -> None:
        """Show where a word acts while the pointer rests on it; None = no longer."""
        self.attention.show(found)
        self._show()

    def show_exported(self, picture: ExportedPicture | None) -> None:
        """Show a picture beside its file at 100 %; None = no longer."""
        if picture is not None:
            self._put_map(False)
            self.exported.begin(picture)
        else:
            self.exported.end(self._show)
        self.compare_views.show()
        self.view_changed.emit(self.view)

    def show_edge(self, edge: RefinedEdge | None) -> None:
        """Show an edge that is being refined; None = no longer."""
        if edge is not None:
            self.edge.begin(edge)
        elif self.edge.is_shown:
            self.edge.end()
            self.selecting.show()
        self._show()

    def compare_node(self, node_id: str) -> None:
        """Put any idea beside the current one."""
        if self.compare_views.with_node(node_id):
            self._put_map(False)
            self.canvas.set_view("side")
            self.view_changed.emit("side")

    def stop_painting(self) -> None:
        """Take the second result away again."""
        self._session.view.stop_painting()

    # --- session to canvas --------------------------------------------------------------------

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.DOCUMENT and self._document_changed():
            self._forget()
        if changes & (Changes.HEAD | Changes.PIXELS | Changes.LOOK):
            self.exported.drop(self._show)
        elif changes & Changes.DOCUMENT:
            self._show()
        elif changes & (Changes.RESULTS | Changes.PREVIEW):
            self.compare_views.show()
        if changes & Changes.RESULTS:
            self._show_explored()
        if changes & Changes.LOOK and self.view == "changes" and self._session.view.look is None:
            self.set_view("picture")  # an idea that is kept has changes no more
        if changes & Changes.SELECTION:
            self.selecting.show()
        if changes & Changes.DOCUMENT and self._session.document is None:
            self.set_view("picture")

    def _on_kept(self, node_id: str) -> None:
        """Same pixels, no longer a preview."""
        del node_id
        self.set_view("picture")
        self.paint_in.put_brush_back()

    def _show_explored(self) -> None:
        """Explored suggestions are looked at beside each other, from the first empty place on.

        The results of the next run are looked at one by one again; without results there is
        nothing to lay out.
        """
        results = self._session.results
        if results is None and self.view == "all":
            self.set_view("picture")
        if results is None or not results.stage.is_live or results.job == self._explored:
            return
        if results.explored and self.canvas.isVisible():
            self._explored = results.job
            self.set_view("all")
        elif self._explored and results.slots:
            self._explored = ""
            if self.view == "all":
                self.set_view("picture")

    def _document_changed(self) -> bool:
        path = self._session.document
        changed = path is not getattr(self, "_document", None)
        self._document = path
        return changed

    def _forget(self) -> None:
        self.selecting.cancel()
        self.paint_in.cancel()
        self.compare_views.cancel()
        self.canvas.turn_to(0.0)
        self.canvas.set_picture(None)
        self.canvas.set_before(None)
        self.providers.close()

    def _show(self) -> None:
        session = self._session
        node = session.node
        self._show_page()
        if session.document is None or node is None:
            self._show_new()
            return
        if self._hovered and self._hovered in session.document.history.nodes:
            hovered = self.providers.of_node(session.document.history.nodes[self._hovered])
            if hovered is not None:
                self.canvas.set_picture(hovered)
                return
        if self.exported.put_on_canvas():
            return
        look = session.view.look
        results = session.results
        shown: TileProvider | None
        if session.view.live is not None and session.image is not None:
            self.paint_in.drop()
            shown = self.providers.of_candidate(
                session.image, session.view.live, session.view.selection
            )
            before = self.providers.of_node(node)
        elif look is not None and results is not None:
            source = session.document.history.nodes[results.parent]
            shown = self.providers.of_look(source, look, results.selection)
            before = self.providers.of_node(source)
        else:
            self.paint_in.drop()
            shown = self.providers.of_node(node)
            parent = session.document.history.nodes.get(node.parent or "")
            before = self.providers.of_node(parent) if parent is not None else None
        over = self.attention.over(self.edge.over(shown))
        if over is not None and over is not self.canvas.picture:
            self.canvas.set_picture(over)
        same = before is not None and shown is not None and before.size == shown.size
        self.canvas.set_before(before if same else None)
        self.compare_views.show()

    def _show_new(self) -> None:
        """A new picture from words, which has no document yet, or nothing."""
        session = self._session
        look, results = session.view.look, session.results
        self.canvas.set_before(None)
        if look is None or results is None or results.source is None:
            self.canvas.set_picture(None)
            return
        shown = self.providers.of_candidate(results.source, look.first, None)
        if shown is not self.canvas.picture:
            self.canvas.set_picture(shown)
        self.compare_views.show()

    # --- canvas to session --------------------------------------------------------------------

    def _pane_chosen(self, pane_id: str) -> None:
        if pane_id not in ("current", "before"):
            again = pane_id == self._session.view.looked_at and self.canvas.view == "all"
            self._session.view.look_at(pane_id)
            if again:
                self.set_view("picture")

    def _side_chosen(self, side: int) -> None:
        """The gold side is the one Enter keeps."""
        wanted = self.compare_views.choose(side)
        if wanted is not None:
            self._session.view.look_at(wanted)
