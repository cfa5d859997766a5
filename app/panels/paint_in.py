"""Fading a result and painting parts of a second one into it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect, QTimer, Signal

from app.canvas.canvas import Canvas
from app.canvas.mix import MixProvider
from app.canvas.provider import TileProvider
from app.runtime.thread_pool import Ticket
from app.session.session import Session
from editor.model.selection import Selection


class PaintIn(QObject):
    """The mix of two pictures on the canvas, and the mask the brush paints for it.

    Signals:
        tool_taken(str): the program, not the artist, chose a tool.
    """

    tool_taken = Signal(str)

    def __init__(self, session: Session, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._mix: MixProvider | None = None
        self.painted: NDArray[np.uint8] | None = None
        """The mask while it is painted, (H, W)."""
        self._handing = Ticket()
        self._unhanded = False
        self._took_brush = False
        # Dabs come faster than tiles can be hashed; the session gets the mask when they pause.
        self._paint_rest = QTimer(self, singleShot=True, interval=120)
        self._paint_rest.timeout.connect(self._hand)
        canvas.tools.mix_painted.connect(self._dabbed)

    @property
    def parts(self) -> tuple[TileProvider, ...]:
        """The pictures that are mixed now."""
        return self._mix.parts if self._mix is not None else ()

    def cancel(self) -> None:
        """The mask on its way to the session is no longer wanted."""
        self._handing.cancel()

    def put_brush_back(self) -> None:
        """Back to the hand when the brush was only taken to paint a result in."""
        took_brush, self._took_brush = self._took_brush, False
        # The artist may have chosen another tool since.
        if took_brush and self._canvas.tools.tool == "brush":
            self._canvas.tools.set_tool("pan")
            self.tool_taken.emit("pan")

    def commit(self) -> None:
        """Hand the last dabs to the session before the result is kept or written."""
        if self._unhanded and self.painted is not None:
            self._paint_rest.stop()
            self._handing.cancel()
            self._unhanded = False
            self._session.view.set_paint(Selection.from_array(self.painted), quiet=True)

    def mixed(
        self,
        bottom: TileProvider,
        top: TileProvider,
        opacity: float,
        coverage: NDArray[np.uint8] | None,
    ) -> TileProvider:
        """Two pictures as one: faded by `opacity`, or the top one where it is painted."""
        mix = self._mix
        if mix is not None and mix.parts == (bottom, top) and coverage is None:
            mix.set_opacity(opacity)
            return mix
        if mix is not None and mix.parts == (bottom, top) and coverage is self.painted:
            return mix
        self.drop()
        self._mix = MixProvider(bottom, top, opacity=opacity, coverage=coverage, parent=self)
        # A kept idea whose pixels are still being made is mixed too, but nobody paints there.
        if coverage is not None and self._session.view.paint_key is not None:
            self.painted = coverage
            self._canvas.tools.set_paint_target("mix", coverage)
            if self._canvas.tools.tool not in ("brush", "eraser"):
                self._canvas.tools.set_tool("brush")
                self._took_brush = True
                self.tool_taken.emit("brush")
        return self._mix

    def drop(self) -> None:
        """Nothing is mixed any more; the brush paints selections again."""
        if self._mix is not None:
            self._mix.close()
            self._mix.deleteLater()
            self._mix = None
        if self.painted is not None:
            self.painted = None
            self._canvas.tools.set_paint_target("selection")

    def _dabbed(self, coverage: NDArray[np.uint8], dirty: QRect) -> None:
        if self._mix is not None:
            self.painted = coverage
            self._mix.set_coverage(coverage, dirty)
            self._handing.cancel()
            self._unhanded = True
            self._paint_rest.start()

    def _hand(self) -> None:
        """Give the session the mask, made of tiles on a worker thread."""
        if self.painted is None:
            return
        painted, key = self.painted.copy(), self._session.view.paint_key

        def done(paint: Selection) -> None:
            if self._session.view.paint_key == key:
                self._unhanded = False
                self._session.view.set_paint(paint, quiet=True)

        self._handing = self._session.work.run(
            lambda ticket: Selection.from_array(painted), done, self._session.messages.fail, 0
        )
