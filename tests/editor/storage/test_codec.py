"""Packing is lossless for every shape and depth; damage and bombs are refused."""

from __future__ import annotations

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.storage import codec

shapes = st.tuples(st.integers(1, 70), st.integers(1, 70), st.integers(1, 5))


@settings(max_examples=150)
@given(shapes, st.sampled_from(["uint8", "uint16", "float16"]), st.integers(0, 2**32))
def test_round_trip(shape: tuple[int, int, int], dtype: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 65535, shape, np.uint16)
    pixels = pixels.astype(np.uint8) if dtype == "uint8" else pixels.view(dtype)
    found = codec.decode(codec.encode(pixels), shape, dtype)
    assert found.dtype == pixels.dtype
    assert found.tobytes() == pixels.tobytes()
    assert not found.flags.writeable


def test_smooth_pictures_shrink() -> None:
    y, x = np.mgrid[:256, :256]
    ramp = np.stack([x, y, (x + y) // 2], axis=2)
    assert len(codec.encode(ramp.astype(np.uint8))) < 256 * 256 * 3 / 20
    assert len(codec.encode((ramp * 257).astype(np.uint16))) < 256 * 256 * 6 / 20


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not zstd at all",
        zstandard.compress(bytes(100)),
        zstandard.compress(bytes(10 << 20)),
        codec.encode(np.ones((8, 8, 3), np.uint8))[:-3],
    ],
)
def test_damage_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="packed block"):
        codec.decode(data, (8, 8, 3), "uint8")


def test_a_frame_that_lies_about_its_size_is_refused() -> None:
    frame = bytearray(zstandard.compress(bytes(192)))
    longer = zstandard.compress(bytes(191))
    with pytest.raises(ValueError, match="packed block"):
        codec.decode(bytes(longer), (8, 8, 3), "uint8")
    stream = zstandard.ZstdCompressor().compressobj()
    unsized = stream.compress(bytes(192)) + stream.flush()
    with pytest.raises(ValueError, match="packed block"):
        codec.decode(unsized, (8, 8, 3), "uint8")
    assert codec.decode(bytes(frame), (8, 8, 3), "uint8").sum() == 0
