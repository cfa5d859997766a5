from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]

SRGB_TO_XYZ = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)
"""Linear sRGB to XYZ relative to D50, Bradford adapted (Lindbloom, "RGB/XYZ Matrices")."""


@dataclass(frozen=True)
class Parsed:
    """What a matrix/curve profile says.

    Attributes:
        curves: one raw curve tag per channel (`curve` evaluates it).
        to_xyz: (3, 3) linear RGB to XYZ relative to D50.
    """

    curves: tuple[bytes, ...]
    to_xyz: NDArray[np.float64]


def parse_profile(profile: bytes, channels: int) -> Parsed | None:
    """Read a matrix/curve profile (ICC.1:2022, sections 7 to 10).

    Args:
        profile: the whole profile.
        channels: colour channels of the picture that carries it, 1 or 3.

    Returns:
        None if the profile holds lookup tables only, belongs to another mode or is damaged.
    """
    try:
        tags = _tags(profile)
        if channels == 1 and "kTRC" in tags:
            curves: tuple[bytes, ...] = (tags["kTRC"],)
            matrix = SRGB_TO_XYZ
        elif channels == 3 and {"rTRC", "gTRC", "bTRC", "rXYZ", "gXYZ", "bXYZ"} <= tags.keys():
            curves = (tags["rTRC"], tags["gTRC"], tags["bTRC"])
            matrix = np.stack([_xyz(tags[name]) for name in ("rXYZ", "gXYZ", "bXYZ")], axis=1)
            if abs(np.linalg.det(matrix)) < 1e-4 or (matrix.sum(axis=1) < 0.1).any():
                return None
        else:
            return None
        for raw in curves:
            curve(raw, 16)
    except (struct.error, ValueError, IndexError):
        return None
    return Parsed(curves, matrix)


def curve(raw: bytes, steps: int) -> Curve:
    """Linear light for `steps` encoded values from 0 to 1, of a `curv` or `para` tag."""
    x = np.linspace(0.0, 1.0, steps)
    if raw[:4] == b"curv":
        (count,) = struct.unpack_from(">I", raw, 8)
        if count == 0:
            return x
        if count == 1:
            return np.asarray(x ** (struct.unpack_from(">H", raw, 12)[0] / 256.0))
        table = np.frombuffer(raw, ">u2", count, 12) / 65535.0
        return np.interp(x, np.linspace(0.0, 1.0, count), table)
    if raw[:4] == b"para":
        return _parametric(raw, x)
    raise ValueError("no such curve type")


def rgb_from_grey(profile: bytes) -> bytes | None:
    """A matrix profile with sRGB's primaries and a grey profile's curve; None if it has none.

    A grey picture that gains colour keeps its values: R = G = B means what the grey value meant.
    """
    parsed = parse_profile(profile, 1)
    if parsed is None:
        return None
    name = b"Grey curve, sRGB primaries"
    text = b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name + bytes(1 + 12 + 67)
    tags = [(b"desc", text), (b"cprt", b"text" + bytes(4) + b"CC0\0"), (b"wtpt", _xyz_tag(_D50))]
    tags += [(n, _xyz_tag(SRGB_TO_XYZ[:, c])) for c, n in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))]
    tags += [(n, parsed.curves[0]) for n in (b"rTRC", b"gTRC", b"bTRC")]
    places: dict[bytes, int] = {}
    body, table = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags:
        if data not in places:
            places[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", tag, places[data], len(data))
    size = start + len(body)
    # A curve tag may be of any version; the profile's own version says how to read it.
    head = struct.pack(">I4s", size, b"\0" * 4) + profile[8:12] + b"mntrRGB XYZ "
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += struct.pack(">3i", *(round(v * 65536) for v in _D50))
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


_D50 = (0.9642, 1.0, 0.8249)


def _tags(profile: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from(">I", profile, 128)
    if count > 200:
        raise ValueError("too many tags")
    tags: dict[str, bytes] = {}
    for index in range(count):
        name, offset, size = struct.unpack_from(">4sII", profile, 132 + 12 * index)
        tags[name.decode("latin-1")] = profile[offset : offset + size]
    return tags


def _xyz(raw: bytes) -> NDArray[np.float64]:
    if raw[:4] != b"XYZ ":
        raise ValueError("not an XYZ tag")
    return np.array(struct.unpack_from(">3i", raw, 8)) / 65536.0


def _xyz_tag(values: NDArray[np.float64] | tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(float(v) * 65536) for v in values))


def _parametric(raw: bytes, x: Curve) -> Curve:
    """Parametric curve types 0 to 4 (ICC.1:2022, table 68)."""
    (kind,) = struct.unpack_from(">H", raw, 8)
    counts = (1, 3, 4, 5, 7)
    if kind >= len(counts):
        raise ValueError("no such parametric curve")
    values = [v / 65536.0 for v in struct.unpack_from(f">{counts[kind]}i", raw, 12)]
    g, a, b, c, d, e, f = values + [0.0] * (7 - len(values))
    if kind == 0:
        a, d = 1.0, -1.0
    elif kind == 1:
        d, c, e = (-b / a if a else 0.0), 0.0, 0.0
    elif kind == 2:
        d, e, f, c = (-b / a if a else 0.0), c, c, 0.0
    power = np.maximum(a * x + b, 0.0) ** g + e
    return np.asarray(np.clip(np.where(x >= d, power, c * x + f), 0.0, 1.0))
