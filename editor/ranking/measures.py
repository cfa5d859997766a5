from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Pixels
from editor.render.adjustments.parameters import HUES
from editor.render.color import HUE_CENTRES, ColorSpace, Floats

_Mask = NDArray[np.bool_]

PIXELS = 1_000_000
"""Most pixels on which tone and colour are measured. Reading this many takes a noticeable time, and
more would not change the third digit of any figure."""

COLOURED = 8.0
"""C* from which a pixel counts as having a hue at all."""

NAMES = (
    "lightness",
    "contrast",
    "shadows",
    "highlights",
    "warmth",
    "tint",
    "chroma",
    "chroma_low",
    *(f"chroma_{hue}" for hue in HUES),
    *(f"lightness_{hue}" for hue in HUES),
    "hue_spread",
    "shadow_warmth",
    "highlight_warmth",
    "sharpness",
    "fine_detail",
    "local_contrast",
    "noise",
    "edge_darkening",
    "size_ratio",
    "angle",
)
"""Every quantity, in the order of `tests/data/README.md`."""


@dataclass(frozen=True)
class Measures:
    """Quantities before and after, by name (CIELAB units); a read-only mapping.

    Attributes:
        values: name to (before, after). `lightness_<hue>` and `chroma_<hue>` are missing for hues
            that the source does not hold.
        hue_shares: share of the source's pixels of each hue, 0..1.
        clipped: share of pixels with a channel newly at its lower or upper end, 0..1.
    """

    values: Mapping[str, tuple[float, float]]
    hue_shares: Mapping[str, float] = field(default_factory=dict)
    clipped: float = 0.0

    def __getitem__(self, name: str) -> tuple[float, float]:
        return self.values[name]

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def change(self, name: str) -> float:
        """After minus before; 0 for a quantity that this picture does not have."""
        before, after = self.values.get(name, (0.0, 0.0))
        return after - before


def measure(
    before: Pixels,
    after: Pixels,
    space_before: ColorSpace,
    space_after: ColorSpace,
    *,
    coverage: NDArray[np.uint8] | None = None,
    angle: float = 0.0,
    reference: Reference | None = None,
) -> Measures:
    """Measure what an edit did.

    Groups of pixels (darkest, of a hue, …) are chosen on `before`; where an edit changed the
    geometry they are chosen on each side for itself.

    Args:
        before: (h, w, c) encoded samples of the source, `uint8`, `uint16` or float 0..1, c = 1 or
            3 (alpha left out).
        after: the same of the result.
        space_before: colour space of `before`.
        space_after: colour space of `after` (differs where grey became RGB).
        coverage: (h, w) `uint8`; measure only where it is at least half. None for everywhere.
        angle: degrees by which the edit turned the picture (`Adjustments.straighten`), which
            the pixels do not show.
        reference: keeps what only depends on `before`, for the other candidates of a picture.
    """
    same = before.shape[:2] == after.shape[:2]
    inside = coverage if same else None
    one, groups_one, first = (reference or Reference()).of(before, space_before, inside)
    if space_before == space_after and np.array_equal(before, after):
        # Vector code may round differently at another address: equal pixels may give unequal sums.
        two, second = one, first
    else:
        two = _Side(after, space_after, inside)
        second = two.quantities(groups_one if same else two.groups())
    values = {n: (first[n], second[n]) for n in NAMES if n in first and n in second}
    values["size_ratio"] = (_ratio(before), _ratio(after))
    values["angle"] = (0.0, angle)
    shares = {hue: float((groups_one.hues == i).mean()) for i, hue in enumerate(HUES)}
    clipped = 0.0
    if same:
        fresh = two.clipped() & ~one.clipped()
        clipped = float(fresh[one.inside].mean()) if one.inside.any() else 0.0
    return Measures(values, shares, clipped)


@dataclass(frozen=True)
class _Groups:
    """Pixels inside that belong together, (n,) each; `flat` over the detail window, (h, w).

    `hues` is the index of each pixel's hue in `HUES`, 8 for none.
    """

    dark: _Mask
    bright: _Mask
    dull: _Mask
    hues: NDArray[np.int64]
    flat: _Mask


def _bands() -> NDArray[np.int64]:
    """The hue each whole degree of Oklab hue belongs to, (360,): the nearest centre."""
    distance = np.arange(360)[:, None] + 0.5 - np.array(HUE_CENTRES)
    return np.asarray(np.abs((distance + 180.0) % 360.0 - 180.0).argmin(axis=1), np.int64)


_BANDS = _bands()


class _Side:
    """One picture of the pair: reduced for tone and colour, at full size for detail."""

    def __init__(
        self, pixels: Pixels, space: ColorSpace, coverage: NDArray[np.uint8] | None
    ) -> None:
        self.small = _reduced(pixels, PIXELS)
        height, width = self.small.shape[:2]
        self.inside: _Mask = np.ones((height, width), np.bool_)
        window = _window(pixels.shape[0], pixels.shape[1], coverage)
        detail = np.ascontiguousarray(pixels[window])
        self.detail_inside: _Mask = np.ones(detail.shape[:2], np.bool_)
        if coverage is not None and (coverage >= 128).any():
            small = cv2.resize(coverage, (width, height), interpolation=cv2.INTER_AREA)
            self.inside = small >= 128
            if not self.inside.any():
                self.inside = small == small.max()
            self.detail_inside = coverage[window] >= 128
        self.lab = space.to_lab(self.small)
        self._space = space
        whole = detail.shape == self.small.shape  # then both are the picture itself
        lab = self.lab if whole else space.to_lab(detail)
        self.detail = np.ascontiguousarray(lab[..., 0])
        self.high: Floats = self.detail - cv2.GaussianBlur(
            self.detail, (0, 0), 1.0, borderType=cv2.BORDER_REFLECT
        )

    def groups(self) -> _Groups:
        """Groups of this side's pixels."""
        planes = self._inside(self.lab)
        lightness, chroma = planes[0], cv2.magnitude(planes[1], planes[2]).ravel()
        oklab = self._inside(self._space.to_oklab(self.small))
        hue = cv2.phase(oklab[1], oklab[2], angleInDegrees=True).ravel()
        return _Groups(
            dark=lightness <= np.quantile(lightness, 0.25),
            bright=lightness >= np.quantile(lightness, 0.75),
            dull=chroma <= np.quantile(chroma, 1 / 3),
            hues=np.where(chroma >= COLOURED, _BANDS.take(hue.astype(np.int32) % 360), len(HUES)),
            flat=_flattest(self.high, self.detail_inside),
        )

    def quantities(self, groups: _Groups) -> dict[str, float]:
        """Every quantity of this side, over groups chosen on the source."""
        lightness, a, b = self._inside(self.lab)
        chroma = cv2.magnitude(a, b).ravel()
        found = {
            "lightness": lightness.mean(),
            "contrast": lightness.std(),
            "shadows": lightness[groups.dark].mean(),
            "highlights": lightness[groups.bright].mean(),
            "warmth": b.mean(),
            "tint": a.mean(),
            "chroma": chroma.mean(),
            "chroma_low": chroma[groups.dull].mean(),
            "hue_spread": chroma.mean(),
            "shadow_warmth": b[groups.dark].mean(),
            "highlight_warmth": b[groups.bright].mean(),
        }
        count = np.bincount(groups.hues, minlength=len(HUES))
        total_chroma = np.bincount(groups.hues, chroma, len(HUES))
        total_lightness = np.bincount(groups.hues, lightness, len(HUES))
        for index, hue in enumerate(HUES):
            if count[index]:
                found[f"chroma_{hue}"] = total_chroma[index] / count[index]
                found[f"lightness_{hue}"] = total_lightness[index] / count[index]
        found.update(self._local(groups.flat))
        return {name: float(value) for name, value in found.items()}

    def _inside(self, values: Floats) -> list[Floats]:
        """The three planes of the pixels inside, (n,) each."""
        planes = cv2.split(values)
        if self.inside.all():
            return [plane.ravel() for plane in planes]
        return [plane[self.inside] for plane in planes]

    def _local(self, flat: _Mask) -> dict[str, float]:
        detail, inside = self.detail, self.detail_inside
        if not inside.any():
            inside = np.ones_like(inside)
        high = self.high
        laplacian = cv2.Laplacian(detail, cv2.CV_32F, borderType=cv2.BORDER_REFLECT)
        lightness = np.ascontiguousarray(self.lab[..., 0])
        sigma = max(0.5, 0.02 * max(lightness.shape))
        base = _smoothed(lightness, sigma)
        return {
            "sharpness": float(laplacian[inside].var()),
            "fine_detail": float(np.abs(high[inside]).mean()),
            "local_contrast": float(np.abs(lightness - base)[self.inside].mean()),
            "noise": float(high[flat].std()),
            "edge_darkening": _edge_darkening(lightness),
        }

    def clipped(self) -> _Mask:
        """Pixels with two channels (of grey the one) at an end of the range, (h, w).

        One channel at its end is a strong colour; with two the pixel's detail is gone.
        """
        if self.small.dtype.kind == "f":
            low, high = 0.25 / 255, 1 - 0.25 / 255
        else:
            top = np.iinfo(self.small.dtype).max
            low, high = top * 0.25 / 255, top * (1 - 0.25 / 255)
        ends = ((self.small <= low) | (self.small >= high)).sum(axis=-1)
        return np.asarray(ends >= min(2, self.small.shape[-1]))


class Reference:
    """The source's side of several measurements, made once per coverage.

    Belongs to one picture: the owner makes a new one for another.
    """

    def __init__(self) -> None:
        self._made: dict[str, tuple[_Side, _Groups, dict[str, float]]] = {}

    def of(
        self, before: Pixels, space: ColorSpace, coverage: NDArray[np.uint8] | None
    ) -> tuple[_Side, _Groups, dict[str, float]]:
        """Side, groups and quantities of the source."""
        key = "everywhere"
        if coverage is not None:
            key = hashlib.blake2b(np.ascontiguousarray(coverage).data).hexdigest()
        if key not in self._made:
            side = _Side(before, space, coverage)
            groups = side.groups()
            self._made[key] = (side, groups, side.quantities(groups))
        return self._made[key]


def _smoothed(plane: Floats, sigma: float) -> Floats:
    """A Gaussian, at reduced size where it is wide."""
    factor = int(sigma // 4)
    if factor < 2:
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REFLECT))
    height, width = plane.shape
    size = (max(1, width // factor), max(1, height // factor))
    small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / factor, borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def _flattest(high: Floats, inside: _Mask, side: int = 8) -> _Mask:
    """The tenth of the 8-px blocks where the high-pass varies least, (h, w)."""
    rows, columns = high.shape[0] // side, high.shape[1] // side
    if rows == 0 or columns == 0:
        return inside
    deviation = _blocks(high, rows, columns, side).std(axis=(1, 3))
    whole = _blocks(inside, rows, columns, side).all(axis=(1, 3))
    if whole.any():
        deviation = np.where(whole, deviation, np.inf)
    count = max(1, int(np.isfinite(deviation).sum()) // 10)
    flat = deviation <= np.partition(deviation.ravel(), count - 1)[count - 1]
    chosen: _Mask = np.zeros(high.shape, np.bool_)
    chosen[: rows * side, : columns * side] = flat.repeat(side, axis=0).repeat(side, axis=1)
    return chosen


def _blocks(plane: NDArray[Any], rows: int, columns: int, side: int) -> NDArray[Any]:
    return plane[: rows * side, : columns * side].reshape(rows, side, columns, side)


def _edge_darkening(lightness: Floats) -> float:
    """Mean L* of the four corners minus the centre (each a fifth of the sides)."""
    height, width = lightness.shape
    dy, dx = max(1, height // 5), max(1, width // 5)
    corners = [lightness[y, x] for y in (slice(dy), slice(-dy, None)) for x in _ends(dx)]
    y, x = (height - dy) // 2, (width - dx) // 2
    centre = lightness[y : y + dy, x : x + dx]
    return float(np.mean([c.mean() for c in corners]) - centre.mean())


def _ends(size: int) -> tuple[slice, slice]:
    return slice(size), slice(-size, None)


def _ratio(pixels: Pixels) -> float:
    return float(pixels.shape[1] / pixels.shape[0])


def _reduced(pixels: Pixels, limit: int) -> Pixels:
    """At most `limit` pixels, averaged; (h, w, c) of the same type."""
    height, width = pixels.shape[:2]
    factor = (limit / (height * width)) ** 0.5
    if factor >= 1.0:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small: Pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return small.reshape(size[1], size[0], pixels.shape[2])


def _window(height: int, width: int, coverage: NDArray[np.uint8] | None) -> tuple[slice, slice]:
    """At most a million full-size pixels about the middle of the picture or the selection.

    Sharpness, fine detail and noise live in single pixels and vanish in a reduced picture.
    """
    top, bottom, left, right = 0, height, 0, width
    if coverage is not None and (coverage >= 128).any():
        rows = np.flatnonzero((coverage >= 128).any(axis=1))
        columns = np.flatnonzero((coverage >= 128).any(axis=0))
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        left, right = int(columns[0]), int(columns[-1]) + 1
    factor = min(1.0, (PIXELS / ((bottom - top) * (right - left))) ** 0.5)
    rows_kept = max(1, int((bottom - top) * factor))
    columns_kept = max(1, int((right - left) * factor))
    y, x = (top + bottom - rows_kept) // 2, (left + right - columns_kept) // 2
    return slice(y, y + rows_kept), slice(x, x + columns_kept)
