from __future__ import annotations

from app.canvas.canvas import Canvas
from app.canvas.filtered_tiles import FilteredTiles
from app.canvas.overlays import grey_tiles
from app.canvas.provider import TileProvider
from app.session.word_attention import WordMap


class AttentionOverlay:
    """Where a word acts, as heat on the canvas over the picture in greys."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._map: WordMap | None = None
        self._grey: tuple[TileProvider, FilteredTiles] | None = None

    @property
    def word(self) -> str:
        """The word that is shown, "" for none."""
        return self._map.word if self._map is not None else ""

    def show(self, found: WordMap | None) -> None:
        """Show the heat of a word, or none; the caller puts the picture on the canvas again."""
        self._map = found
        heat = found.heat / 255.0 if found is not None else None
        self._canvas.painter.set_attention(heat, found.place if found is not None else None)
        if found is None:
            self._grey = None

    def over(self, picture: TileProvider | None) -> TileProvider | None:
        """The picture, in greys while a word is shown."""
        if self._map is None or picture is None:
            return picture
        if self._grey is None or self._grey[0] is not picture:
            self._grey = picture, grey_tiles(picture)
        return self._grey[1]
