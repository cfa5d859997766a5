"""The views that show more than one picture: side by side, all, changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.canvas.canvas import Canvas
from app.canvas.mip_cache import MipCache
from app.canvas.overlays import Pane
from app.canvas.view import same_shape
from app.i18n.reasons import reason_text
from app.i18n.texts import tr
from app.panels import wording
from app.panels.changes_wording import changes_text
from app.panels.providers import Providers
from app.runtime.thread_pool import Ticket
from app.session.results import Results
from app.session.session import Session
from editor.model.history import HistoryNode
from editor.model.image import Image
from editor.render.mip import level_for
from editor.render.result_blend import render_blend

CHANGES_SIDE = 512


class CompareViews:
    """Fills pair, contact sheet and heat map from what the session looks at and compares."""

    def __init__(
        self, session: Session, levels: MipCache, canvas: Canvas, providers: Providers
    ) -> None:
        self._session = session
        self._levels = levels
        self._canvas = canvas
        self._providers = providers
        self._measuring = Ticket()
        self.node = ""
        """Id of the idea beside the current one, if any."""
        self.swapped = False
        self._shown: tuple[Pane, Pane, int] | None = None
        self.pair: tuple[str, ...] = ()
        """What is shown side by side, as the artist calls it."""

    def cancel(self) -> None:
        """Figures on their way are no longer wanted."""
        self._measuring.cancel()
        self.node = ""

    def with_node(self, node_id: str) -> bool:
        """Put any idea beside the current one; False where that cannot be."""
        document, node = self._session.document, self._session.node
        if document is None or node is None or node_id == node.id:
            return False
        other = self._providers.of_node(document.history.nodes[node_id])
        current = self._providers.of_node(node)
        if other is None or current is None or not same_shape(other.size, current.size):
            self._session.messages.notice(tr("These two ideas differ in size."))
            return False
        label = document.history.label
        self.node = node_id
        self._set_pair(
            Pane("before", other, 0, label(node_id)), Pane("current", current, 0, label(node.id)), 1
        )
        return True

    def swap(self) -> None:
        """Left goes right; what is chosen stays chosen."""
        self.swapped = not self.swapped
        if self._shown is not None and (self.node or self._session.results is None):
            left, right, active = self._shown
            self._set_pair(right, left, 1 - active)
        else:
            self.show()

    def choose(self, side: int) -> str | None:
        """Make a side the one that Enter keeps; its result's key if it is another one now."""
        if self._session.results is None or self._shown is None or self.node:
            return None
        left, right, _ = self._shown
        wanted = (right if side else left).id
        if wanted in ("current", "before") or wanted == self._session.view.looked_at:
            return None
        if side != (1 if self.swapped else 0):
            self.swapped = not self.swapped  # the panes stay where they are
        return wanted

    def show(self) -> None:
        """Fill the views that show more than one picture."""
        if self.node and self._canvas.view == "side":
            return  # two ideas beside each other, until another view is taken
        view = self._canvas.view
        session = self._session
        results = session.results
        document = session.document
        if view in ("picture", "wipe"):
            return
        if results is not None and results.source is not None:
            self._show_new(results, results.source, view)
            return
        node = session.node
        if document is None or node is None:
            return
        if results is None:
            self._canvas.set_sheet(())
            current = self._providers.of_node(node)
            parent = document.history.nodes.get(node.parent or "")
            before = self._providers.of_node(parent) if parent is not None else None
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
            panes = self._with_unfinished(results, panes, source)
            chosen = next((i for i, p in enumerate(panes) if p.id == session.view.looked_at), -1)
            self._canvas.set_sheet(panes, chosen)
        elif view == "side":
            self._show_pair(panes, source)
        elif view == "changes":
            self._show_changes(image, results)

    def _show_new(self, results: Results, paper: Image, view: str) -> None:
        """New pictures from words beside each other; there is nothing before them."""
        panes, chosen = self._panes(results, paper), self._session.view.looked_at
        at = next((i for i, p in enumerate(panes) if p.id == chosen), 0)
        if view == "all":
            self._canvas.set_sheet(panes, at)
        elif view == "side" and len(panes) > 1:
            left = panes[at]
            right = next((p for p in panes if p.id == self._session.view.compared), left)
            if right is left:
                right = panes[at - 1]
            if self.swapped:
                self._set_pair(right, left, 1)
            else:
                self._set_pair(left, right, 0)

    def _panes(self, results: Results, image: Image) -> list[Pane]:
        panes = []
        alike = self._session.alike
        hidden = alike.hidden
        for number, slot in enumerate(results.ordered, 1):
            if slot.candidate is None or slot.key in hidden:
                continue
            place = results.place(slot.key)
            provider = self._providers.of_candidate(image, slot.candidate, results.selection)
            text, note = reason_text(place), ""
            if results.explored:  # each has words of its own
                text, note = slot.request.instruction.text, text
            text = text or tr("Result {0}").format(number)
            below = place is not None and not place.passed
            if below and not note:
                text, note = wording.method_title(slot.request.method), text
            behind = 0 if alike.is_fanned(slot.key) else alike.count(slot.key)
            pane = Pane(
                slot.key, provider, number, text, str(number), tr("look"), note=note, warn=below,
                alike=behind,
            )  # fmt: skip
            panes.append(pane)
        return panes

    def _with_unfinished(
        self, results: Results, panes: list[Pane], source: HistoryNode
    ) -> list[Pane]:
        """Every place of the grid: what is not finished shows the source and says how far it is."""
        before, made = self._providers.of_node(source), {pane.id: pane for pane in panes}
        everything = []
        for number, slot in enumerate(results.ordered, 1):
            pane = made.get(slot.key)
            if pane is None and before is not None and slot.candidate is None:
                words = slot.request.instruction.text if results.explored else str(number)
                note = wording.stopped_text(slot)
                if results.stage.is_live:
                    note = wording.progress_text(slot)
                pane = Pane(slot.key, before, number, words, note=note, dim=True)
            if pane is not None:
                everything.append(pane)
        return everything

    def _show_pair(self, panes: list[Pane], source: HistoryNode) -> None:
        """The chosen result and the one looked at last, else 1 and 2, else 1 and the current."""
        session = self._session
        before = self._providers.of_node(source)
        current = Pane("current", before, 0, tr("Before"), "0", tr("look")) if before else None
        by_id = {p.id: p for p in panes}
        left = by_id.get(session.view.looked_at or "") or (panes[0] if panes else current)
        right = by_id.get(session.view.compared or "")
        if right is None or right is left:
            right = next((p for p in panes if p is not left), current)
        if left is None or right is None:
            return
        if not same_shape(left.provider.size, right.provider.size):
            return
        if session.view.compared is None and right is not current:
            session.view.compared = right.id
        active = 0
        left, right = (
            replace(left, key=tr("Enter"), hint=tr("keeps it")) if left is not current else left,
            replace(right, key="←" if self.swapped else "→", hint=tr("choose it")),
        )
        if self.swapped:
            left, right, active = right, left, 1
        self._set_pair(left, right, active)

    def _set_pair(self, left: Pane, right: Pane, active: int) -> None:
        self._shown = (left, right, active)
        self.pair = tuple(str(p.rank) if p.rank else p.text for p in (left, right))
        self._canvas.set_pair(left, right, active)

    def _pair(self, left: Pane, right: Pane) -> None:
        if same_shape(left.provider.size, right.provider.size):
            self._set_pair(left, right, 1)

    def _show_changes(self, image: Image, results: Results) -> None:
        look = self._session.view.look
        self._measuring.cancel()
        if look is None:
            self._canvas.painter.set_changes(None)
            return
        level = level_for(image, CHANGES_SIDE)
        source, selection = image, results.selection

        def measure(ticket: Ticket) -> tuple[NDArray[np.float32], str, str]:
            small = self._levels.image(source, level)
            made = render_blend(
                small,
                replace(look, paint=self._levels.selection(look.paint, level)),
                self._levels.selection(selection, level),
                scale=0.5**level,
                cancelled=ticket.cancelled,
            )
            if (made.width, made.height) != (small.width, small.height):
                return np.zeros((1, 1), np.float32), tr("The frame changed."), ""
            a = small.array()[:, :, : small.colour_channels].astype(np.float32) / small.maximum
            b = made.array()[:, :, : made.colour_channels].astype(np.float32) / made.maximum
            change = np.abs(b - a).max(axis=2)
            return change / max(float(change.max()), 1 / 255), *changes_text(change)

        self._measuring = self._session.work.run(
            measure,
            lambda done: self._canvas.painter.set_changes(*done),
            self._session.messages.fail,
            2,
        )
