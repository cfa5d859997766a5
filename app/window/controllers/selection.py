from __future__ import annotations

from app.i18n.texts import tr
from app.panels.pages.feather_page import FeatherPage
from app.session.changes import Changes
from app.session.session import Session
from app.window.shell import Shell
from editor.model.rect import Rect
from editor.model.selection import Selection


class SelectionController:
    """The commands of the Select menu; selections are made on worker threads."""

    def __init__(self, session: Session, shell: Shell) -> None:
        self._session = session
        self._shell = shell
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
        selection = self._session.view.selection

        def only_if_same(made: Selection) -> None:
            if self._session.view.selection is selection:
                self._select(made)

        if selection is not None:
            self._session.work.run(
                lambda ticket: selection.inverted(), only_if_same, self._session.messages.fail, 0
            )

    def feather(self) -> None:
        """The page with the width of the soft edge."""
        selection = self._session.view.selection
        if selection is None:
            self._session.messages.notice(
                tr("Select something first."), tr("Select"), "tool_lasso", until=Changes.SELECTION
            )
            return

        def show(made: Selection) -> None:
            if self._session.view.selection is selection:
                self._select(made)

        def soften(radius: float) -> None:
            self._shell.close_page()
            self._session.work.run(
                lambda ticket: selection.feathered(radius), show, self._session.messages.fail, 0
            )

        longest = max(selection.width, selection.height)
        page = FeatherPage(longest, soften)
        self._shell.show_page("feather", tr("Feather inwards"), page)

    def _select(self, selection: Selection | None) -> None:
        self._session.view.set_selection(selection)
