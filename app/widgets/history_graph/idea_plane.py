"""Zoom and place of the map: from where ideas stand to pixels of the widget. Pure numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF

from app.widgets.history_graph.idea_layout import CARD_HEIGHT, CARD_WIDTH, Place

LEAST_ZOOM: Final = 0.08
MOST_ZOOM: Final = 2.5
MARGIN: Final = 44
"""Free room around the cards when the whole map is shown."""
READABLE: Final = 0.6
"""The map opens no smaller than this; what does not fit is reached by panning."""
KEEP: Final = 60
"""So much of the map stays in sight, however far it is panned."""


@dataclass
class Plane:
    """What part of the map is seen.

    Attributes:
        places: of all ideas.
        size: of the widget.
        unit: the text size; cards grow with it.
        foot: room for the words under the last card.
        zoom: 1.0 = cards of 152 × 86.
        origin: where the map's corner is in the widget.
        fitted: it follows the widget's size until the artist zooms or pans.
    """

    places: Mapping[str, Place] = field(default_factory=dict)
    size: QSizeF = field(default_factory=QSizeF)
    unit: float = 1.0
    foot: float = 30.0
    zoom: float = 1.0
    origin: QPointF = field(default_factory=lambda: QPointF(MARGIN, MARGIN))
    fitted: bool = True

    @property
    def scale(self) -> float:
        """Pixels per unit of the layout."""
        return self.zoom * self.unit

    def card(self, idea_id: str) -> QRectF:
        """Returns where a card is drawn, on whole pixels."""
        place, scale = self.places[idea_id], self.scale
        return QRectF(
            round(self.origin.x() + place.x * scale),
            round(self.origin.y() + place.y * scale),
            round(CARD_WIDTH * scale),
            round(CARD_HEIGHT * scale),
        )

    def _whole(self) -> QSizeF:
        """Returns the extent of all cards, in units of the layout."""
        right = max(p.x for p in self.places.values()) + CARD_WIDTH
        return QSizeF(right, max(p.y for p in self.places.values()) + CARD_HEIGHT)

    def fit(self, idea_id: str) -> None:
        """Shows everything, or where that is unreadable, the part around an idea."""
        if not self.places or self.size.isEmpty():
            return
        whole = self._whole() * self.unit
        room = QSizeF(self.size.width() - 2 * MARGIN, self.size.height() - 2 * MARGIN - self.foot)
        zoom = min(room.width() / whole.width(), room.height() / whole.height())
        self.zoom = min(1.0, max(zoom, READABLE))
        whole *= self.zoom
        place = self.places.get(idea_id, Place(0, 0))
        at = QPointF(place.x + CARD_WIDTH / 2, place.y + CARD_HEIGHT / 2) * self.scale
        self.origin = QPointF(
            _centred(self.size.width(), whole.width(), at.x()),
            _centred(self.size.height(), whole.height() + self.foot, at.y()),
        )
        self.fitted = True
        self.settle()

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zooms, the point under `at` (else the middle) staying where it is."""
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        at = at if at is not None else QPointF(self.size.width() / 2, self.size.height() / 2)
        self.origin = at - (at - self.origin) * (zoom / self.zoom)
        self.zoom, self.fitted = zoom, False
        self.settle()

    def pan_by(self, dx: float, dy: float) -> None:
        """Moves the map."""
        self.origin += QPointF(dx, dy)
        self.fitted = False
        self.settle()

    def show(self, card: QRectF) -> bool:
        """Moves the map no further than needed to see `card`; returns False if it was seen."""
        wide = card.adjusted(-MARGIN / 2, -self.foot, MARGIN / 2, self.foot)
        dx = max(-wide.left(), 0.0) + min(self.size.width() - wide.right(), 0.0)
        dy = max(-wide.top(), 0.0) + min(self.size.height() - wide.bottom(), 0.0)
        if not dx and not dy:
            return False
        self.pan_by(dx, dy)
        return True

    def settle(self) -> None:
        """Keeps some of the map in sight, whatever the zoom, and lines on whole pixels."""
        if self.places:
            box = QRectF(self.origin, self._whole() * self.scale)
            dx = max(KEEP - box.right(), 0.0) + min(self.size.width() - KEEP - box.left(), 0.0)
            dy = max(KEEP - box.bottom(), 0.0) + min(self.size.height() - KEEP - box.top(), 0.0)
            self.origin += QPointF(dx, dy)
        self.origin = QPointF(round(self.origin.x()), round(self.origin.y()))


def _centred(room: float, whole: float, at: float) -> float:
    """Returns the origin that centres `whole`, or as near as its edges allow, `at`."""
    if whole <= room - 2 * MARGIN + 1:
        return (room - whole) / 2
    return min(float(MARGIN), max(room / 2 - at, room - MARGIN - whole))
