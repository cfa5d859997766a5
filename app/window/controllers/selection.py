"""The commands of the Select menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.panels.pages.feather_page import FeatherPage
from app.panels.wording import tr
from app.session.session import Session
from editor.model.rect import Rect
from editor.model.selection import Selection

if TYPE_CHECKING:
    from app.window.main_window import Window


class Selecting:
    """Makes and changes selections on worker threads."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.session: Session = window.session
        self._last_selection: Selection | None = None

    def select_all(self) -> None:
        """Everything."""
        image = self.session.image
        if image is None:
            return
        width, height = image.width, image.height

        def done(made: Selection) -> None:
            if self.session.image is image:
                self._select(made)

        self.session.work.run(
            lambda ticket: Selection.from_rect(Rect(0, 0, width, height), width, height),
            done,
            self.session.messages.fail,
            0,
        )

    def select_none(self) -> None:
        """Nothing: edits act everywhere."""
        self._last_selection = self.session.view.selection or self._last_selection
        self._select(None)

    def select_again(self) -> None:
        """The selection that was there before."""
        image, last = self.session.image, self._last_selection
        if image is None or last is None:
            return
        if (last.width, last.height) == (image.width, image.height):
            self._select(last)

    def select_invert(self) -> None:
        """Selected becomes unselected and the reverse."""
        selection = self.session.view.selection

        def only_if_same(made: Selection) -> None:
            if self.session.view.selection is selection:
                self._select(made)

        if selection is not None:
            self.session.work.run(
                lambda ticket: selection.inverted(), only_if_same, self.session.messages.fail, 0
            )

    def feather(self) -> None:
        """The page with the width of the soft edge."""
        selection = self.session.view.selection
        if selection is None:
            self.session.messages.notice(tr("Select something first."), tr("Select"), "tool_lasso")
            return

        def soften(radius: float) -> None:
            self.window.side.close_page()
            self.session.work.run(
                lambda ticket: selection.feathered(radius),
                lambda made: (
                    self._select(made) if self.session.view.selection is selection else None
                ),
                self.session.messages.fail,
                0,
            )

        longest = max(selection.width, selection.height)
        page = FeatherPage(longest, soften)
        self.window.side.open_page("feather", tr("Feather inwards"), page)

    def _select(self, selection: Selection | None) -> None:
        self.session.view.set_selection(selection)
