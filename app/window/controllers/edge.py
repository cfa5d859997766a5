from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.canvas.matte import coverage_levels
from app.i18n.texts import tr
from app.panels.edge_view import RefinedEdge, ShowEdge
from app.panels.pages.edge_page import EdgePage
from app.runtime.thread_pool import Ticket
from app.session.changes import Changes
from app.session.session import Session
from app.window.shell import Shell
from editor.model.coverage import refined
from editor.model.selection import Coverage, Selection

_MOVES: Final = Changes.SELECTION | Changes.DOCUMENT


class EdgeController(QObject):
    """The page that refines the edge of the selection; edges are made on worker threads."""

    def __init__(self, session: Session, shell: Shell, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._shell = session, shell
        self._page: EdgePage | None = None
        self._selection: Selection | None = None  # the one that is refined
        self._levels: tuple[Coverage, ...] | None = None  # of the edge that is shown
        self._made_of: object = None  # the values it was made with
        self._work = Ticket()
        session.changed.connect(self._on_changed)

    def open(self) -> None:
        """Show the page; the caller knows that something is selected."""
        self._selection = self._session.view.selection
        if self._selection is None:
            return
        self._page = page = EdgePage()
        self._levels = self._made_of = None
        page.changed.connect(self._make)
        page.done_asked.connect(self._take)
        page.left.connect(self._leave)
        self._shell.show_page("edge", tr("Refine the edge"), page)
        self._make()

    def _open_page(self) -> EdgePage | None:
        return self._page if self._page is not None and isValid(self._page) else None

    def _on_changed(self, changes: Changes) -> None:
        """Another selection was made, or another document opened: this one is not refined."""
        page = self._open_page()
        if page is None or not page.isVisible() or not changes & _MOVES:
            return
        if self._session.view.selection is not self._selection:
            self._shell.close_page()

    def _make(self) -> None:
        """The edge as the page says it; an older one under way is dropped."""
        page, selection = self._open_page(), self._selection
        if page is None or selection is None:
            return
        self._work.cancel()
        values = page.values
        if self._levels is not None and values == self._made_of:
            self._show(page, self._levels)
            return

        def make(ticket: Ticket) -> tuple[Coverage, ...]:
            del ticket
            return coverage_levels(refined(selection.array(), values))

        def made(levels: tuple[Coverage, ...]) -> None:
            if self._open_page() is page:
                self._levels, self._made_of = levels, values
                self._show(page, levels)

        self._work = self._session.work.run(make, made, self._session.messages.fail, 0)

    def _show(self, page: EdgePage, levels: tuple[Coverage, ...]) -> None:
        show: ShowEdge = page.show_as.current  # type: ignore[assignment]  # one of the literals
        self._shell.show_edge(RefinedEdge(levels, show))

    def _take(self) -> None:
        """The refined edge becomes the selection."""
        page, selection = self._open_page(), self._selection
        if page is None or selection is None:
            return
        values = page.values

        def make(ticket: Ticket) -> Selection:
            del ticket
            made = Selection.from_array(refined(selection.array(), values))
            _ = made.bounds  # found here, off the UI thread, and kept
            return made

        def done(made: Selection) -> None:
            if self._session.view.selection is not selection:
                return
            self._session.view.set_selection(None if made.is_empty else made)
            if made.is_empty:
                self._session.messages.notice(tr("The selection is empty now."))

        self._page = self._selection = None
        self._shell.close_page()
        self._session.work.run(make, done, self._session.messages.fail, 0)

    def _leave(self) -> None:
        self._work.cancel()
        self._shell.show_edge(None)
