from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.canvas.canvas import Canvas
from app.canvas.mix import MixProvider
from app.canvas.overlays import Pane
from app.canvas.provider import TileProvider
from app.changes import Changes
from app.levels import Levels
from app.panels.map import MapPanel
from app.panels.wording import tr
from app.rendering import ResultProvider, picture_provider
from app.results import Results
from app.session import Session
from app.work import Ticket
from editor.edit import Candidate
from editor.history import HistoryNode
from editor.image import Image
from editor.look import Look, render_look
from editor.mip import level_for
from editor.selection import Selection

KEPT_PROVIDERS = 12
CHANGES_SIDE = 512


class StagePanel(QWidget):
    """Puts what the session looks at on the canvas, and what is drawn there into the session.

    Signals:
        view_changed(str), zoom_changed(float), menu_asked(QPoint)
        tool_taken(str): a tool came into the hand without being asked for by name.
    """

    view_changed = Signal(str)
    zoom_changed = Signal(float)
    menu_asked = Signal(QPoint)
    tool_taken = Signal(str)

    def __init__(
        self, session: Session, levels: Levels, empty: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._levels = levels
        self._providers: OrderedDict[str, Any] = OrderedDict()
        self._selecting = Ticket()
        self._measuring = Ticket()
        self._handing = Ticket()
        self._compared_node = ""
        self._unhanded = False
        self._mix: MixProvider | None = None
        self._painted: NDArray[np.uint8] | None = None
        self._own_selection = False
        self._hovered = ""
        self._swapped = False
        self.pair: tuple[str, ...] = ()
        """What stands side by side, as the artist calls it."""
        self._took_brush = False
        self.setObjectName("stage")
        self.canvas = Canvas(self)
        self.canvas.setAccessibleName(tr("Picture"))
        self.empty = empty
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(empty)
        self.map: MapPanel | None = None
        self._on_map = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        # Dabs come faster than tiles can be hashed; the session gets the mask when they pause.
        self._paint_rest = QTimer(self, singleShot=True, interval=120)
        self._paint_rest.timeout.connect(self._hand_paint)
        self.canvas.selection_edited.connect(self._selection_edited)
        self.canvas.mix_painted.connect(self._mix_painted)
        self.canvas.zoom_changed.connect(self.zoom_changed)
        self.canvas.view_changed.connect(self.view_changed)
        self.canvas.menu_asked.connect(self.menu_asked)
        self.canvas.pane_chosen.connect(self._pane_chosen)
        self.canvas.side_chosen.connect(self._side_chosen)
        self.canvas.swap_asked.connect(self.swap_sides)
        session.changed.connect(self._on_changed)

    # --- what the window asks -----------------------------------------------------------------

    @property
    def view(self) -> str:
        """picture, wipe, side, all, changes or map."""
        return "map" if self._on_map else self.canvas.view

    @property
    def is_drawn(self) -> bool:
        """True once there is a picture on the canvas."""
        return self.canvas.picture is not None

    def set_view(self, view: str) -> None:
        """Look in another way; zoom and place stay."""
        self._compared_node = ""
        self._put_map(view == "map" and self._session.document is not None)
        if view != "map":
            self.canvas.set_view(view)  # type: ignore[arg-type]  # one of the literals
            self._show_others()
        self.view_changed.emit(self.view)

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
        if self._session.document is None:
            self.stack.setCurrentIndex(1)
        elif self._on_map and self.map is not None:
            self.stack.setCurrentWidget(self.map)
        else:
            self.stack.setCurrentIndex(0)

    def set_tool(self, tool: str) -> None:
        """Take a tool."""
        self.canvas.set_tool(tool)  # type: ignore[arg-type]  # one of the literals

    def put_brush_back(self) -> None:
        """Back to the hand when the brush was only taken to paint a result in."""
        lent, self._took_brush = self._took_brush, False
        if lent and self.canvas.tool == "brush":  # the artist may have taken another since
            self.set_tool("pan")
            self.tool_taken.emit("pan")

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

    def show_edges(self, on: bool = True) -> None:
        """Ctrl+H."""
        self.canvas.set_show_edges(on)

    def show_overlay(self, on: bool = True) -> None:
        """Q."""
        self.canvas.set_overlay("red" if on else "")

    def change_brush(self, *, size: float = 1.0, hardness: float = 0.0) -> None:
        """Larger, smaller, softer, harder."""
        brush = self.canvas.brush
        self.canvas.set_brush(
            replace(
                brush,
                size=min(4096.0, max(1.0, brush.size * size)),
                hardness=min(1.0, max(0.0, brush.hardness + hardness)),
            )
        )

    def swap_sides(self) -> None:
        """X in side by side."""
        self._swapped = not self._swapped
        self._show_others()

    def hover(self, node_id: str) -> None:
        """Show an idea while the pointer rests on its row; "" = no longer."""
        self._hovered = node_id
        self._show()

    def commit_paint(self) -> None:
        """Hand the last dabs to the session before the result is kept or written."""
        if self._unhanded and self._painted is not None:
            self._paint_rest.stop()
            self._handing.cancel()
            self._unhanded = False
            self._session.set_paint(Selection.from_array(self._painted), quiet=True)

    def compare_node(self, node_id: str) -> None:
        """Put any idea beside the current one."""
        document, node = self._session.document, self._session.node
        if document is None or node is None or node_id == node.id:
            return
        other = self._provider_of_node(document.history.nodes[node_id])
        current = self._provider_of_node(node)
        if other is None or current is None or other.size != current.size:
            self._session.notice(tr("These two ideas differ in size."))
            return
        label = document.history.label
        self._compared_node = node_id
        self._set_pair(
            Pane("before", other, 0, label(node_id)), Pane("current", current, 0, label(node.id)), 1
        )
        self._put_map(False)
        self.canvas.set_view("side")
        self.view_changed.emit("side")

    def stop_painting(self) -> None:
        """Take the second result away again."""
        self._session.stop_painting()

    # --- session to canvas --------------------------------------------------------------------

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.DOCUMENT and self._document_changed():
            self._forget()
        wanted = Changes.HEAD | Changes.PIXELS | Changes.LOOK | Changes.DOCUMENT
        if changes & wanted:
            self._show()
        elif changes & (Changes.RESULTS | Changes.PREVIEW):
            self._show_others()
        if changes & Changes.SELECTION:
            self._show_selection()

    def _document_changed(self) -> bool:
        path = self._session.document
        changed = path is not getattr(self, "_document", None)
        self._document = path
        return changed

    def _forget(self) -> None:
        for ticket in (self._selecting, self._measuring, self._handing):
            ticket.cancel()
        self._compared_node = ""
        self.canvas.set_picture(None)
        self.canvas.set_before(None)
        self.canvas.set_selection(None)
        self._drop_mix()
        for provider in self._providers.values():
            provider.close()
        self._providers.clear()

    def _show(self) -> None:
        session = self._session
        node = session.node
        self._show_page()
        if session.document is None or node is None:
            self.canvas.set_picture(None)
            return
        if self._hovered and self._hovered in session.document.history.nodes:
            hovered = self._provider_of_node(session.document.history.nodes[self._hovered])
            if hovered is not None:
                self.canvas.set_picture(hovered)
                return
        look = session.look
        results = session.results
        if look is not None and results is not None:
            source = session.document.history.nodes[results.parent]
            shown = self._provider_of_look(source, look, results.selection)
            before = self._provider_of_node(source)
        else:
            self._drop_mix()
            shown = self._provider_of_node(node)
            parent = session.document.history.nodes.get(node.parent or "")
            before = self._provider_of_node(parent) if parent is not None else None
        if shown is not None and shown is not self.canvas.picture:
            self.canvas.set_picture(shown)
        same = before is not None and shown is not None and before.size == shown.size
        self.canvas.set_before(before if same else None)
        self._show_others()

    def _provider(self, key: str, make: Any) -> Any:
        found = self._providers.get(key)
        if found is None:
            found = self._providers[key] = make()
        self._providers.move_to_end(key)
        while len(self._providers) > KEPT_PROVIDERS:
            oldest = next(iter(self._providers))
            if self._in_use(self._providers[oldest]):
                self._providers.move_to_end(oldest)
                if all(self._in_use(p) for p in self._providers.values()):
                    break
                continue
            self._providers.pop(oldest).close()
        return found

    def _in_use(self, provider: Any) -> bool:
        mixed = self._mix.parts if self._mix is not None else ()
        return provider in (*self.canvas.shown_providers(), *mixed)

    def _provider_of_node(self, node: HistoryNode) -> TileProvider | None:
        """The node's pixels; while they are made, the look that makes them."""
        if len(node.candidates) == 1 and node.opacity >= 1.0:
            rendered: TileProvider | None = self._providers.get(node.candidates[0].key)
            if rendered is not None:
                return rendered  # the same pixels, and on the canvas already
        if node.picture is not None:
            image = node.picture.image
            found: TileProvider = self._provider(
                image.pixel_digest, lambda: picture_provider(image)
            )
            return found
        document = self._session.document
        if document is None or node.parent is None or not node.candidates:
            return None
        return self._provider_of_look(
            document.history.nodes[node.parent], Look.of_node(node), node.selection
        )

    def _provider_of_candidate(
        self, source: Image, candidate: Candidate, selection: Selection | None
    ) -> ResultProvider:
        found: ResultProvider = self._provider(
            candidate.key,
            lambda: ResultProvider(source, candidate, selection, self._levels, self._session.work),
        )
        return found

    def _provider_of_look(
        self, source: HistoryNode, look: Look, selection: Selection | None
    ) -> TileProvider | None:
        if source.picture is None:
            return None
        image = source.picture.image
        shown: TileProvider = self._provider_of_candidate(image, look.first, selection)
        painting = self._session.paint_key is not None and look.second is not None
        if not painting and look.opacity >= 1.0 and look.paint is None:
            self._drop_mix()
            return shown
        if painting or look.paint is not None:
            assert look.second is not None
            top = self._provider_of_candidate(image, look.second, selection)
            coverage = self._painted
            if coverage is None:
                coverage = (
                    look.paint.array()
                    if look.paint is not None
                    else np.zeros((shown.size[1], shown.size[0]), np.uint8)
                )
            return self._mixed(shown, top, 1.0, coverage)
        before = self._provider_of_node(source)
        if before is None or before.size != shown.size:
            return shown  # a crop cannot be faded
        return self._mixed(before, shown, look.opacity, None)

    def _mixed(
        self,
        bottom: TileProvider,
        top: TileProvider,
        opacity: float,
        coverage: NDArray[np.uint8] | None,
    ) -> TileProvider:
        mix = self._mix
        if mix is not None and mix.parts == (bottom, top) and coverage is None:
            mix.set_opacity(opacity)
            return mix
        if mix is not None and mix.parts == (bottom, top) and coverage is self._painted:
            return mix
        self._drop_mix()
        self._mix = MixProvider(bottom, top, opacity=opacity, coverage=coverage, parent=self)
        # A kept idea whose pixels are still being made is mixed too, but nobody paints there.
        if coverage is not None and self._session.paint_key is not None:
            self._painted = coverage
            self.canvas.set_paint_target("mix", coverage)
            if self.canvas.tool not in ("brush", "eraser"):
                self.canvas.set_tool("brush")
                self._took_brush = True
                self.tool_taken.emit("brush")
        return self._mix

    def _drop_mix(self) -> None:
        if self._mix is not None:
            self._mix.close()
            self._mix.deleteLater()
            self._mix = None
        if self._painted is not None:
            self._painted = None
            self.canvas.set_paint_target("selection")

    def _show_others(self) -> None:
        """Fill the views that show more than one picture."""
        if self._compared_node and self.canvas.view == "side":
            return  # two ideas beside each other, until another view is taken
        view = self.canvas.view
        session = self._session
        results = session.results
        document = session.document
        if document is None or session.node is None or view in ("picture", "wipe"):
            return
        if results is None:
            node = session.node
            current = self._provider_of_node(node)
            parent = document.history.nodes.get(node.parent or "")
            before = self._provider_of_node(parent) if parent is not None else None
            if view == "side" and current is not None and before is not None:
                self._pair(
                    Pane("before", before, 0, tr("Before")), Pane("current", current, 0, tr("Now"))
                )
            return
        source = document.history.nodes[results.parent]
        if source.picture is None:
            return
        image = source.picture.image
        panes = self._panes(results, image)
        if view == "all":
            chosen = next((i for i, p in enumerate(panes) if p.id == session.looked_at), 0)
            self.canvas.set_sheet(panes, chosen)
        elif view == "side":
            self._show_pair(panes, source)
        elif view == "changes":
            self._show_changes(image, results)

    def _panes(self, results: Results, image: Image) -> list[Pane]:
        panes = []
        for number, slot in enumerate(results.ordered, 1):
            if slot.candidate is None:
                continue
            place = results.place(slot.key)
            provider = self._provider_of_candidate(image, slot.candidate, results.selection)
            reason = place.reason if place else ""
            panes.append(Pane(slot.key, provider, number, reason, str(number), tr("look")))
        return panes

    def _show_pair(self, panes: list[Pane], source: HistoryNode) -> None:
        """The chosen result and the one looked at last, else 1 and 2, else 1 and the current."""
        session = self._session
        before = self._provider_of_node(source)
        current = Pane("current", before, 0, tr("Before"), "0", tr("look")) if before else None
        by_id = {p.id: p for p in panes}
        left = by_id.get(session.looked_at or "") or (panes[0] if panes else current)
        right = by_id.get(session.compared or "")
        if right is None or right is left:
            right = next((p for p in panes if p is not left), current)
        if left is None or right is None or left.provider.size != right.provider.size:
            return
        active = 0
        left, right = (
            replace(left, key=tr("Enter"), hint=tr("keeps it")) if left is not current else left,
            replace(right, key="←" if self._swapped else "→", hint=tr("choose it")),
        )
        if self._swapped:
            left, right, active = right, left, 1
        self._set_pair(left, right, active)

    def _set_pair(self, left: Pane, right: Pane, active: int) -> None:
        self.pair = tuple(str(p.rank) if p.rank else p.text for p in (left, right))
        self.canvas.set_pair(left, right, active)

    def _pair(self, left: Pane, right: Pane) -> None:
        if left.provider.size == right.provider.size:
            self._set_pair(left, right, 1)

    def _show_changes(self, image: Image, results: Results) -> None:
        look = self._session.look
        self._measuring.cancel()
        if look is None:
            self.canvas.set_changes(None)
            return
        level = level_for(image, CHANGES_SIDE)
        source, selection = image, results.selection

        def measure(ticket: Ticket) -> tuple[NDArray[np.float32], str]:
            small = self._levels.image(source, level)
            made = render_look(
                small,
                replace(look, paint=self._levels.selection(look.paint, level)),
                self._levels.selection(selection, level),
                scale=0.5**level,
                cancelled=ticket.cancelled,
            )
            if (made.width, made.height) != (small.width, small.height):
                return np.zeros((1, 1), np.float32), tr("The frame changed.")
            a = small.array()[:, :, : small.colour_channels].astype(np.float32) / small.maximum
            b = made.array()[:, :, : made.colour_channels].astype(np.float32) / made.maximum
            change = np.abs(b - a).max(axis=2)
            share = float((change > 1 / 255).mean())
            text = tr("Largest change {0} of 255; {1} % of the picture changed").format(
                round(255 * float(change.max())), round(100 * share)
            )
            return change, text

        self._measuring = self._session.work.run(
            measure, lambda done: self.canvas.set_changes(*done), self._session.fail, 2
        )

    def _show_selection(self) -> None:
        if self._own_selection:
            return  # it was drawn here and is on the canvas already
        self._selecting.cancel()
        selection = self._session.selection
        if selection is None:
            self.canvas.set_selection(None)
            return
        self._selecting = self._session.work.run(
            lambda ticket: selection.array(), self.canvas.set_selection, self._session.fail, 0
        )

    # --- canvas to session --------------------------------------------------------------------

    def _selection_edited(self, coverage: NDArray[np.uint8], dirty: QRect) -> None:
        """The last stroke counts: an older one still on its way is dropped."""
        self._selecting.cancel()
        image = self._session.image
        if image is not None and coverage.shape != (image.height, image.width):
            self.canvas.set_selection(None)
            self._session.notice(tr("Keep this frame first, then select in it."))
            return

        def done(selection: Selection) -> None:
            self._own_selection = True
            self._session.set_selection(None if selection.is_empty else selection)
            self._own_selection = False
            if selection.is_empty:
                self.canvas.set_selection(None)

        self._selecting = self._session.work.run(
            lambda ticket: _selected(coverage), done, self._session.fail, 0
        )

    def _mix_painted(self, coverage: NDArray[np.uint8], dirty: QRect) -> None:
        if self._mix is not None:
            self._painted = coverage
            self._mix.set_coverage(coverage, dirty)
            self._handing.cancel()
            self._unhanded = True
            self._paint_rest.start()

    def _hand_paint(self) -> None:
        """Give the session the mask, made of tiles on a worker thread."""
        if self._painted is None:
            return
        painted, key = self._painted.copy(), self._session.paint_key

        def done(paint: Selection) -> None:
            if self._session.paint_key == key:
                self._unhanded = False
                self._session.set_paint(paint, quiet=True)

        self._handing = self._session.work.run(
            lambda ticket: Selection.from_array(painted), done, self._session.fail, 0
        )

    def _pane_chosen(self, pane_id: str) -> None:
        if pane_id not in ("current", "before"):
            self._session.look_at(pane_id)
            if self.canvas.view == "all":
                self.canvas.set_view("picture")

    def _side_chosen(self, side: int) -> None:
        """The gold side is the one Enter keeps."""
        session = self._session
        if session.results is None or session.compared is None:
            return
        wanted = session.compared if side == (0 if self._swapped else 1) else session.looked_at
        if wanted is not None and wanted != session.looked_at:
            self._swapped = not self._swapped
            session.look_at(wanted)


def _selected(coverage: NDArray[np.uint8]) -> Selection:
    selection = Selection.from_array(coverage)
    _ = selection.bounds  # found here, off the UI thread, and kept
    return selection
