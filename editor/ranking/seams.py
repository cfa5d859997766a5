"""Straight steps that an edit left where neither the source nor what was painted has an edge."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.render.color import Floats

_Mask = NDArray[np.bool_]

_VISIBLE: Final = 1.5
"""CIELAB difference from which a long straight step is seen."""

_OUTLINE: Final = 14.0
"""A stronger step is the outline of something new, which an edit may well add."""

_EVEN: Final = 2.5
"""CIELAB difference up to which the source has no edge there."""

_STEADY: Final = 0.5
"""Share of the step by which the change may vary beside it: it goes on as a tone on each side."""

_SHORTEST: Final = 1 / 12
"""Share of the side from which a step is long enough to be a seam and no piece of an outline. Over
as much of its length a step is averaged: paper, hatching and grain cancel out, a seam does not."""

_WHOLE: Final = 2 / 5
"""Share of the side from which a seam counts fully; the shortest counts for nothing."""

_MANY: Final = 8
"""So many long steps are the way a picture is drawn, such as pixel art."""

_NEAR: Final = 2
_FAR: Final = 7
"""Work pixels from the step between which the change must be steady."""

_BESIDE: Final = 9
_DRAWN: Final = 1.2
_DRAWN_LEAST: Final = 0.2
_DRAWN_MOST: Final = 20.0
"""A column in which the source's own steps exceed the median of the columns so many pixels around
it by this factor and this much is a line of its drawing (a wall, the grid of pixel art); a single
step counts up to the last figure."""

_ALIGNED: Final = 0.5
"""Least cosine of a pixel's step with the usual one of its run."""


def seams(source: Floats, difference: Floats, border: _Mask) -> float:
    """The longest horizontal or vertical seam, 0 (none) to 1 (two fifths of the side or more).

    A seam is a step in what the edit added to the source: in one row or column over a twelfth of
    the side, of one direction in colour along its whole length, where the source is even across it
    and the change is steady on both sides. Patches, tiles and frames that were put in end so;
    outlines of painted things are stronger, follow the source's own edges or are not straight. No
    row or column counts that is a line of the source's own drawing.

    Args:
        source: (h, w, 3) CIELAB at work size.
        difference: (h, w, 3), result minus source.
        border: (h, w), where a step is not the edit's fault: the border of the selection.
    """
    side = max(border.shape)
    planes = [(source, difference, border)]
    planes.append((_turned(source), _turned(difference), border.T))
    found: list[int] = []
    for before, added, edge in planes:
        even = _length(_across(_along(before, side))) <= _EVEN
        where = even & ~edge & ~_drawn_columns(before)
        found += _long_steps(_along(added, side), where, side)
    if len(found) >= _MANY:
        return 0.0
    share = max(found, default=0) / side
    return float(np.clip((share - _SHORTEST) / (_WHOLE - _SHORTEST), 0.0, 1.0))


def _turned(values: Floats) -> Floats:
    """Rows become columns."""
    return np.ascontiguousarray(values.swapaxes(0, 1))


def _long_steps(values: Floats, where: _Mask, side: int) -> list[int]:
    """Lengths of the vertical steps of at least a twelfth of the side, each one way in colour.

    Args:
        values: (h, w, 3) in which they are sought.
        where: (h, w), pixels that may be part of one.
        side: the longer side of the picture.
    """
    width = where.shape[1]
    if width < 2 * _FAR + 2:
        return []
    across = _across(values)
    size = _length(across)
    found = where & (size >= _VISIBLE) & (size <= _OUTLINE)
    if (found.sum(axis=0) < _SHORTEST * side).all():
        return []  # nearly always
    for way in (-1, 1):
        near, far = (np.roll(values, -way * reach, 1) for reach in (_NEAR, _FAR))
        found &= _length(far - near) <= _STEADY * size
        # A step is two pixels wide; only the first of two equal ones is taken.
        beside = np.roll(size, way, 1)
        found &= (size > beside) if way > 0 else (size >= beside)
    # Of a line there is nothing left on the other side.
    found &= _length(np.roll(values, -_NEAR, 1) - np.roll(values, _NEAR, 1)) >= _STEADY * size
    long_enough = np.flatnonzero(found.sum(axis=0) >= _SHORTEST * side)
    columns = long_enough[(long_enough >= _FAR) & (long_enough < width - _FAR)]
    lengths = (_run(found[:, x], across[:, x]) for x in columns)
    return [length for length in lengths if length >= _SHORTEST * side]


def _along(values: Floats, side: int) -> Floats:
    """Averaged along the columns, (h, w, 3)."""
    length = max(1, int(_SHORTEST * side))
    return np.asarray(cv2.blur(values, (1, length), borderType=cv2.BORDER_REFLECT), np.float32)


def _drawn_columns(source: Floats) -> _Mask:
    """Which columns are lines of the source's own drawing, (w,)."""
    strength = np.minimum(_length(_across(source)), _DRAWN_MOST).mean(axis=0)
    around = np.pad(strength, _BESIDE, mode="edge")
    usual = np.median(np.lib.stride_tricks.sliding_window_view(around, 2 * _BESIDE + 1), axis=1)
    return np.asarray(strength > _DRAWN * usual + _DRAWN_LEAST)


def _length(values: Floats) -> Floats:
    """Euclidean length of (h, w, 3) vectors, (h, w)."""
    return np.asarray(cv2.sqrt(cv2.transform(values * values, np.ones((1, 3)))), np.float32)


def _across(values: Floats) -> Floats:
    """Right neighbour minus left neighbour, (h, w, 3); wraps at the sides, which are not used."""
    return np.asarray(np.roll(values, -1, 1) - np.roll(values, 1, 1), np.float32)


def _run(found: _Mask, steps: Floats) -> int:
    """The longest run of steps of one direction in a column: found (h,), steps (h, 3)."""
    changes = np.flatnonzero(np.diff(np.concatenate([[0], found.astype(np.int8), [0]])))
    longest = 0
    for start, end in zip(changes[::2], changes[1::2], strict=True):
        if end - start > longest:
            part = steps[start:end]
            usual = np.median(part, axis=0)
            lengths = np.linalg.norm(part, axis=1) * np.linalg.norm(usual)
            aligned = part @ usual >= _ALIGNED * np.maximum(lengths, 1e-6)
            longest = max(longest, int(aligned.sum()))
    return longest
