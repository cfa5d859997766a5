"""The selection between canvas and session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect

from app.canvas.canvas import Canvas
from app.canvas.shapes import combine
from app.canvas.tool_options import Combine, ToolOptions
from app.canvas.tools import DrawnShape
from app.i18n.texts import tr
from app.runtime.thread_pool import Ticket
from app.session.session import Session
from app.session.subject_finder import SubjectFinder
from editor.model.image import Image
from editor.model.selection import Coverage, Selection

_Make = Callable[[ToolOptions, Ticket], Coverage]


@dataclass(frozen=True, eq=False)
class _Last:
    """What made the selection last, to make it again when the options change.

    Attributes:
        make: the whole selection with these options; runs on a worker thread.
        shown: what is on the canvas: its result, or the selection before while it is made.
    """

    make: _Make
    shown: Coverage | None


class Selecting(QObject):
    """Shows the session's selection on the canvas, and hands over what is drawn there.

    Feather and tolerance also change the shape or the colours that were selected last, until the
    selection is changed in another way.

    Attributes:
        finder: has the engine look for the subject.
    """

    def __init__(self, session: Session, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._canvas = session, canvas
        self.finder = SubjectFinder(
            session.engine, session.binding, session.model_choices, session.messages, self
        )
        self._work = Ticket()
        self._own = False
        self._last: _Last | None = None
        self._options = canvas.tools.options
        canvas.tools.selection_edited.connect(self._edited)
        canvas.tools.colour_picked.connect(self._colour_picked)
        canvas.tools.subject_asked.connect(self.finder.find)
        self.finder.found.connect(self._subject_found)
        session.changed.connect(self.finder.on_changed)
        canvas.tools.options_changed.connect(self._options_changed)

    def cancel(self) -> None:
        """Another document is shown: what is under way is no longer wanted."""
        self._work.cancel()
        self._last = None
        self._canvas.overlay.set_selection(None)

    def show(self) -> None:
        """The session's selection is another one now."""
        if self._own:
            return  # it was drawn here and is on the canvas already
        self._work.cancel()
        self._last = None
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

    # --- drawn on the canvas --------------------------------------------------------------------

    def _edited(self, coverage: NDArray[np.uint8], dirty: QRect) -> None:
        """The last stroke counts: an older one still on its way is dropped."""
        del dirty
        image = self._session.image
        if image is not None and coverage.shape != (image.height, image.width):
            self._work.cancel()
            self._canvas.overlay.set_selection(None)
            self._session.messages.notice(tr("Keep this frame first, then select in it."))
            return
        shape, options = self._canvas.tools.last_shape, self._canvas.tools.options
        self._last = None
        if shape is not None and shape.result is coverage:
            self._last = _Last(lambda now, ticket: _with_shape(shape, now.feather), coverage)
            if options.feather:
                self._make_again()
                return
        self._hand_over(coverage)

    def _colour_picked(self, x: int, y: int, mode: Combine) -> None:
        image, before = self._session.image, self._canvas.overlay.selection
        shown = self._canvas.picture
        if image is None or shown is None or shown.size != (image.width, image.height):
            return

        def make(options: ToolOptions, ticket: Ticket) -> Coverage:
            return _with_colours(image, (x, y), before, mode, options, ticket)

        self._last = _Last(make, before)
        self._make_again()

    def _subject_found(self, image: Image, found: Coverage) -> None:
        before, shown = self._canvas.overlay.selection, self._canvas.picture
        if image is not self._session.image or shown is None:
            return
        if shown.size != (image.width, image.height):
            self._session.messages.notice(tr("Keep this frame first, then select in it."))
            return
        mode = self._canvas.tools.options.shape_mode

        def make(options: ToolOptions, ticket: Ticket) -> Coverage:
            del ticket
            return _combined(found, before, mode, options)

        self._last = _Last(make, before)
        self._make_again()

    def _options_changed(self) -> None:
        """Feather and tolerance act at once on what was selected last."""
        before, now = self._options, self._canvas.tools.options
        self._options = now
        same = (before.feather, before.tolerance, before.only_touching) == (
            now.feather,
            now.tolerance,
            now.only_touching,
        )
        last = self._last
        if not same and last is not None and last.shown is self._canvas.overlay.selection:
            self._make_again()

    def _make_again(self) -> None:
        """The selection anew with the options as they are; an older one under way is dropped."""
        last, options = self._last, self._canvas.tools.options
        assert last is not None
        self._work.cancel()

        def make(ticket: Ticket) -> tuple[Coverage, Selection]:
            coverage = last.make(options, ticket)
            return coverage, _selected(coverage)

        def done(made: tuple[Coverage, Selection]) -> None:
            coverage, selection = made
            self._canvas.overlay.set_selection(coverage)
            self._last = _Last(last.make, coverage)
            self._take(selection)

        self._work = self._session.work.run(make, done, self._session.messages.fail, 0)

    # --- to the session -------------------------------------------------------------------------

    def _hand_over(self, coverage: Coverage) -> None:
        self._work.cancel()
        self._work = self._session.work.run(
            lambda ticket: _selected(coverage), self._take, self._session.messages.fail, 0
        )

    def _take(self, selection: Selection) -> None:
        self._own = True
        self._session.view.set_selection(None if selection.is_empty else selection)
        self._own = False
        if selection.is_empty:
            self._canvas.overlay.set_selection(None)


def _selected(coverage: Coverage) -> Selection:
    selection = Selection.from_array(coverage)
    _ = selection.bounds  # found here, off the UI thread, and kept
    return selection


def _with_shape(shape: DrawnShape, feather: int) -> Coverage:
    """A drawn shape with a soft edge, combined with the selection that was there before it."""
    from editor.model.coverage import feathered

    height, width = shape.result.shape
    # One pixel around, so that the shape's own border softens and the picture's does not.
    box = shape.box.adjusted(-1, -1, 1, 1).intersected(QRect(0, 0, width, height))
    wide = np.zeros((box.height(), box.width()), np.uint8)
    top, left = shape.box.top() - box.top(), shape.box.left() - box.left()
    wide[top : top + shape.box.height(), left : left + shape.box.width()] = shape.coverage
    soft = feathered(wide, feather)
    return combine(shape.before, soft, box, shape.mode, (width, height))[0]


def _with_colours(
    image: Image,
    pixel: tuple[int, int],
    before: Coverage | None,
    mode: Combine,
    options: ToolOptions,
    ticket: Ticket,
) -> Coverage:
    """What has the colour of a pixel, combined with the selection that was there before."""
    from editor.render.similar_colours import similar_colours

    found = similar_colours(
        image,
        *pixel,
        options.tolerance,
        only_touching=options.only_touching,
        cancelled=ticket.cancelled,
    )
    return _combined(found, before, mode, options)


def _combined(
    found: Coverage, before: Coverage | None, mode: Combine, options: ToolOptions
) -> Coverage:
    """Coverage of the whole picture with a soft edge, combined with what was selected."""
    from editor.model.coverage import feathered

    size = (found.shape[1], found.shape[0])
    soft = feathered(found, options.feather)
    return combine(before, soft, QRect(0, 0, *size), mode, size)[0]
