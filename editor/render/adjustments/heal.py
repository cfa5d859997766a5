from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render.adjustments.recent_pictures import RecentPictures
from editor.render.color import Floats, scaled

_Mask = NDArray[np.uint8]

_SEARCH = 96
"""Side in pixels to which a spot is reduced while searching for similar texture."""

_SMALLEST = 12


_LOCK = Lock()
_HEALED = RecentPictures[tuple[str, Image]]()


def healed(source: Image, selection: Selection) -> Image:
    """`heal`, done once per picture, however many tiles are rendered one by one.

    The last filling of each picture used lately is remembered; it shares the picture's tiles and
    does not keep the picture itself alive.
    """
    with _LOCK:
        found = _HEALED.get(source)
        if found is None or found[0] != selection.digest:
            filled = heal(source, selection)
            if filled is source:
                return source
            found = (selection.digest, filled)
            _HEALED.put(source, found)
        return found[1]


def heal(source: Image, selection: Selection) -> Image:
    """Fill every selected spot with the texture of its surroundings; alpha stays.

    Like a healing brush: the pixels of the best-fitting place nearby, compared along the spot's
    rim, are copied, and the difference along the rim is spread smoothly over the spot (Pérez et al.
    2003, "Poisson image editing": the Laplace membrane). A spot too large for a place of its own
    is filled part by part from its ends; with no place at all the membrane of the rim remains.

    All of it in float32, so 16 bits are kept. Reads only the spot and its surroundings.
    """
    bounds = selection.bounds
    if bounds.is_empty or (bounds == source.bounds and _is_full(selection)):
        return source
    reach = 3 * max(bounds.width, bounds.height) + 32
    window = bounds.grow(min(reach, 1600)).intersect(source.bounds)
    pixels = source.read(window)
    colours = source.colour_channels
    work = np.ascontiguousarray(scaled(pixels[:, :, :colours]))
    hole = (selection.read(window) > 0).astype(np.uint8)
    if hole.all():
        return source
    for label in _components(hole):
        _fill(work, hole, label)
    filled = np.rint(np.clip(work, 0.0, 1.0) * source.maximum).astype(pixels.dtype)
    inside = selection.read(window) > 0
    pixels[:, :, :colours] = np.where(inside[:, :, None], filled, pixels[:, :, :colours])
    return source.replace(window, pixels)


def _is_full(selection: Selection) -> bool:
    return all(tile.pixels.all() for tile in selection.coverage.tiles)


def _components(hole: _Mask) -> list[_Mask]:
    """Connected spots, smallest first; many tiny ones are taken together."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(hole, connectivity=8)
    if count > 64:
        return [hole.copy()]
    order = sorted(range(1, count), key=lambda i: int(stats[i, cv2.CC_STAT_AREA]))
    return [(labels == i).astype(np.uint8) for i in order]


def _fill(work: Floats, hole: _Mask, spot: _Mask) -> None:
    """Fill `spot` in `work` and take it out of `hole`, both in place."""
    box = _box(spot)
    shift = _best_shift(work, hole, spot, box)
    if shift is None and max(box.width, box.height) >= 2 * _SMALLEST:
        first, second = _halves(spot, box)
        for part in (first, second):
            if part.any():
                _fill(work, hole, part)
        return
    rim = box.grow(2).intersect(Rect(0, 0, hole.shape[1], hole.shape[0]))
    area = (slice(rim.y, rim.bottom), slice(rim.x, rim.right))
    inside = spot[area] > 0
    known = hole[area] == 0
    copied = np.zeros_like(work[area])
    if shift is not None:
        dx, dy = shift
        copied = _shifted(work, rim, dx, dy)
    difference = membrane(work[area] - copied, known, inside)
    new = work[area].copy()
    new[inside] = (copied + difference)[inside]
    work[area] = new
    hole[spot > 0] = 0


def _box(mask: _Mask) -> Rect:
    x, y, width, height = cv2.boundingRect(mask)
    return Rect(x, y, width, height)


def _halves(spot: _Mask, box: Rect) -> tuple[_Mask, _Mask]:
    first, second = spot.copy(), spot.copy()
    if box.width >= box.height:
        middle = box.x + box.width // 2
        first[:, middle:] = 0
        second[:, :middle] = 0
    else:
        middle = box.y + box.height // 2
        first[middle:] = 0
        second[:middle] = 0
    return first, second


def _shifted(work: Floats, rim: Rect, dx: int, dy: int) -> Floats:
    """Pixels of `rim` moved by (dx, dy); repeated at the window's edges."""
    rows = np.clip(np.arange(rim.y + dy, rim.bottom + dy), 0, work.shape[0] - 1)
    columns = np.clip(np.arange(rim.x + dx, rim.right + dx), 0, work.shape[1] - 1)
    return work[np.ix_(rows, columns)]


@dataclass(frozen=True)
class _Search:
    """A reduced copy of the surroundings to look for the best place in."""

    picture: Floats
    hole: _Mask
    spot: _Mask
    rim: _Mask


def _best_shift(work: Floats, hole: _Mask, spot: _Mask, box: Rect) -> tuple[int, int] | None:
    """Where the pixels for a spot come from: (dx, dy), or None if there is no room."""
    size = max(box.width, box.height)
    factor = max(1, round(size / _SEARCH))
    reach = max(3 * size, 48)
    limits = Rect(0, 0, hole.shape[1], hole.shape[0])
    near = box.grow(reach).intersect(limits)
    area = (slice(near.y, near.bottom), slice(near.x, near.right))
    found = _match(_reduced(work[area], hole[area], spot[area], factor), 1)
    if found is None:
        return None
    dx, dy = found[0] * factor, found[1] * factor
    if factor == 1:
        return dx, dy
    return _refined(work, hole, spot, box, (dx, dy), factor)


def _reduced(picture: Floats, hole: _Mask, spot: _Mask, factor: int) -> _Search:
    if factor > 1:
        size = (max(1, picture.shape[1] // factor), max(1, picture.shape[0] // factor))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        hole, spot = (
            (cv2.resize(m * 255, size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
            for m in (hole, spot)
        )
        picture = picture.reshape(size[1], size[0], -1)
    # A rim of about a sixth of the spot shows what its surroundings look like.
    width = max(2, round(max(_box(spot)[2:]) / 6))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    rim = cv2.dilate(spot, kernel) & (1 - hole)
    return _Search(picture, hole, spot, rim)


def _match(search: _Search, spare: int) -> tuple[int, int] | None:
    """Shift of the place whose pixels fit the rim best, in the search's pixels."""
    bounds = Rect(0, 0, search.hole.shape[1], search.hole.shape[0])
    whole = _box(search.rim | search.spot).grow(spare).intersect(bounds)
    area = (slice(whole.y, whole.bottom), slice(whole.x, whole.right))
    rim = search.rim[area].astype(np.float32)
    if rim.sum() < 4 or whole.width >= bounds.width or whole.height >= bounds.height:
        return None
    target = search.picture[area]
    error = _differences(search.picture, target, rim)
    # The copied pixels must not lie in any hole, neither under the spot nor under the rim.
    needed = (search.rim | search.spot)[area].astype(np.float32)
    blocked = cv2.matchTemplate(search.hole.astype(np.float32), needed, cv2.TM_CCORR)
    error = np.where(blocked > 0.5, np.inf, error)
    if not np.isfinite(error).any():
        return None
    # Nearby places are more likely to be of the same thing and light.
    y, x = np.mgrid[: error.shape[0], : error.shape[1]]
    distance = np.hypot(x - whole.x, y - whole.y) / max(whole.width, whole.height)
    error = error * (1.0 + 0.15 * distance) + 1e-6 * distance
    row, column = np.unravel_index(int(error.argmin()), error.shape)
    return int(column) - whole.x, int(row) - whole.y


def _differences(picture: Floats, target: Floats, rim: Floats) -> Floats:
    """Mean squared difference along the rim for every place, brightness offset discounted."""
    total = float(rim.sum())
    out: Floats | None = None
    for channel in range(picture.shape[2]):
        plane = np.ascontiguousarray(picture[:, :, channel])
        wanted = np.ascontiguousarray(target[:, :, channel])
        level = float((wanted * rim).sum() / total)
        plane, wanted = plane - np.float32(level), (wanted - np.float32(level)) * rim
        squares = cv2.matchTemplate(plane * plane, rim, cv2.TM_CCORR)
        cross = cv2.matchTemplate(plane, wanted, cv2.TM_CCORR)
        mean = cv2.matchTemplate(plane, rim, cv2.TM_CCORR) / total
        error = (squares - 2.0 * cross + float((wanted * wanted).sum())) / total
        # The membrane corrects an offset, so it costs only a quarter.
        error = np.maximum(error - 0.75 * mean * mean, 0.0)
        out = error if out is None else out + error
    assert out is not None
    return out


def _refined(
    work: Floats, hole: _Mask, spot: _Mask, box: Rect, shift: tuple[int, int], factor: int
) -> tuple[int, int]:
    """The best shift at full size within ± `factor` pixels of a coarse one."""
    bounds = Rect(0, 0, hole.shape[1], hole.shape[0])
    width = 4
    kernel = np.ones((2 * width + 1, 2 * width + 1), np.uint8)
    outer = box.grow(width).intersect(bounds)
    area = (slice(outer.y, outer.bottom), slice(outer.x, outer.right))
    rim = (cv2.dilate(spot, kernel)[area] & (1 - hole[area])).astype(np.float32)
    wide = outer.shift(*shift).grow(factor).intersect(bounds)
    if rim.sum() < 4 or wide.width < outer.width or wide.height < outer.height:
        return shift
    around = work[wide.y : wide.bottom, wide.x : wide.right]
    error = _differences(around, work[area], rim)
    needed = np.maximum(rim, spot[area].astype(np.float32))
    holes = hole[wide.y : wide.bottom, wide.x : wide.right].astype(np.float32)
    error = np.where(cv2.matchTemplate(holes, needed, cv2.TM_CCORR) > 0.5, np.inf, error)
    if not np.isfinite(error).any():
        return shift
    row, column = np.unravel_index(int(error.argmin()), error.shape)
    return wide.x + int(column) - outer.x, wide.y + int(row) - outer.y


def membrane(values: Floats, known: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> Floats:
    """Solve Laplace's equation where `wanted`, held where `known`; (h, w, c).

    Coarse to fine: the half-size solution, then relaxation, so a large spot costs no more than a
    few passes over it. Pixels neither known nor wanted (other spots) take part as free ones.
    """
    height, width = known.shape
    weight = known.astype(np.float32)
    start = values * weight[:, :, None]
    if min(height, width) > 4 and not known.all():
        size = ((width + 1) // 2, (height + 1) // 2)
        small_weight = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
        small = cv2.resize(start, size, interpolation=cv2.INTER_AREA).reshape(*size[::-1], -1)
        small = small / np.maximum(small_weight, 1e-6)[:, :, None]
        small_known = small_weight > 0
        solved = membrane(np.where(small_known[:, :, None], small, 0.0), small_known, ~small_known)
        guess = cv2.resize(solved, (width, height), interpolation=cv2.INTER_LINEAR)
        guess = guess.reshape(values.shape)
    else:
        total = max(float(weight.sum()), 1.0)
        guess = np.broadcast_to(start.sum(axis=(0, 1)) / total, values.shape)
    free = ~known
    now = np.where(free[:, :, None], guess, values).astype(np.float32)
    kernel = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4.0
    for _ in range(24):
        mean = cv2.filter2D(now, -1, kernel, borderType=cv2.BORDER_REPLICATE)
        now = np.where(free[:, :, None], mean.reshape(values.shape), now)
    return now
