from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.model.image import TILE, Image, Metadata, Pixels, Tile, tile_rects
from editor.model.patch import Patch
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render.adjustments.develop import Development
from editor.render.adjustments.geometry import Frame
from editor.render.adjustments.parameters import Adjustments
from editor.render.enlargement import Enlargement, enlarged_size, factor_of
from editor.render.extension import Extension, margins_of
from editor.render.overlay import Overlay


class RenderCancelled(Exception):
    """Rendering was given up because `cancelled()` said so."""


def output_size(source: Image, patch: Patch) -> tuple[int, int]:
    """Width and height of the result of `render`, without rendering."""
    margins = margins_of(patch, source.width, source.height)
    if margins is not None:
        return margins.size(source.width, source.height)
    factor = factor_of(patch)
    if factor is not None:
        return enlarged_size(factor, source.width, source.height)
    if patch.placement is not None:
        return source.width, source.height
    frame = Frame.of(source.width, source.height, _adjustments(patch))
    return frame.width, frame.height


def moves_pixels(patch: Patch) -> bool:
    """True if the result's pixels lie elsewhere than the source's: no before to fade to."""
    if patch.placement is not None:
        return patch.resizes
    return _adjustments(patch).changes_geometry


def render(
    source: Image,
    patch: Patch,
    selection: Selection | None,
    *,
    rect: Rect | None = None,
    scale: float = 1.0,
    cancelled: Callable[[], bool] | None = None,
    workers: int | None = None,
) -> Image:
    """The result of a patch on a picture: pure, at the source's depth, profile and alpha.

    Where coverage is 0 the source's bytes come back, whole tiles of it as the same objects; a
    neutral patch gives back `source` itself. The same pixels come out whether a part or the whole
    is rendered. A grey picture becomes RGB only if the edit has colour.

    Args:
        source: the picture, or its k-th mip level.
        patch: parameters for `Adjustments`, or a model's pixels.
        selection: where to act, of the size of `source`; None for everywhere. A patch that extends
            the picture acts around it and nowhere else, one that enlarges it acts everywhere.
        rect: part of the result to render; None for all of it. Parts on the 256-px grid cost
            least.
        scale: 2^-k if `source` is mip level k, so that radii in full-size pixels shrink with it.
        cancelled: asked before every tile.
        workers: threads; None for half the processors, so that a window has one left.

    Returns:
        An image of the size of `rect`, or of `output_size`.

    Raises:
        Cancelled: `cancelled()` was true between two tiles.
    """
    maker: Development | Overlay | Extension | Enlargement
    margins = margins_of(patch, source.width, source.height)
    factor = factor_of(patch)
    if margins is not None:
        maker = Extension(source, patch, margins, scale)
    elif factor is not None:
        maker = Enlargement(source, patch, factor, scale)
    elif patch.pixels is not None:
        maker = Overlay(source, patch, selection, scale)
    else:
        adjustments = _adjustments(patch)
        if adjustments.is_neutral:
            return source if rect is None or rect == source.bounds else _cut(source, rect)
        maker = Development(source, adjustments, selection, scale)
    bounds = maker.frame.bounds
    if rect is not None and (rect.is_empty or rect != rect.intersect(bounds)):
        raise ValueError(f"{rect} leaves the result of {bounds.width} × {bounds.height}")
    whole = list(tile_rects(bounds.width, bounds.height))
    if rect is None or rect == bounds:
        tiles = _made(whole, maker.tile, cancelled, workers)
        return Image(
            bounds.width, bounds.height, maker.channels, source.dtype, tuple(tiles), maker.meta
        )
    needed = [place for place in whole if not place.intersect(rect).is_empty]
    made = dict(zip(needed, _made(needed, maker.tile, cancelled, workers), strict=True))
    return _assembled(made, rect, maker.channels, source.dtype, maker.meta)


def fade(source: Image, result: Image, opacity: float) -> Image:
    """`source` and `result` mixed in encoded values: 0 is the source, 1 the result.

    Both of the same size; a grey source counts as R = G = B under a coloured result.
    """
    if opacity <= 0.0:
        return source
    if opacity >= 1.0:
        return result
    share = np.float32(opacity)

    def mix(place: Rect, first: Pixels, second: Pixels) -> Pixels:
        return _rounded(first + (second.astype(np.float32) - first) * share, second)

    return _mixed(source, result, mix)


def paint_in(first: Image, second: Image, coverage: Selection) -> Image:
    """`second` brushed over `first`: coverage 0 keeps the first's bytes, 255 the second's.

    Two results of one source; if only one of them gained colour, both become RGB.
    """
    if (coverage.width, coverage.height) != (first.width, first.height):
        raise ValueError("the coverage is not of the picture's size")

    def mix(place: Rect, below: Pixels, above: Pixels) -> Pixels:
        share = coverage.read(place).astype(np.float32)[:, :, None] * np.float32(1 / 255)
        mixed = _rounded(below + (above.astype(np.float32) - below) * share, above)
        return np.where(share >= 1.0, above, np.where(share <= 0.0, below, mixed))

    def whole(place: Rect) -> int | None:
        part = coverage.read(place)
        low, high = int(part.min()), int(part.max())
        return low if low == high and low in (0, 255) else None

    return _mixed(first, second, mix, whole)


def _mixed(
    first: Image,
    second: Image,
    mix: Callable[[Rect, Pixels, Pixels], Pixels],
    whole: Callable[[Rect], int | None] | None = None,
) -> Image:
    """Combine two images tile by tile; equal and entirely taken tiles are shared."""
    if (first.width, first.height, first.dtype) != (second.width, second.height, second.dtype):
        raise ValueError("only pictures of one size and depth can be mixed")
    channels = max(first.channels, second.channels)
    meta = second.meta if second.channels == channels else first.meta

    def make(place: Rect) -> Tile:
        column, row = place.x // TILE, place.y // TILE
        one, two = first.tile(column, row), second.tile(column, row)
        if one.digest == two.digest:
            return one
        taken = whole(place) if whole else None
        if taken == 0 and first.channels == channels:
            return one
        if taken == 255 and second.channels == channels:
            return two
        below, above = _spread(one.pixels, channels), _spread(two.pixels, channels)
        return Tile(mix(place, below, above))

    places = list(tile_rects(first.width, first.height))
    tiles = _made(places, make, None, None)
    return Image(first.width, first.height, channels, first.dtype, tuple(tiles), meta)


def _spread(pixels: Pixels, channels: int) -> Pixels:
    """Grey as R = G = B where colour is wanted."""
    have = pixels.shape[2]
    if have == channels:
        return pixels
    if have > 2 or channels - have != 2:
        raise ValueError("only one of the pictures has alpha")
    return np.take(pixels, [0, 0, 0, *range(1, have)], axis=2)


def _rounded(values: NDArray[Any], like: Pixels) -> Pixels:
    rounded: Pixels = np.rint(values).astype(like.dtype)
    return rounded


def _adjustments(patch: Patch) -> Adjustments:
    return Adjustments.from_settings(dict(patch.parameters)).clamped()


def _cut(source: Image, rect: Rect) -> Image:
    return Image.from_array(source.read(rect), source.meta)


def _made(
    places: list[Rect],
    make: Callable[[Rect], Tile],
    cancelled: Callable[[], bool] | None,
    workers: int | None,
) -> list[Tile]:
    """Tiles in order, a few at a time."""

    def one(place: Rect) -> Tile:
        if cancelled is not None and cancelled():
            raise RenderCancelled
        return make(place)

    if workers is None:
        workers = max(1, min(4, (os.cpu_count() or 2) // 2))
    if workers <= 1 or len(places) == 1:
        return [one(place) for place in places]
    with ThreadPoolExecutor(workers, "pentimento-render") as pool:
        try:
            return list(pool.map(one, places))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _assembled(
    made: dict[Rect, Tile], rect: Rect, channels: int, dtype: str, meta: Metadata
) -> Image:
    """The part `rect` of a grid of tiles as an image of its own."""
    if rect.x % TILE == 0 and rect.y % TILE == 0 and _on_grid(made, rect):
        return Image(rect.width, rect.height, channels, dtype, tuple(made.values()), meta)
    out = np.empty((rect.height, rect.width, channels), np.dtype(dtype))
    for place, tile in made.items():
        part = place.intersect(rect)
        out[part.y - rect.y : part.bottom - rect.y, part.x - rect.x : part.right - rect.x] = (
            tile.pixels[
                part.y - place.y : part.bottom - place.y,
                part.x - place.x : part.right - place.x,
            ]
        )
    return Image.from_array(out, meta)


def _on_grid(made: Iterable[Rect], rect: Rect) -> bool:
    """True if the rendered tiles end exactly where `rect` does."""
    return all(place == place.intersect(rect) for place in made)
