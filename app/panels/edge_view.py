"""The edge of a selection on the canvas while it is refined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtGui import QColor

from app.canvas.canvas import Canvas
from app.canvas.filtered_tiles import FilteredTiles
from app.canvas.matte import matte_tiles
from app.canvas.provider import TileProvider
from editor.model.selection import Coverage

ShowEdge = Literal["overlay", "black", "white", "cutout"]
_GROUNDS: Final = {"black": QColor("#000000"), "white": QColor("#FFFFFF"), "cutout": None}


@dataclass(frozen=True, eq=False)
class RefinedEdge:
    """A selection that is not taken yet.

    Attributes:
        levels: its coverage at every level of the picture, as `app.canvas.matte` makes them.
        show: how it is seen.
    """

    levels: tuple[Coverage, ...]
    show: ShowEdge


class EdgeView:
    """Shows a refined edge in place of the picture, or as the mask over it."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._edge: RefinedEdge | None = None
        self._matte: tuple[TileProvider, FilteredTiles] | None = None
        self._before: tuple[bool, bool] | None = None  # mask and edges as they were shown

    @property
    def is_shown(self) -> bool:
        """Whether an edge is being refined."""
        return self._edge is not None

    def begin(self, edge: RefinedEdge) -> None:
        """Show an edge; the caller puts the picture on the canvas again."""
        overlay = self._canvas.overlay
        if self._before is None:
            self._before = overlay.shows_overlay, overlay.shows_edges
        self._edge, self._matte = edge, None
        overlay.set_selection(edge.levels[0])
        overlay.set_overlay(edge.show == "overlay")
        overlay.set_show_edges(False)  # the line would lie on what is judged

    def end(self) -> None:
        """Show the mask and edges as before; the caller shows picture and selection again."""
        if self._before is not None:
            self._canvas.overlay.set_overlay(self._before[0])
            self._canvas.overlay.set_show_edges(self._before[1])
        self._edge = self._matte = self._before = None

    def over(self, picture: TileProvider | None) -> TileProvider | None:
        """The picture, cut out where it is to be seen so and has the size of the selection."""
        edge = self._edge
        if picture is None or edge is None or edge.show == "overlay":
            return picture
        height, width = edge.levels[0].shape
        if picture.size != (width, height):
            return picture
        if self._matte is None or self._matte[0] is not picture:
            matte = matte_tiles(picture, edge.levels, _GROUNDS[edge.show])
            self._matte = picture, matte
        return self._matte[1]
