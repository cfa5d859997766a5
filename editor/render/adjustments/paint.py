"""What a recolour takes for paint: the main colour of a selection, found once and then stored."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import TILE, Image, tile_rects
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render.color import SRGB, ColorSpace, Floats, scaled

Colour = tuple[float, ...]
"""Encoded sRGB (r, g, b), 0..1."""

_LONGEST: Final = 384
"""The colours are found on a copy of at most this many pixels a side."""
_SAMPLES: Final = 12_000
_CLUSTERS: Final = 10
_SEED: Final = 0
_NEAR: Final = 0.08
"""How far "around" reaches, as a share of the selection's size."""
_EVEN: Final = np.array([0.5, 1.0, 1.0], np.float32)
"""Lightness counts half in distances: shading spreads one paint along it."""
_HEAD: Final = 10
"""Numbers of a stored paint before its clusters."""
_AROUND: Final = 0.6
"""A cluster with this share of its density around the selection is what lies around it."""
_SAME_COLOUR: Final = 0.05
"""Oklab distance, lightness counted half, at which a pixel around is of a cluster."""
_NEUTRAL: Final = 0.05
"""Oklab chroma over lightness below which a colour counts as grey."""
_COLOUR_COUNTS: Final = 14.0
"""A colour is more likely the paint than a grey: its area counts more by this times its chroma."""
_DARK: Final = 0.25
"""Oklab lightness below which colours say little."""
_ONE_HUE: Final = 34.0
"""Degrees of hue, either way, that one paint has in light and shade."""
_VERY_HUE: Final = 12.0
"""Degrees of hue, either way, within which a neighbour is the same paint."""
_ONE_GREY: Final = 0.17
"""Steps of lightness between clusters of one grey paint in light and shade."""
_CAST: Final = 0.5
"""How much of the colour of the brightest parts is taken for that of the light, as an exponent."""
_NAMED_HUE: Final = 32.0
"""Degrees of hue, either way, that a named colour stands for."""
_NAMED_GREY: Final = 0.3
"""Oklab lightness, either way, that a named grey stands for."""


_LOCK = Lock()
_FOUND: WeakKeyDictionary[Image, dict[Hashable, Paint | None]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Paint:
    """One paint in all its light and shade, in Oklab (Ottosson 2020).

    Attributes:
        lightness: its median, 0..1.
        a, b: its colour at that lightness.
        spread: of a coloured paint, degrees of hue to either side; of a grey one, distance in the
            plane of a and b.
        dark, bright: lightness of its darkest and brightest parts.
        light: of the picture, linear sRGB (r, g, b), 1 in full daylight.
        colours: its clusters, each Oklab.
        others: clusters that lie around the selection as well as in it, and are no paint.
    """

    lightness: float
    a: float
    b: float
    spread: float
    dark: float
    bright: float
    light: Colour = (1.0, 1.0, 1.0)
    colours: tuple[Colour, ...] = ()
    others: tuple[Colour, ...] = ()

    @property
    def chroma(self) -> float:
        """Oklab chroma at the median lightness."""
        return float(np.hypot(self.a, self.b))

    @property
    def hue(self) -> float:
        """Radians."""
        return float(np.arctan2(self.b, self.a))

    @property
    def numbers(self) -> tuple[float, ...]:
        """As a parameter; `of` gives the same back."""
        own = (self.lightness, self.a, self.b, self.spread, self.dark, self.bright, *self.light)
        clusters = [value for colour in (*self.colours, *self.others) for value in colour]
        return tuple(round(float(v), 5) for v in (*own, len(self.colours), *clusters))

    @classmethod
    def of(cls, numbers: tuple[float, ...]) -> Paint:
        """The paint that `numbers` wrote.

        Raises:
            ValueError: they are other numbers, as in a damaged document.
        """
        values = np.asarray(numbers, np.float64)
        count = len(values) - _HEAD
        if count < 0 or count % 3 or count > 6 * _CLUSTERS or not np.isfinite(values).all():
            raise ValueError("no paint")
        lightness, a, b, spread, dark, bright, *rest = (float(value) for value in values)
        light, own = tuple(rest[:3]), int(rest[3])
        rows = tuple(tuple(row) for row in values[_HEAD:].reshape(-1, 3).tolist())
        sound = 0 < lightness <= 1 and spread > 0 and dark < bright and 0 <= own <= len(rows)
        if not sound or min(light) <= 0 or max(light) > 1:
            raise ValueError("no paint")
        return cls(lightness, a, b, spread, dark, bright, light, rows[:own], rows[own:])


def paint_of(
    source: Image,
    selection: Selection | None,
    named: Colour | None,
    numbers: tuple[float, ...] | None,
) -> Paint | None:
    """The paint that `numbers` hold; without them it is found, once for each picture.

    Raises:
        ValueError: see `Paint.of`.
    """
    if numbers is not None:
        return Paint.of(numbers)
    key = (selection.digest if selection is not None else "", named)
    with _LOCK:
        known = _FOUND.setdefault(source, {})
        if key not in known:
            known[key] = find_paint(source, selection, named)
        return known[key]


def find_paint(
    source: Image, selection: Selection | None, named: Colour | None = None
) -> Paint | None:
    """The main colour of what is selected, the middle of the selection before its edge.

    Colours are put into clusters; those of one hue, or neighbouring greys, are one paint in light
    and shade. The paint that covers most is taken.

    Args:
        source: the picture, 8 or 16 bit, grey or RGB.
        selection: None for the whole picture.
        named: only what has about this colour.

    Returns:
        None where nothing is selected or nothing has the colour.
    """
    lab, weights, around = _work_copy(source, selection)
    if named is not None:
        of_colour = weights * _alike(lab, named)
        # "The red car" that is selected is meant even if it is rather orange.
        if selection is None or of_colour.sum() > 0.02 * weights.sum():
            weights = of_colour
    total = float(weights.sum())
    if total <= 0.0 or (named is not None and total < 0.0002 * weights.size):
        return None
    drawn = _drawn(weights.ravel())
    samples, depth = lab.reshape(-1, 3)[drawn], weights.ravel()[drawn]
    cv2.setRNGSeed(_SEED)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 40, 1e-4)
    _, labels, found = cv2.kmeans(
        np.ascontiguousarray(samples * _EVEN), _CLUSTERS, None, stop, 2, cv2.KMEANS_PP_CENTERS
    )
    centres, belongs = np.asarray(found / _EVEN, np.float32), labels[:, 0]
    count = np.bincount(belongs, minlength=_CLUSTERS)
    beside = np.zeros(_CLUSTERS, np.bool_)
    if around.any() and named is None:
        shallow = np.bincount(belongs, depth, _CLUSTERS) < depth.mean() * count
        beside = _lies_around(centres, count, lab[around], shallow)
    own = _main_group(centres, np.where(beside, 0, count))
    own = np.union1d(own, _cut_through(centres, own, beside))
    members = np.isin(belongs, own)
    others = np.setdiff1d(np.flatnonzero(beside), own)
    paint = _measured(samples[members])
    return replace(
        paint,
        light=_light(source, paint.bright),
        colours=_rows(centres[own]),
        others=_rows(centres[others]),
    )


def _lies_around(
    centres: Floats, count: NDArray[np.int64], around: Floats, shallow: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which clusters are as frequent around the selection, (n, 3), as in it, and near its edge."""
    every = max(1, len(around) // _SAMPLES)
    points = around[::every, None] * _EVEN - centres[None] * _EVEN
    distance = np.sqrt((points * points).sum(axis=2))
    alike = distance.min(axis=1) < _SAME_COLOUR
    outside = np.bincount(distance[alike].argmin(axis=1), minlength=len(centres))
    share = outside / len(distance)
    beside = shallow & (share > _AROUND * count / max(1, count.sum()))
    # Of a part of something larger everything lies around it too, so nothing can be left out.
    return beside if count[~beside].sum() > 0.12 * count.sum() else np.zeros_like(beside)


def _cut_through(
    centres: Floats, own: NDArray[np.int64], beside: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Clusters around the selection that are paint as well, because it cuts through the thing.

    They have the very hue of the paint, and about as much of it.
    """
    plane = centres[:, 1:] / np.maximum(centres[:, :1], 0.02)
    a, b = plane[own].mean(axis=0) if len(own) else (0.0, 0.0)
    saturation = float(np.hypot(a, b))
    if saturation < _NEUTRAL:
        return np.zeros(0, np.int64)
    turn = np.degrees(np.arctan2(plane[:, 1], plane[:, 0]) - np.arctan2(b, a))
    alike = np.abs((turn + 180.0) % 360.0 - 180.0) < _VERY_HUE
    return np.flatnonzero(beside & alike & (np.hypot(*plane.T) > 0.5 * saturation))


def _rows(colours: Floats) -> tuple[Colour, ...]:
    return tuple(tuple(float(value) for value in row) for row in colours)


def _work_copy(
    source: Image, selection: Selection | None
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The selection and what lies around it, reduced.

    Returns:
        Oklab (h, w, 3), how much each pixel counts (h, w), and which lie around (h, w).
    """
    bounds = source.bounds if selection is None else selection.bounds
    if bounds.is_empty:
        nothing = np.zeros((1, 1), np.float32)
        return np.zeros((1, 1, 3), np.float32), nothing, nothing > 0
    near = max(4, round(_NEAR * max(bounds.width, bounds.height)))
    bounds = bounds.grow(near).intersect(source.bounds)
    factor = 1
    while max(bounds.width, bounds.height) > _LONGEST * factor and factor < TILE:
        factor *= 2
    space = ColorSpace.of(source)
    height, width = -(-bounds.height // factor), -(-bounds.width // factor)
    lab = np.zeros((height, width, 3), np.float32)
    weights = np.zeros((height, width), np.float32)
    for place in tile_rects(bounds.width, bounds.height):
        rect = Rect(bounds.x + place.x, bounds.y + place.y, place.width, place.height)
        size = (-(-place.width // factor), -(-place.height // factor))
        pixels = source.read(rect)
        colours = np.ascontiguousarray(pixels[:, :, : source.colour_channels])
        counts = np.ones(pixels.shape[:2], np.float32)
        if selection is not None:
            counts *= selection.read(rect) > 127
        if source.has_alpha:
            counts *= pixels[:, :, -1] > 0
        y, x = place.y // factor, place.x // factor
        part = np.s_[y : y + size[1], x : x + size[0]]
        reduced = cv2.resize(colours, size, interpolation=cv2.INTER_AREA)
        lab[part] = space.to_oklab(reduced.reshape(size[1], size[0], -1))
        weights[part] = cv2.resize(counts, size, interpolation=cv2.INTER_AREA)
    around = weights == 0
    # A cell that is partly outside holds colours that are not meant.
    weights *= weights > 0.99 if (weights > 0.99).any() else 1
    if selection is not None and weights.any():
        inside = cv2.copyMakeBorder(
            (weights > 0).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0
        )
        depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)[1:-1, 1:-1]
        weights *= 0.25 + np.minimum(1.0, depth / max(1.0, 0.6 * float(depth.max())))
        far = cv2.distanceTransform(around.astype(np.uint8), cv2.DIST_L2, 3)
        around &= far <= near / factor
    return lab, weights, around


def _light(source: Image, brightest: float) -> Colour:
    """The light of a picture, linear sRGB 0..1.

    Its amount from the mean luminance, as a white paint has it in storybook scenes of all hours
    (fitted: 1.22 · mean^0.34), at least that of the paint's brightest part. Its colour, part of
    the way, from the brightest parts, as white patches show it (Land and McCann 1971): a bright
    thing may have a colour of its own.

    Args:
        source: the picture.
        brightest: Oklab lightness of the paint's brightest part.
    """
    every = max(1, round((source.width * source.height / _SAMPLES) ** 0.5))
    space = ColorSpace.of(source)
    found = []
    for column, row, _ in source.grid():
        pixels = source.tile(column, row).pixels[every // 2 :: every, every // 2 :: every]
        colours = np.ascontiguousarray(pixels[:, :, : source.colour_channels])
        if colours.size:
            rgb = space.converted(colours, SRGB) if space.channels == 3 else colours
            found.append(np.broadcast_to(scaled(rgb), (*rgb.shape[:2], 3)).reshape(-1, 3))
    if not found:
        return 1.0, 1.0, 1.0
    linear = SRGB.to_linear(np.concatenate(found)[None])[0]
    mean = max(0.01, float((linear @ SRGB.luminance).mean()))
    amount = min(1.0, max(1.22 * mean**0.34, brightest**3))
    patch = np.maximum(np.percentile(linear, 98, axis=0), 0.02)
    # Where no channel is dark it may be white; else it is a colour.
    white = float(np.clip((patch.min() - 0.2) / 0.3, 0.0, 1.0))
    cast = np.maximum(patch / patch.max(), 0.4) ** (_CAST * white)
    light = np.clip(amount * cast / float(cast @ SRGB.luminance), 0.05, 1.0)
    return tuple(round(float(channel), 4) for channel in light)


def _alike(lab: Floats, named: Colour) -> NDArray[np.bool_]:
    """Where a picture has about a named colour, (h, w)."""
    lightness, a, b = SRGB.to_oklab(np.array([[named]], np.float32))[0, 0]
    chroma = np.hypot(lab[:, :, 1], lab[:, :, 2])
    if np.hypot(a, b) < _NEUTRAL * max(lightness, 0.2):
        near = np.abs(lab[:, :, 0] - lightness) < _NAMED_GREY
        return np.asarray(near & (chroma < 0.04))
    turn = np.arctan2(lab[:, :, 2], lab[:, :, 1]) - np.arctan2(b, a)
    near = np.cos(turn) > np.cos(np.radians(_NAMED_HUE))
    return np.asarray(near & (chroma > 0.04) & (chroma > 1.4 * _NEUTRAL * lab[:, :, 0]))


def _drawn(weights: Floats) -> NDArray[np.intp]:
    """Places drawn by their weights, evenly (systematic resampling)."""
    places = np.cumsum(weights, dtype=np.float64)
    at = (np.arange(_SAMPLES) + 0.5) / _SAMPLES * places[-1]
    return np.asarray(np.minimum(np.searchsorted(places, at), len(weights) - 1), np.intp)


def _main_group(centres: Floats, count: NDArray[np.int64]) -> NDArray[np.int64]:
    """The clusters of the paint that covers most; those that count nothing are left out."""
    lightness = np.maximum(centres[:, 0], 0.02)
    chroma = np.hypot(centres[:, 1], centres[:, 2])
    hue = np.degrees(np.arctan2(centres[:, 2], centres[:, 1]))
    coloured = (chroma > _NEUTRAL * lightness) & (chroma > 0.018)
    # What is nearly black may be the shade of any paint.
    worth = count * np.where(lightness < _DARK, 0.4, 1.0)
    best, most = np.zeros(0, np.int64), -1.0
    for seed in np.argsort(-count, kind="stable"):
        if not count[seed]:
            break
        if coloured[seed]:
            turn = np.abs((hue - hue[seed] + 180.0) % 360.0 - 180.0)
            group = np.flatnonzero(coloured & (turn <= _ONE_HUE) & (count > 0))
        else:
            group = _grey_chain(lightness, np.flatnonzero(~coloured & (count > 0)), int(seed))
        covers = float((worth * (1.0 + _COLOUR_COUNTS * chroma))[group].sum())
        if covers > most:
            best, most = group, covers
    return best


def _grey_chain(lightness: Floats, greys: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """The greys that lead up and down from one without a gap."""
    order = greys[np.argsort(lightness[greys], kind="stable")]
    at = int(np.flatnonzero(order == seed)[0])
    low = high = at
    while low > 0 and lightness[order[low]] - lightness[order[low - 1]] < _ONE_GREY:
        low -= 1
    while high + 1 < len(order) and lightness[order[high + 1]] - lightness[order[high]] < _ONE_GREY:
        high += 1
    return np.asarray(order[low : high + 1], np.int64)


def _measured(colours: Floats) -> Paint:
    """The paint of which colours (n, 3) are light and shade."""
    lightness = np.maximum(colours[:, 0], 0.02)
    middle = float(np.median(lightness))
    dark, bright = (float(q) for q in np.percentile(lightness, (2, 98)))
    # Along a shading, chroma goes with lightness (both scale by the cube root of the light).
    plane = colours[:, 1:] / lightness[:, None]
    a, b = (float(q) * middle for q in np.median(plane, axis=0))
    if np.hypot(a, b) > _NEUTRAL * middle:
        turn = np.degrees(np.arctan2(plane[:, 1], plane[:, 0]) - np.arctan2(b, a))
        spread = float(np.percentile(np.abs((turn + 180.0) % 360.0 - 180.0), 80))
    else:
        spread = float(np.percentile(np.hypot(colours[:, 1] - a, colours[:, 2] - b), 90))
    return Paint(middle, a, b, max(spread, 1e-3), dark, max(bright, dark + 0.01))
