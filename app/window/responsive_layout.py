from __future__ import annotations

from typing import TYPE_CHECKING

from app.session.changes import Changes
from app.session.results import Stage

if TYPE_CHECKING:
    from app.window.main_window import Window

NARROW = 1280
"""Logical width under which Results and History share the column as tabs."""
DRAWER = 900
"""Logical width under which the side column is a drawer over the canvas."""
SMALL = (640, 480)
"""Logical size under which tools and chips fold too."""
LEAST_DRAWER = 200
"""A drawer lower than this lies over the prompt as well."""


class Folding:
    """Folds what does not fit, at the widths of the design; nothing is ever cut off."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._open = False
        self._job = ""
        self._shared_by_hand = False
        window.divider.splitterMoved.connect(self._moved)
        window.session.changed.connect(self._results_came)

    @property
    def is_drawer(self) -> bool:
        """True while the column lies over the canvas instead of beside it."""
        return self._window.width() < DRAWER

    def show_side(self, on: bool) -> None:
        """The side column, or more room for the picture."""
        if self.is_drawer:
            self._open = on
        else:
            self._window.settings.set("side_visible", on)
        self.arrange()

    def arrange(self) -> None:
        """Everything in its place for the size the window has."""
        w = self._window
        width, height = w.width(), w.height()
        tabbed, small = width < NARROW, width < SMALL[0] or height < SMALL[1]
        w.top.set_folded(width < DRAWER)
        w.top.set_compact(tabbed)
        w.rail.set_folded(small)
        w.options.views.set_compact(tabbed)
        w.options.side.setVisible(self.is_drawer)
        w.prompt.set_narrow(tabbed)
        w.prompt.set_small(low=height < SMALL[1], thin=width < SMALL[0])
        w.status.device.setVisible(width >= SMALL[0])
        w.status.models.setVisible(width >= DRAWER)
        self._arrange_column(tabbed)
        # The parts learn their new sizes after this; what depends on them comes then.
        w.later(0, self._settle)

    def _arrange_column(self, tabbed: bool) -> None:
        w = self._window
        first = w.tabs.currentIndex() == 0
        w.tabs.setVisible(tabbed)
        w.results.set_tabbed(tabbed)
        w.history.set_tabbed(tabbed)
        w.results.setVisible(not tabbed or first)
        w.history.setVisible(not tabbed or not first)
        shown = self._open if self.is_drawer else bool(w.settings["side_visible"])
        inside = w.split.indexOf(w.side) >= 0
        if self.is_drawer and inside:
            w.side.setParent(w)
        elif not self.is_drawer and not inside:
            w.split.addWidget(w.side)
            w.split.setStretchFactor(1, 0)
        w.side.setVisible(shown)
        for control in (w.actions_by_id["side_column"], w.options.side):
            blocked = control.blockSignals(True)
            control.setChecked(shown)
            control.blockSignals(blocked)
        w.options.side.update()

    def _settle(self) -> None:
        w = self._window
        if self.is_drawer:
            self._place_drawer()
        else:
            wanted = 276 if w.width() < NARROW else int(w.settings["side_width"])
            w.split.setSizes([max(1, w.split.width() - wanted), wanted])
        if w.width() >= NARROW:
            self._share_column()
        self.place_tabs()

    def place_tabs(self) -> None:
        """The tabs lie over the head of the panel they show, left of its buttons."""
        w = self._window
        tabs = w.tabs.sizeHint()
        w.tabs.setGeometry(4, 0, tabs.width(), max(w.results.header.height(), tabs.height()))
        w.tabs.raise_()

    def _place_drawer(self) -> None:
        w = self._window
        top = w.stage.mapTo(w, w.stage.rect().topLeft()).y()
        bottom = top + w.stage.height()
        if bottom - top < LEAST_DRAWER:
            bottom = w.status.y()
        width = min(300, w.width() - w.rail.width())
        w.side.setGeometry(w.width() - width, top, width, bottom - top)
        w.side.raise_()
        w.focus_ring.raise_()

    def _share_column(self) -> None:
        """Four cards and their foot, and the history at least 150."""
        w = self._window
        if self._shared_by_hand:
            return
        header = w.results.header.sizeHint().height()
        cards = w.results.list.height_for(4) + w.results.foot.sizeHint().height() + header
        available = w.divider.height()
        if available > 0:
            top = min(cards, max(available - 150, available // 2))
            w.divider.setSizes([top, available - top])

    def _moved(self) -> None:
        self._shared_by_hand = True

    def _results_came(self, changes: Changes) -> None:
        """The drawer opens by itself when there is something to choose from."""
        results = self._window.session.results
        if not changes & Changes.RESULTS or results is None or results.stage is not Stage.RANKED:
            return
        if results.job != self._job and results.seconds:
            self._job = results.job
            if self.is_drawer and not self._open:
                self.show_side(True)
