from __future__ import annotations

from collections.abc import Callable

from app.i18n.texts import tr
from app.panels.pages.amount_page import AmountPage
from app.runtime.thread_pool import Ticket
from app.session.changes import Changes
from app.session.session import Session
from app.window.controllers.edge import EdgeController
from app.window.shell import Shell
from editor.model import coverage
from editor.model.rect import Rect
from editor.model.selection import Coverage, Selection


class SelectionController:
    """The commands of the Select menu; selections are made on worker threads."""

    def __init__(self, session: Session, shell: Shell) -> None:
        self._session = session
        self._shell = shell
        self._edge = EdgeController(session, shell)
        self._last_selection: Selection | None = None

    def select_all(self) -> None:
        """Everything."""
        image = self._session.image
        if image is None:
            return
        width, height = image.width, image.height

        def done(made: Selection) -> None:
            if self._session.image is image:
                self._select(made)

        self._session.work.run(
            lambda ticket: Selection.from_rect(Rect(0, 0, width, height), width, height),
            done,
            self._session.messages.fail,
            0,
        )

    def select_none(self) -> None:
        """Nothing: edits act everywhere."""
        self._last_selection = self._session.view.selection or self._last_selection
        self._select(None)

    def select_again(self) -> None:
        """The selection that was there before."""
        image, last = self._session.image, self._last_selection
        if image is None or last is None:
            return
        if (last.width, last.height) == (image.width, image.height):
            self._select(last)

    def select_invert(self) -> None:
        """Selected becomes unselected and the reverse."""
        if self._session.view.selection is not None:
            self._change(Selection.inverted, keep_empty=True)

    def feather(self) -> None:
        """The page with the width of the soft edge."""
        self._ask(
            "feather",
            tr("Feather inwards"),
            tr("The edge softens inwards, so that the outside stays exact."),
            tr("Soften"),
            coverage.feathered,
        )

    def grow(self) -> None:
        """The page that moves the edge outwards."""
        sentence = tr("The edge moves outwards.")
        self._ask("grow", tr("Grow the selection"), sentence, tr("Grow"), coverage.grown)

    def shrink(self) -> None:
        """The page that moves the edge inwards."""
        sentence = tr("The edge moves inwards.")
        self._ask("shrink", tr("Shrink the selection"), sentence, tr("Shrink"), coverage.shrunk)

    def smooth(self) -> None:
        """The page that rounds corners."""
        sentence = tr("Corners are rounded, and specks smaller than this go.")
        self._ask("smooth", tr("Smooth the selection"), sentence, tr("Smooth"), coverage.smoothed)

    def refine_edge(self) -> None:
        """The page on which the edge is judged while it changes."""
        if self._is_there():
            self._edge.open()

    def fill_holes(self) -> None:
        """Everything that the selection encloses."""
        if self._is_there():
            self._change(_of_array(coverage.without_holes))

    def _is_there(self) -> bool:
        """Whether something is selected; says what to do where nothing is."""
        if self._session.view.selection is not None:
            return True
        self._session.messages.notice(
            tr("Select something first."), tr("Select"), "tool_lasso", until=Changes.SELECTION
        )
        return False

    def _ask(
        self,
        name: str,
        title: str,
        sentence: str,
        verb: str,
        change: Callable[[Coverage, float], Coverage],
    ) -> None:
        """Ask for a number of pixels, then change the selection by it."""
        if not self._is_there():
            return
        selection = self._session.view.selection
        assert selection is not None

        def done(radius: float) -> None:
            self._shell.close_page()
            self._change(_of_array(lambda array: change(array, radius)))

        most = max(8, max(selection.width, selection.height) // 10)
        self._shell.show_page(name, title, AmountPage(name, sentence, verb, most, done))

    def _change(
        self, change: Callable[[Selection], Selection], *, keep_empty: bool = False
    ) -> None:
        """Change the selection on a worker thread; a newer one is left alone.

        With `keep_empty` edits may act nowhere if nothing is left, else the selection goes.
        """
        selection = self._session.view.selection
        if selection is None:
            return

        def done(made: Selection) -> None:
            if self._session.view.selection is not selection:
                return
            gone = made.is_empty and not keep_empty
            self._select(None if gone else made)
            if gone:
                self._session.messages.notice(tr("The selection is empty now."))

        def make(ticket: Ticket) -> Selection:
            del ticket
            made = change(selection)
            _ = made.bounds  # found here, off the UI thread, and kept
            return made

        self._session.work.run(make, done, self._session.messages.fail, 0)

    def _select(self, selection: Selection | None) -> None:
        self._session.view.set_selection(selection)


def _of_array(change: Callable[[Coverage], Coverage]) -> Callable[[Selection], Selection]:
    """A change of coverage as one of selections."""
    return lambda selection: Selection.from_array(change(selection.array()))
