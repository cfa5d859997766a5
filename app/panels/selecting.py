"""The selection between canvas and session."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect

from app.canvas.canvas import Canvas
from app.i18n.texts import tr
from app.runtime.thread_pool import Ticket
from app.session.session import Session
from editor.model.selection import Selection


class Selecting(QObject):
    """Shows the session's selection on the canvas, and hands over what is drawn there."""

    def __init__(self, session: Session, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._canvas = session, canvas
        self._work = Ticket()
        self._own = False
        canvas.tools.selection_edited.connect(self._edited)

    def cancel(self) -> None:
        """Another document is shown: what is under way is no longer wanted."""
        self._work.cancel()
        self._canvas.overlay.set_selection(None)

    def show(self) -> None:
        """The session's selection is another one now."""
        if self._own:
            return  # it was drawn here and is on the canvas already
        self._work.cancel()
        selection = self._session.view.selection
        if selection is None:
            self._canvas.overlay.set_selection(None)
            return
        self._work = self._session.work.run(
            lambda ticket: selection.array(),
            self._canvas.overlay.set_selection,
            self._session.messages.fail,
            0,
        )

    def _edited(self, coverage: NDArray[np.uint8], dirty: QRect) -> None:
        """The last stroke counts: an older one still on its way is dropped."""
        del dirty
        self._work.cancel()
        image = self._session.image
        if image is not None and coverage.shape != (image.height, image.width):
            self._canvas.overlay.set_selection(None)
            self._session.messages.notice(tr("Keep this frame first, then select in it."))
            return
        self._work = self._session.work.run(
            lambda ticket: _selected(coverage), self._take, self._session.messages.fail, 0
        )

    def _take(self, selection: Selection) -> None:
        self._own = True
        self._session.view.set_selection(None if selection.is_empty else selection)
        self._own = False
        if selection.is_empty:
            self._canvas.overlay.set_selection(None)


def _selected(coverage: NDArray[np.uint8]) -> Selection:
    selection = Selection.from_array(coverage)
    _ = selection.bounds  # found here, off the UI thread, and kept
    return selection
