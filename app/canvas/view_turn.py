"""Turning the view by hand: R held and dragged, R twice for upright."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from app.canvas.viewport import Viewport

STEP: Final = 15.0
"""Degrees between the angles that Shift holds to."""


class ViewTurn:
    """The picture on the screen follows the pointer around the middle of its pane.

    Attributes:
        held: R is held, so that a drag turns the view whatever the tool.
    """

    def __init__(self, viewport: Viewport) -> None:
        self._viewport = viewport
        self.held = False
        self._start: tuple[float, float] | None = None  # direction of the press, angle then
        self._tapped = -math.inf
        self._used = False

    @property
    def is_turning(self) -> bool:
        """The view is turned by a drag now."""
        return self._start is not None

    def key_pressed(self, milliseconds: int) -> None:
        """R was pressed; twice within the time of a double click makes the view upright.

        Args:
            milliseconds: time stamp of the event.
        """
        self.held, self._used = True, False
        if milliseconds - self._tapped <= QApplication.doubleClickInterval():
            self._viewport.turn_to(0.0)
            self._used = True

    def key_released(self, milliseconds: int) -> None:
        """R was let go."""
        self.held, self._start = False, None
        self._tapped = -math.inf if self._used else milliseconds

    def begin(self, at: QPointF) -> None:
        """A press at a point of the canvas."""
        self._start = (self._direction(at), self._viewport.angle)
        self._used = True

    def follow(self, at: QPointF, *, steps: bool) -> None:
        """The pointer moved; `steps` holds to every 15 degrees."""
        if self._start is None:
            return
        direction, angle = self._start
        angle += self._direction(at) - direction
        self._viewport.turn_to(round(angle / STEP) * STEP if steps else angle)

    def end(self) -> None:
        """The button was let go."""
        self._start = None

    def _direction(self, at: QPointF) -> float:
        """Degrees clockwise of a point as seen from the middle of its pane."""
        view = self._viewport
        panes = view.panes()
        index = max(view.pane_at(at), 0)
        middle = panes[index][0].center() if panes else QPointF(view.rect().center())
        return math.degrees(math.atan2(at.y() - middle.y(), at.x() - middle.x()))
