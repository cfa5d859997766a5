from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from editor import composite, mip
from editor.color import ColorSpace
from editor.edit import Candidate
from editor.image import TILE, Image, Pixels, Tile
from editor.measured_score import measured_score
from editor.measures import Measures, Reference, measure
from editor.patch import Patch
from editor.ranking import Score
from editor.rect import Rect
from editor.selection import Coverage, Selection
from inference.jobs import Cancelled

PROXY_PIXELS = 262_144
"""Tone and colour are measured on the first mip level of at most so many pixels."""

WINDOW = 512
"""Side of the full-size square on which detail is measured: it vanishes in a mip level."""

_DETAIL = ("sharpness", "fine_detail", "noise")


class Scorer:
    """Measures what candidates do to one picture; what they share is computed once."""

    def __init__(self) -> None:
        self._key: tuple[str, str | None] | None = None
        self._proxy: _Proxy | None = None

    def score(
        self,
        source: Image,
        candidate: Candidate,
        selection: Selection | None,
        asked: tuple[tuple[str, int], ...],
        kept: tuple[str, ...],
        cancelled: Callable[[], bool],
    ) -> Score:
        """Measured figures of one candidate; CLIP's are None (no CLIP model fits yet).

        Args:
            source: the picture the candidate starts from.
            candidate: not rendered yet.
            selection: where it may act.
            asked: (quantity, sign) pairs that the words ask for.
            kept: quantities to leave alone.
            cancelled: asked between tiles; True raises a cancel.
        """
        key = (source.pixel_digest, selection.digest if selection else None)
        if self._proxy is None or self._key != key:
            self._proxy, self._key = _Proxy.of(source, selection, cancelled), key
        proxy, patch = self._proxy, candidate.patch
        after = composite.render(
            proxy.image, patch, proxy.selection, scale=proxy.scale, cancelled=cancelled
        )
        measures = _measured(proxy.image, after, patch, proxy.selection, proxy.reference)
        changed = outside_change(proxy.image, after, patch, proxy.selection)
        if proxy.scale < 1.0:
            window = proxy.window
            near = composite.render(source, patch, selection, rect=window, cancelled=cancelled)
            before, cover = proxy.near, proxy.cover
            if near.width == before.width and near.height == before.height:
                detail = _measured(before, near, patch, cover, proxy.near_reference)
                values = {**measures.values, **_only(detail.values, _DETAIL)}
                measures = replace(measures, values=values)
                here = outside_change(before, near, patch, cover)
                changed = max(changed, here) if changed is not None and here is not None else None
        score = measured_score(candidate.key, measures, asked, kept)
        return replace(score, outside=changed)


@dataclass(frozen=True, eq=False)
class _Proxy:
    """A picture and its selection at the mip level where measuring is quick."""

    image: Image
    selection: Selection | None
    scale: float
    window: Rect
    near: Image
    cover: Selection | None
    reference: Reference = field(default_factory=Reference)
    near_reference: Reference = field(default_factory=Reference)

    @classmethod
    def of(
        cls, source: Image, selection: Selection | None, cancelled: Callable[[], bool]
    ) -> _Proxy:
        number = 0
        while (source.width * source.height) >> (2 * number) > PROXY_PIXELS:
            number += 1
        image, small = source, selection
        for _ in range(number):
            image = _halved(image, cancelled)
            if small is not None:
                small = Selection(_halved(small.coverage, cancelled))
        window = _window(source, selection)
        near = Image.from_array(source.read(window), source.meta)
        cover = Selection.from_array(selection.read(window)) if selection is not None else None
        return cls(image, small, 0.5**number, window, near, cover)


def _halved(image: Image, cancelled: Callable[[], bool]) -> Image:
    """`mip.halved`, two rows of tiles at a time, so that a cancel is heard in between."""
    bands: list[Pixels] = []
    for row in range(0, image.rows, 2):
        if cancelled():
            raise Cancelled
        tiles = image.tiles[row * image.columns : (row + 2) * image.columns]
        height = min(2 * TILE, image.height - row * TILE)
        band = Image(image.width, height, image.channels, image.dtype, tiles, image.meta)
        bands.append(mip.halved(band).array())
    return Image.from_array(np.concatenate(bands), image.meta)


def can_leak(patch: Patch, selection: Selection | None) -> bool:
    """True if change outside a selection can be measured: there is one, geometry is kept."""
    parameters = dict(patch.parameters)
    turned = parameters.get("straighten") or parameters.get("crop_ratio")
    return selection is not None and not turned


def outside_change(
    before: Image, after: Image, patch: Patch, selection: Selection | None
) -> float | None:
    """Largest absolute change of a sample where the edit may not act, 0..1.

    None without a selection, and where the result has another geometry.
    """
    if selection is None or not can_leak(patch, selection):
        return None
    return max(
        tile_change(before.tile(c, r), after.tile(c, r), selection.read(place), patch)
        for c, r, place in before.grid()
    )


def tile_change(old: Tile, new: Tile, coverage: Coverage, patch: Patch) -> float:
    """Largest absolute change of a sample of one tile outside its coverage, 0..1.

    Equal tiles are known by their digest and are not read.
    """
    if old.digest == new.digest:
        return 0.0
    inverted = dict(patch.parameters).get("invert_selection")
    outside = coverage == 255 if inverted else coverage == 0
    if not outside.any():
        return 0.0
    one, two = (
        tile.pixels[outside].astype(np.float32) / np.iinfo(tile.dtype).max for tile in (old, new)
    )
    if one.shape[1] < two.shape[1]:  # grey has become RGB
        one = np.concatenate([one[:, :1].repeat(3, axis=1), one[:, 1:]], axis=1)
    return float(np.abs(one - two).max())


def _measured(
    before: Image,
    after: Image,
    patch: Patch,
    selection: Selection | None,
    reference: Reference,
) -> Measures:
    parameters = dict(patch.parameters)
    coverage = None
    if selection is not None:
        where = selection.inverted() if parameters.get("invert_selection") else selection
        coverage = where.array()
    return measure(
        _colours(before),
        _colours(after),
        ColorSpace.of(before),
        ColorSpace.of(after),
        coverage=coverage,
        angle=float(parameters.get("straighten", 0.0)),
        reference=reference,
    )


def _colours(image: Image) -> Pixels:
    return image.array()[:, :, : image.colour_channels]


def _only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _window(source: Image, selection: Selection | None) -> Rect:
    """A square at full size about the middle of the selection or the picture."""
    about = source.bounds
    if selection is not None and not selection.is_empty:
        about = selection.bounds
    width, height = min(WINDOW, source.width), min(WINDOW, source.height)
    x = min(max(0, about.x + about.width // 2 - width // 2), source.width - width)
    y = min(max(0, about.y + about.height // 2 - height // 2), source.height - height)
    return Rect(x, y, width, height)
