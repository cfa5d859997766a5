from __future__ import annotations

import io
import struct
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageCms

from editor.render import icc
from editor.render.color import SRGB, space_of

ADOBE_RGB = np.array(
    [[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]]
)


def gamma_tag(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)


def table_tag(values: Sequence[int]) -> bytes:
    return b"curv" + bytes(4) + struct.pack(f">I{len(values)}H", len(values), *values)


def parametric_tag(kind: int, *values: float) -> bytes:
    fixed = [round(v * 65536) for v in values]
    return b"para" + bytes(4) + struct.pack(f">HH{len(fixed)}i", kind, 0, *fixed)


def profile(curve: bytes, matrix: np.ndarray | None = None) -> bytes:
    """A matrix profile (grey without a matrix), as small as it gets."""
    tags = []
    if matrix is None:
        tags.append((b"kTRC", curve))
    else:
        for c, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ")):
            fixed = [round(v * 65536) for v in matrix[:, c]]
            tags.append((name, b"XYZ " + bytes(4) + struct.pack(">3i", *fixed)))
        tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    tags.append((b"wtpt", b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)))
    text = b"desc" + bytes(4) + struct.pack(">I", 2) + b"x\0" + bytes(79)
    tags += [(b"desc", text), (b"cprt", b"text" + bytes(4) + b"-\0\0\0")]
    body, table = b"", b""
    start = 132 + 12 * len(tags)
    for name, data in tags:
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    mode = b"GRAY" if matrix is None else b"RGB "
    head = struct.pack(">I4sI", start + len(body), b"\0" * 4, 0x04200000) + b"mntr" + mode
    head += b"XYZ " + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += struct.pack(">3i", 63190, 65536, 54061)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


CURVES = {
    "gamma 2.2": gamma_tag(2.19921875),
    "gamma 1.8": gamma_tag(1.8),
    "linear": b"curv" + bytes(8),
    "sRGB": parametric_tag(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
    "type 0": parametric_tag(0, 2.2),
    "type 1": parametric_tag(1, 2.2, 1 / 1.1, 0.1 / 1.1),
    "type 2": parametric_tag(2, 2.2, 0.9, 0.05, 0.002),
    "type 4": parametric_tag(4, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045, 0.0, 0.0),
    "table": table_tag([round(65535 * (i / 255) ** 2.0) for i in range(256)]),
}


@pytest.mark.parametrize("name", CURVES)
def test_every_sample_survives_the_way_to_linear_light_and_back(name: str) -> None:
    space = space_of(profile(CURVES[name], ADOBE_RGB), 3)
    ramp = np.arange(65536, dtype=np.uint16)
    samples = np.stack([ramp, ramp, ramp], axis=-1)[None]
    linear = space.to_linear(samples)
    assert (np.diff(linear[0, :, 0]) >= 0).all()
    back = np.rint(space.from_linear(linear) * 65535)
    # A curve with a flat toe cannot tell its lowest codes apart.
    told_apart = linear[0, :, 0] > linear[0, 0, 0]
    assert np.abs(back - samples)[0, told_apart].max() <= 1
    assert (back == samples)[0, told_apart].mean() > 0.999


@pytest.mark.parametrize("name", ["gamma 2.2", "sRGB", "type 1", "type 2", "type 4", "table"])
def test_lab_agrees_with_little_cms(name: str) -> None:
    block = profile(CURVES[name], ADOBE_RGB)
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(block)),
        ImageCms.createProfile("LAB"),
        "RGB",
        "LAB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    done = ImageCms.applyTransform(Pillow.fromarray(pixels), transform)
    assert done is not None
    theirs = np.asarray(done).astype(np.float32)
    lab = np.stack(
        [theirs[..., 0] / 2.55, *((theirs[..., c] + 128) % 256 - 128 for c in (1, 2))], -1
    )
    ours = space_of(block, 3).to_lab(pixels)
    inside = (np.abs(ours[..., 1:]) < 126).all(axis=-1)
    assert np.abs(ours - lab)[inside].max() < 1.0


def test_known_colours() -> None:
    lab = SRGB.to_lab(np.array([[[255, 255, 255], [255, 0, 0], [0, 0, 0]]], np.uint8))[0]
    assert lab[0] == pytest.approx([100, 0, 0], abs=1e-3)
    assert lab[1] == pytest.approx([54.29, 80.81, 69.89], abs=0.05)
    assert lab[2] == pytest.approx([0, 0, 0], abs=1e-3)
    assert SRGB.luminance == pytest.approx([0.2225, 0.7169, 0.0606], abs=1e-3)


def test_srgb_profile_is_srgb() -> None:
    block = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    space = space_of(block, 3)
    assert space.is_srgb
    pixels = np.random.default_rng(0).integers(0, 256, (9, 7, 4), dtype=np.uint8)
    assert (space.to_display(pixels) == pixels).all()


def test_display_shows_wide_gamut_colours_as_srgb() -> None:
    space = space_of(profile(CURVES["gamma 2.2"], ADOBE_RGB), 3)
    for samples in ([128, 128, 128], [90, 130, 100], [200, 180, 160]):
        shown = space.to_display(np.array([[samples]], np.uint8))
        exact = space.converted(np.array([[samples]], np.uint8), SRGB) * 255
        assert np.abs(shown - exact).max() < 0.6
    deep = space.to_display(np.array([[[32768, 32768, 32768, 65535]]], np.uint16))
    assert deep.dtype == np.uint8
    assert deep.shape == (1, 1, 4)


def test_grey_profile() -> None:
    block = profile(CURVES["gamma 1.8"])
    grey = space_of(block, 1)
    assert grey.channels == 1
    samples = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    assert grey.to_linear(samples)[8, 0, 0] == pytest.approx((128 / 255) ** 1.8, abs=1e-3)
    shown = grey.to_display(samples)
    assert shown.shape == (16, 16, 3)
    coloured = icc.rgb_from_grey(block)
    assert coloured is not None
    ImageCms.ImageCmsProfile(io.BytesIO(coloured))  # opens
    space = space_of(coloured, 3)
    same = np.repeat(samples, 3, axis=-1)
    assert np.abs(space.to_lab(same) - grey.to_lab(samples)).max() < 0.02


@settings(max_examples=60)
@given(st.binary(max_size=400), st.integers(0, 400))
def test_damaged_profiles_count_as_none(noise: bytes, cut: int) -> None:
    whole = profile(CURVES["sRGB"], ADOBE_RGB)
    for block in (noise, whole[:cut], whole[:cut] + noise):
        assert space_of(block, 3).channels == 3
        assert space_of(block, 1).channels == 1
