"""Where several pictures lie on the canvas, each with words under it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF

from app.canvas import grid_tile, overlays
from app.canvas.overlays import Pane
from app.canvas.provider import TileProvider
from app.canvas.view import grid_rects, pane_rects
from app.theme.theme import look

PlacedPane = tuple[QRectF, TileProvider, Pane | None]
"""Place of the picture in logical pixels, its pixels, and what is said of it."""


def strip_height(mode: str) -> int:
    """Height of the words under each picture, in logical pixels."""
    return look().px(grid_tile.CAPTION if mode == "all" else overlays.STRIP)


def side_by_side(
    pair: Sequence[Pane], width: int, height: int, held: TileProvider | None
) -> list[PlacedPane]:
    """Two pictures beside each other; `held` is shown in place of both."""
    return _placed(pair, pane_rects(width, height, 2, 1, strip_height("side")), held)


def in_grid(
    sheet: Sequence[Pane], width: int, height: int, held: TileProvider | None
) -> list[PlacedPane]:
    """At least one picture in a grid as large as fits; `held` is shown in place of all."""
    wide, tall = sheet[0].provider.size
    places = grid_rects(width, height, len(sheet), wide / max(tall, 1), strip_height("all"))
    return _placed(sheet, places, held)


def _placed(
    panes: Sequence[Pane], places: Sequence[QRectF], held: TileProvider | None
) -> list[PlacedPane]:
    return [
        (place, pane.provider if held is None else held, pane)
        for place, pane in zip(places, panes, strict=True)
    ]
