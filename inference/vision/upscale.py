"""Pictures drawn larger by a network, in tiles, so that memory does not grow with the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import torch

from editor.model.image import Image, Pixels
from editor.model.rect import Rect
from editor.render.color import Floats
from editor.render.enlargement import enlarged_size
from editor.render.overlay import lanczos_weights
from inference.models.interrupt import between_layers
from inference.models.loaded import LoadedUpscaler
from inference.request.cancel import CancelCheck

TILE: Final = 224
"""Side in source pixels of what one call of the network draws."""

OVERLAP: Final = 16
"""Source pixels that the network sees around that on each side. DAT's windows want multiples of 32,
and its channel attention weighs all that it sees, so no overlap gives the pixels of one large tile.
Measured with DAT light on a photograph in tiles of 96: .15 of 255 away on average, at seams no more
than elsewhere."""


def enlarge(
    model: LoadedUpscaler,
    source: Image,
    factor: float,
    on_tile: Callable[[int, int], None],
    check: CancelCheck,
) -> Pixels:
    """Draw a picture larger.

    The network works on the picture's own encoded values, in float32 whatever their depth, so that
    neither profile nor gamut changes and 16 bits stay 16 bits. It is applied as often as `factor`
    needs; where it draws larger than that, the result is reduced by Lanczos. What alpha hides takes
    the colour of the nearest pixel that shows, so that it does not bleed into the edge.

    Args:
        model: the network.
        source: any picture.
        factor: how many times longer each side becomes, over 1.
        on_tile: called with how many tiles are done and how many there are: at the beginning, which
            says that the model is loaded, and after each tile.
        check: called before every layer; what it raises passes.

    Returns:
        (H, W, 1 or 3) of the enlarged size and the source's type, without alpha.
    """
    width, height = enlarged_size(factor, source.width, source.height)
    made = np.empty((height, width, source.colour_channels), source.dtype)
    tiles = [
        Rect(x, y, min(TILE, source.width - x), min(TILE, source.height - y))
        for y in range(0, source.height, TILE)
        for x in range(0, source.width, TILE)
    ]
    on_tile(0, len(tiles))
    with between_layers([model.model], check):
        for number, tile in enumerate(tiles, 1):
            check()
            seen = tile.grow(OVERLAP).intersect(source.bounds)
            drawn, times = _drawn(model, _colours(source, seen), factor)
            place = _enlarged(tile, factor, width, height, source)
            part = _fitted(drawn, times, seen, factor, place)
            if source.colour_channels == 1:
                part = part.mean(axis=2, keepdims=True)
            values = np.rint(np.clip(part, 0.0, 1.0) * source.maximum)
            made[place.y : place.bottom, place.x : place.right] = values
            on_tile(number, len(tiles))
    return made


def _colours(source: Image, rect: Rect) -> Floats:
    """What the network sees of a rectangle, (h, w, 3) float32 0..1."""
    pixels = source.read(rect)
    colours = pixels[:, :, : source.colour_channels].astype(np.float32) / source.maximum
    if source.has_alpha:
        shown = pixels[:, :, -1] > 0
        if shown.any() and not shown.all():
            from scipy.ndimage import distance_transform_edt

            rows, columns = distance_transform_edt(
                ~shown, return_distances=False, return_indices=True
            )
            colours = colours[rows, columns]
    if colours.shape[2] == 1:
        colours = np.repeat(colours, 3, axis=2)
    return np.asarray(colours, np.float32)


def _drawn(model: LoadedUpscaler, colours: Floats, factor: float) -> tuple[Floats, int]:
    """The network applied until the picture is at least `factor` times as large; how many times."""
    values = torch.from_numpy(np.ascontiguousarray(colours.transpose(2, 0, 1)))[None]
    times = 1
    while times < factor:
        values = model.enlarge(values)
        times *= model.scale
    return values[0].permute(1, 2, 0).numpy(), times


def _enlarged(tile: Rect, factor: float, width: int, height: int, source: Image) -> Rect:
    """Where a tile of the source lies in the result; neighbours touch and the last ones end it."""
    left, top = round(tile.x * factor), round(tile.y * factor)
    right = width if tile.right == source.width else round(tile.right * factor)
    bottom = height if tile.bottom == source.height else round(tile.bottom * factor)
    return Rect(left, top, right - left, bottom - top)


def _fitted(drawn: Floats, times: int, seen: Rect, factor: float, place: Rect) -> Floats:
    """The part of what was drawn that lies at `place` of the result, in the result's pixels."""
    if times == factor:
        left, top = place.x - seen.x * times, place.y - seen.y * times
        return drawn[top : top + place.height, left : left + place.width]
    down, rows = lanczos_weights(
        place.y, place.bottom, seen.y, float(times), factor, drawn.shape[0]
    )
    across, columns = lanczos_weights(
        place.x, place.right, seen.x, float(times), factor, drawn.shape[1]
    )
    mixed = np.einsum("yh,hwc->ywc", down, drawn[rows, columns], optimize=True)
    return np.asarray(np.einsum("xw,ywc->yxc", across, mixed, optimize=True), np.float32)
