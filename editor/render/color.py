from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image, Pixels
from editor.render import icc

Floats = NDArray[np.float32]

STEPS = 65536
"""Entries of every transfer table: one for each 16-bit sample."""

_XYZ_D50_TO_D65 = np.array(
    [
        [0.9555766, -0.0230393, 0.0631636],
        [-0.0282895, 1.0099416, 0.0210077],
        [0.0122982, -0.0204830, 1.3299098],
    ]
)
"""Bradford adaptation (Lindbloom, "Chromatic Adaptation")."""

_XYZ_TO_LMS = np.array(
    [
        [0.8189330101, 0.3618667424, -0.1288597137],
        [0.0329845436, 0.9293118715, 0.0361456387],
        [0.0482003018, 0.2643662691, 0.6338517070],
    ]
)
LMS_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
"""From cube roots of cone responses to Oklab (Ottosson 2020)."""

HUE_CENTRES = (25.0, 58.0, 100.0, 142.0, 195.0, 254.0, 300.0, 342.0)
"""Oklab hue in degrees of the eight `HUES`: the middle of what people call red, orange, …"""


@dataclass(frozen=True, eq=False)
class ColorSpace:
    """Transfer curves and primaries of a picture, read from its ICC profile.

    Matrix/curve profiles (RGB) and curve profiles (grey) are taken as they are. Without a profile,
    and for profiles made of lookup tables only (CMYK, Lab, printer or scanner RGB), the values are
    taken as sRGB: files in such modes are converted on opening, so that what remains are the LUT
    variants of sRGB itself ("sRGB v4 preference"), whose colours sRGB describes closely.

    Attributes:
        curves: linear light of each 16-bit sample, (65536,) float32, one per colour channel.
        to_xyz: (3, 3) linear RGB to XYZ relative to D50; for grey, of the sRGB primaries.
        is_srgb: True if the values are sRGB's own, so that the screen needs no conversion.
    """

    curves: tuple[Floats, ...]
    to_xyz: NDArray[np.float64]
    is_srgb: bool = field(default=False)

    @classmethod
    def of(cls, image: Image) -> ColorSpace:
        """The space that an image's values are encoded in (cached by profile)."""
        return space_of(image.meta.icc, image.colour_channels)

    @property
    def channels(self) -> int:
        """1 grey, 3 RGB."""
        return len(self.curves)

    @cached_property
    def luminance(self) -> Floats:
        """Weights of linear R, G, B in luminance, (3,), summing to 1; (1,) for grey."""
        if self.channels == 1:
            return np.ones(1, np.float32)
        weights = self.to_xyz[1] / self.to_xyz[1].sum()
        return np.asarray(weights, np.float32)

    @cached_property
    def rgb_to_lms(self) -> Floats:
        """(3, 3) linear RGB to Oklab's cone responses; white gives (1, 1, 1) exactly.

        Scaled by row so that grey is exactly neutral even if a profile's colorants do not quite
        add up to D50.
        """
        matrix = _XYZ_TO_LMS @ _XYZ_D50_TO_D65 @ self.to_xyz
        return np.asarray(matrix / matrix.sum(axis=1, keepdims=True), np.float32)

    def to_linear(self, encoded: Pixels) -> Floats:
        """Linear light, float32 0..1, of encoded samples (h, w, c).

        Args:
            encoded: `uint8` or `uint16` samples, or float 0..1; c may be 1 or 3 (no alpha).
        """
        if encoded.shape[-1] != self.channels:
            raise ValueError(f"{encoded.shape[-1]} channels in a space of {self.channels}")
        out = np.empty(encoded.shape, np.float32)
        for c, curve in enumerate(self.curves):
            out[..., c] = _look_up(curve, encoded[..., c])
        return out

    def from_linear(self, linear: NDArray[np.floating]) -> Floats:
        """Encoded values, float32 0..1, of linear light (h, w, c); clipped to 0..1."""
        # Tables are indexed by the square root: equal steps of it are nearly equal steps of the
        # encoded value, so 65,536 interpolated entries hold 16 bits down to black.
        root = cv2.sqrt(np.clip(linear, 0.0, 1.0).astype(np.float32, copy=False))
        root = root.reshape(linear.shape)
        if self.channels == 3 and self.curves[0] is self.curves[1] is self.curves[2]:
            return interpolate(self._inverses[0], root)
        out = np.empty(linear.shape, np.float32)
        for c, inverse in enumerate(self._inverses):
            out[..., c] = interpolate(inverse, np.ascontiguousarray(root[..., c]))
        return out

    def to_lab(self, encoded: Pixels) -> Floats:
        """CIELAB under the space's own white, (h, w, 3) float32: L* 0..100, a*, b*."""
        linear = self.to_linear(encoded)
        if self.channels == 1:
            linear = np.repeat(linear, 3, axis=-1)
        matrix = self.to_xyz / self.to_xyz.sum(axis=1, keepdims=True)
        xyz = _transform(linear, matrix)
        root = cv2.pow(np.maximum(xyz, 0.0), 1.0 / 3.0)
        f = np.where(xyz > 216 / 24389, root, xyz * np.float32(841 / 108) + np.float32(4 / 29))
        lab = np.empty_like(f)
        lab[..., 0] = 116.0 * f[..., 1] - 16.0
        lab[..., 1] = 500.0 * (f[..., 0] - f[..., 1])
        lab[..., 2] = 200.0 * (f[..., 1] - f[..., 2])
        return lab

    def to_oklab(self, encoded: Pixels) -> Floats:
        """Oklab of encoded samples, (h, w, 3) float32: L 0..1, a, b."""
        linear = self.to_linear(encoded)
        if self.channels == 1:
            linear = np.repeat(linear, 3, axis=-1)
        lms = np.maximum(_transform(linear, self.rgb_to_lms), 0.0)
        return _transform(cv2.pow(lms, 1.0 / 3.0), LMS_TO_OKLAB)

    def converted(self, encoded: Pixels, target: ColorSpace) -> Floats:
        """Encoded values in another space, float32 0..1, clipped to its gamut (colorimetric)."""
        if self is target:
            return scaled(encoded)
        linear = self.to_linear(encoded)
        if self.channels == 1 and target.channels == 3:
            linear = np.repeat(linear, 3, axis=-1)
        elif self.channels == 3 and target.channels == 1:
            linear = (linear @ self.luminance)[..., None]
        elif self.channels == 3:
            # Both matrices are relative to D50; white goes to white exactly.
            own = self.to_xyz / self.to_xyz.sum(axis=1, keepdims=True)
            other = target.to_xyz / target.to_xyz.sum(axis=1, keepdims=True)
            linear = _transform(linear, np.linalg.solve(other, own))
        return target.from_linear(linear)

    @cached_property
    def to_display(self) -> Callable[[Pixels], NDArray[np.uint8]]:
        """For the screen: samples (h, w, 1..4) of this space to sRGB `uint8` (h, w, 3 or 4).

        An alpha channel is passed on. About 2 ms for a 256-px tile of a profile other than sRGB.
        """
        return self._display

    def _display(self, pixels: Pixels) -> NDArray[np.uint8]:
        colour = pixels[..., : self.channels]
        if self.is_srgb:
            rgb = _bytes(colour)
        elif self.channels == 1:
            grey = _srgb_bytes()[(self.curves[0] * (STEPS - 1) + 0.5).astype(np.uint16)]
            rgb = grey[_indices(colour)]
        else:
            linear = self.to_linear(colour)
            srgb = _transform(linear, self._to_srgb)
            index = (np.clip(srgb, 0.0, 1.0) * (STEPS - 1) + 0.5).astype(np.uint16)
            rgb = _srgb_bytes()[index]
        if rgb.shape[-1] == 1:
            rgb = np.repeat(rgb, 3, axis=-1)
        if pixels.shape[-1] == self.channels:
            return rgb
        return np.concatenate([rgb, _bytes(pixels[..., self.channels :])], axis=-1)

    @cached_property
    def _to_srgb(self) -> NDArray[np.float64]:
        own = self.to_xyz / self.to_xyz.sum(axis=1, keepdims=True)
        other = icc.SRGB_TO_XYZ / icc.SRGB_TO_XYZ.sum(axis=1, keepdims=True)
        return np.linalg.solve(other, own)

    @cached_property
    def _inverses(self) -> tuple[Floats, ...]:
        known: dict[int, Floats] = {}
        for curve in self.curves:
            known.setdefault(id(curve), _inverse(curve))
        return tuple(known[id(curve)] for curve in self.curves)


@lru_cache(maxsize=32)
def space_of(profile: bytes | None, channels: int) -> ColorSpace:
    """The space of a profile for pictures of 1 or 3 colour channels; sRGB without one."""
    parsed = icc.parse_profile(profile, channels) if profile else None
    if parsed is None:
        return ColorSpace((_srgb_curve(),) * channels, icc.SRGB_TO_XYZ, is_srgb=True)
    tables: dict[bytes, Floats] = {}
    curves = []
    for raw in parsed.curves:
        if raw not in tables:
            tables[raw] = _near_srgb(icc.curve(raw, STEPS).astype(np.float32))
        curves.append(tables[raw])
    # A profile within half an 8-bit step of sRGB is sRGB as far as a screen shows.
    same = all(curve is _srgb_curve() for curve in curves) and bool(
        channels == 1 or np.abs(parsed.to_xyz - icc.SRGB_TO_XYZ).max() < 2e-3
    )
    return ColorSpace(tuple(curves), parsed.to_xyz, is_srgb=same)


def oklab_to_linear(lab: Floats, space: ColorSpace) -> Floats:
    """Linear light of Oklab, (h, w, 3) each; outside 0..1 where the space has no such colour."""
    roots = cv2.transform(lab, np.linalg.inv(LMS_TO_OKLAB).astype(np.float32))
    inverse = np.linalg.inv(space.rgb_to_lms.astype(np.float64)).astype(np.float32)
    linear: Floats = cv2.transform(roots * roots * roots, inverse)
    return linear


def scaled(samples: Pixels) -> Floats:
    """Samples as float32 0..1."""
    if samples.dtype.kind == "f":
        return samples.astype(np.float32, copy=False)
    maximum = np.float32(np.iinfo(samples.dtype).max)
    return np.divide(samples, maximum, dtype=np.float32)


def interpolate(table: Floats, position: Floats) -> Floats:
    """Linear interpolation in an evenly spaced table over 0..1; positions inside 0..1.

    Args:
        table: (n,) values.
        position: any shape, float32 0..1.
    """
    at = position * np.float32(table.size - 1)
    index = at.astype(np.int32)
    np.minimum(index, table.size - 2, out=index)
    at -= index
    low = table.take(index)
    index += 1
    high = table.take(index)
    high -= low
    high *= at
    high += low
    return high


def _look_up(curve: Floats, samples: Pixels) -> Floats:
    if samples.dtype == np.uint16:
        return curve.take(samples)
    if samples.dtype == np.uint8:
        return curve[::257].take(samples)
    return interpolate(curve, np.clip(samples, 0.0, 1.0).astype(np.float32, copy=False))


def _indices(samples: Pixels) -> NDArray[np.uint16]:
    if samples.dtype == np.uint16:
        return samples
    if samples.dtype == np.uint8:
        return samples.astype(np.uint16) * np.uint16(257)
    return (np.clip(samples, 0.0, 1.0) * (STEPS - 1) + 0.5).astype(np.uint16)


def _bytes(samples: Pixels) -> NDArray[np.uint8]:
    if samples.dtype == np.uint8:
        return samples
    return ((_indices(samples).astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)


def _transform(values: Floats, matrix: NDArray[np.floating]) -> Floats:
    """Multiply every pixel (h, w, 3) by a (3, 3) matrix."""
    flat = np.ascontiguousarray(values, np.float32).reshape(1, -1, 3)
    out: Floats = cv2.transform(flat, matrix.astype(np.float32))
    return out.reshape(values.shape)


@lru_cache(maxsize=1)
def _srgb_curve() -> Floats:
    encoded = np.linspace(0.0, 1.0, STEPS)
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


@lru_cache(maxsize=1)
def _srgb_bytes() -> NDArray[np.uint8]:
    linear = np.linspace(0.0, 1.0, STEPS)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(encoded * 255.0).astype(np.uint8)


def _near_srgb(curve: Floats) -> Floats:
    """The sRGB table itself if a curve is the same within the rounding of 16-bit profiles."""
    return _srgb_curve() if np.abs(curve - _srgb_curve()).max() < 1e-4 else curve


def _inverse(curve: Floats) -> Floats:
    """Encoded value for each square root of linear light, (65537,)."""
    rising = np.maximum.accumulate(curve.astype(np.float64))
    encoded = np.linspace(0.0, 1.0, STEPS)
    # Flat runs (a clipped toe) go to their last code, so that black stays at the toe's end.
    keep = np.append(np.diff(rising) > 0, True)
    roots = np.linspace(0.0, 1.0, STEPS + 1)
    table = np.interp(roots**2, rising[keep], encoded[keep])
    return np.asarray(table, np.float32)


SRGB = space_of(None, 3)
"""sRGB, which pictures without a profile and model outputs are encoded in."""
