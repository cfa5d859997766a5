from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor.errors import UnsupportedImage
from editor.formats import (
    SaveOptions,
    SourceFile,
    losses,
    open_image,
    probe,
    save_image,
    save_source,
    sniff,
)
from editor.model.image import Image, Metadata

SIZES = st.integers(1, 600)


def picture(width: int, height: int, channels: int, dtype: str, seed: int = 0) -> Image:
    random = np.random.default_rng(seed)
    top = np.iinfo(dtype).max
    pixels = random.integers(0, top, (height, width, channels), dtype=dtype, endpoint=True)
    return Image.from_array(pixels)


def smooth(width: int, height: int, channels: int, dtype: str) -> Image:
    y, x = np.mgrid[0:height, 0:width]
    top = np.iinfo(dtype).max
    planes = [x / width, y / height, (x + y) / (width + height), 1 - x / width / 2][:channels]
    return Image.from_array(np.rint(np.stack(planes, axis=2) * top).astype(dtype))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    width=SIZES,
    height=SIZES,
    channels=st.integers(1, 4),
    dtype=st.sampled_from(["uint8", "uint16"]),
    ending=st.sampled_from([".png", ".tif"]),
    packing=st.sampled_from(["deflate", "lzw", "none"]),
)
def test_lossless_formats_give_every_pixel_back(
    tmp_path: Path, width: int, height: int, channels: int, dtype: str, ending: str, packing: str
) -> None:
    image = picture(width, height, channels, dtype)
    path = tmp_path / f"a[1]{ending}"
    assert save_image(image, path, options=SaveOptions(compression=packing)) == ()
    opened = open_image(path)
    assert opened.image.equals(image)
    assert opened.notes == ()
    found = probe(path)
    assert (found.width, found.height, found.depth) == (width, height, image.depth)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(width=SIZES, height=SIZES, channels=st.sampled_from([3, 4]))
def test_lossless_webp_gives_every_pixel_back(
    tmp_path: Path, width: int, height: int, channels: int
) -> None:
    image = picture(width, height, channels, "uint8")
    save_image(image, tmp_path / "a.webp")
    opened = open_image(tmp_path / "a.webp")
    if channels == 4 and int(image.array()[:, :, 3].min()) == 255:
        return  # the encoder drops an alpha channel that says nothing
    assert opened.image.equals(image)
    assert opened.source.data is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    width=SIZES,
    height=SIZES,
    channels=st.integers(1, 4),
    dtype=st.sampled_from(["uint8", "uint16"]),
    ending=st.sampled_from([".jpg", ".webp"]),
)
def test_lossy_formats_stay_close(
    tmp_path: Path, width: int, height: int, channels: int, dtype: str, ending: str
) -> None:
    image = smooth(width, height, channels, dtype)
    path = tmp_path / f"a{ending}"
    notes = save_image(image, path, options=SaveOptions(lossless=False))
    assert any("16 bit" in str(note) for note in notes) == (dtype == "uint16")
    opened = open_image(path)
    assert (opened.image.width, opened.image.height) == (width, height)
    assert opened.image.dtype == "uint8"
    assert opened.source.data == path.read_bytes()
    wanted = np.rint(image.array() * (255.0 / image.maximum))
    if image.has_alpha and ending == ".jpg":
        share = wanted[:, :, -1:] / 255
        wanted = wanted[:, :, :-1] * share + 255 * (1 - share)
        assert any("white" in str(note) for note in notes)
    if ending == ".jpg":
        assert np.abs(opened.image.array() - wanted).mean() < 4


def test_a_16_bit_ramp_is_identical(tmp_path: Path) -> None:
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    image = Image.from_array(np.stack([ramp, ramp[::-1], ramp.T], axis=2))
    for ending in (".png", ".tiff"):
        save_image(image, tmp_path / f"ramp{ending}")
        back = open_image(tmp_path / f"ramp{ending}").image
        assert back.equals(image)
        assert len(np.unique(back.array()[:, :, 0])) == 65536


def test_depth_can_be_asked_for(tmp_path: Path) -> None:
    wide = picture(40, 30, 3, "uint16")
    notes = save_image(wide, tmp_path / "a.png", options=SaveOptions(depth=8))
    assert tuple(map(str, notes)) == ("As asked for: 16 bit were reduced to 8.",)
    small = open_image(tmp_path / "a.png").image
    assert np.array_equal(small.array(), np.rint(wide.array() / 257.0))
    save_image(small, tmp_path / "b.tif", options=SaveOptions(depth=16))
    assert np.array_equal(open_image(tmp_path / "b.tif").image.array(), small.array() * 257.0)


def test_flattening_is_exact(tmp_path: Path) -> None:
    pixels = np.zeros((16, 16, 4), np.uint8)
    pixels[:, :8, 3] = 255
    save_image(Image.from_array(pixels), tmp_path / "a.jpg", options=SaveOptions(quality=100))
    flat = open_image(tmp_path / "a.jpg").image.array()
    assert flat[:, :7].max() <= 3
    assert flat[:, 9:].min() >= 252


def test_jpeg_options(tmp_path: Path) -> None:
    image = picture(128, 128, 3, "uint8")
    sizes = {}
    for quality in (50, 95):
        for sampling in ("4:4:4", "4:2:0"):
            path = tmp_path / "a.jpg"
            save_image(image, path, options=SaveOptions(quality=quality, subsampling=sampling))
            sizes[quality, sampling] = path.stat().st_size
    assert sizes[50, "4:2:0"] < sizes[50, "4:4:4"] < sizes[95, "4:4:4"]
    assert sizes[50, "4:2:0"] < sizes[95, "4:2:0"] < sizes[95, "4:4:4"]


def test_an_unchanged_jpeg_is_copied(tmp_path: Path) -> None:
    save_image(picture(50, 40, 3, "uint8"), tmp_path / "a.jpg")
    opened = open_image(tmp_path / "a.jpg")
    save_source(opened.source, tmp_path / "copy.jpeg")
    assert (tmp_path / "copy.jpeg").read_bytes() == (tmp_path / "a.jpg").read_bytes()
    with pytest.raises(ValueError):
        save_source(opened.source, tmp_path / "copy.png")
    with pytest.raises(ValueError):
        save_source(SourceFile("a.png", "png", None), tmp_path / "copy.png")


def test_the_name_does_not_decide_what_is_read(tmp_path: Path) -> None:
    save_image(picture(5, 4, 3, "uint8"), tmp_path / "a.png")
    wrong = (tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert sniff(wrong) == "png"
    assert open_image(wrong).source.format == "png"


def test_what_is_not_written(tmp_path: Path) -> None:
    image = picture(3, 3, 3, "uint8")
    with pytest.raises(UnsupportedImage, match="not a format this program writes"):
        save_image(image, tmp_path / "a.gif")
    with pytest.raises(UnsupportedImage, match="not a format this program writes"):
        save_image(image, tmp_path / "a.png", format="gif")
    with pytest.raises(UnsupportedImage, match="16,383"):
        save_image(picture(16_384, 1, 3, "uint8"), tmp_path / "a.webp")
    assert list(tmp_path.iterdir()) == []


def test_losses_are_told_before_saving() -> None:
    image = replace(picture(3, 3, 4, "uint16"), meta=Metadata(text=(("prompt", "a"), ("x", "b"))))
    assert losses(image, "png") == ()
    assert tuple(map(str, losses(image, "jpeg"))) == (
        "JPEG holds 8 bit: 16 bit were reduced to 8.",
        "JPEG has no transparency: the picture was laid over white.",
        "JPEG has no place for 2 text entries of this picture.",
    )
    assert losses(image, "tiff", SaveOptions(camera=False, place=False)) == ()
