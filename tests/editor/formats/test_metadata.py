from __future__ import annotations

import io
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from editor.formats import SaveOptions, open_image, probe, save_image, thumbnail
from editor.formats.libvips import vips
from editor.model.image import Image, Metadata

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description tiff:Orientation="6" '
    b'dc:title="A hat"/></rdf:RDF></x:xmpmeta>'
)


def icc(kind: str = "p3") -> bytes:
    return bytes(vips().Operation.call("profile_load", kind))


def exif(orientation: int = 1) -> bytes:
    """With a camera, GPS, a maker note and a preview, as cameras write them."""
    block = Pillow.Exif()
    block[0x0112] = orientation
    block[0x010F] = "Camera & Sons"
    block[0x9286] = b"ASCII\0\0\0a comment"
    block.get_ifd(0x8769).update({0x9003: "2026:11:21 10:00:00", 0xA002: 9, 0xA003: 9})
    block.get_ifd(0x8825).update({1: "N", 2: (47.0, 22.0, 11.5)})
    return block.tobytes().removeprefix(b"Exif\0\0")


def read_exif(data: bytes) -> Pillow.Exif:
    found = Pillow.Exif()
    found.load(data)
    return found


def noise(width: int = 31, height: int = 17, channels: int = 3, dtype: str = "uint8") -> Image:
    top = np.iinfo(dtype).max
    pixels = np.random.default_rng(1).integers(0, top, (height, width, channels), dtype=dtype)
    return Image.from_array(pixels)


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif", ".avif"])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_all_blocks_are_kept(tmp_path: Path, ending: str, dtype: str) -> None:
    meta = Metadata(icc=icc(), dpi=(300.0, 240.0), exif=exif(), xmp=XMP.replace(b'"6"', b'"1"'))
    path = tmp_path / f"a{ending}"
    assert "text" not in " ".join(
        map(str, save_image(replace(noise(dtype=dtype), meta=meta), path))
    )
    back = open_image(path).image.meta
    assert back.icc == meta.icc
    assert back.xmp == meta.xmp
    assert back.exif is not None
    # WebP and AVIF have no other place than EXIF, and here it says nothing about resolution.
    if ending not in (".webp", ".avif"):
        assert back.dpi == meta.dpi
    tags = read_exif(back.exif)
    assert tags[0x010F] == "Camera & Sons"
    assert tags.get_ifd(0x8769)[0x9003] == "2026:11:21 10:00:00"
    assert tags.get_ifd(0x8769)[0xA002] == 31
    assert tags.get_ifd(0x8825)[2] == (47.0, 22.0, 11.5)
    with Pillow.open(path) as other:  # another program finds them too
        assert other.info["icc_profile"] == meta.icc
        assert other.getexif()[0x010F] == "Camera & Sons"
        assert b"A hat" in bytes(other.info["xmp"])
        other.load()


def test_text_is_kept_in_png(tmp_path: Path) -> None:
    text = (("prompt", "a boat"), ("workflow", "日本 " * 1000), ("Comment", "grüße"))
    save_image(replace(noise(), meta=Metadata(text=text)), tmp_path / "a.png")
    assert open_image(tmp_path / "a.png").image.meta.text == text
    with Pillow.open(tmp_path / "a.png") as other:
        assert other.info == dict(text)


def test_comment_is_kept_in_jpeg(tmp_path: Path) -> None:
    save_image(replace(noise(), meta=Metadata(text=(("Comment", "grüße"),))), tmp_path / "a.jpg")
    assert open_image(tmp_path / "a.jpg").image.meta.text == (("Comment", "grüße"),)


def test_stripping_keeps_profile_and_resolution_only(tmp_path: Path) -> None:
    meta = Metadata(icc(), (300.0, 300.0), exif(), XMP, (("prompt", "secret"),))
    for ending in (".png", ".jpg", ".webp", ".tif", ".avif"):
        path = tmp_path / f"a{ending}"
        save_image(
            replace(noise(), meta=meta), path, options=SaveOptions(camera=False, place=False)
        )
        back = open_image(path).image.meta
        assert back.icc == meta.icc
        assert (back.xmp, back.text) == (None, ())
        data = path.read_bytes()
        assert not any(word in data for word in (b"secret", b"Camera", b"A hat"))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", [".png", ".tif", ".webp", ".jpg"])
def test_orientation_is_applied_once(tmp_path: Path, orientation: int, ending: str) -> None:
    """The stored picture has 300 × 530 pixels: several tiles, none of them whole at the edge."""
    upright = noise(530, 300)
    stored = _inverse(upright.array(), orientation)
    path = tmp_path / f"a{ending}"
    picture = Pillow.fromarray(stored)
    block = Pillow.Exif()
    block[0x0112] = orientation
    options: dict[str, dict[str, Any]] = {
        ".webp": {"lossless": True},
        ".jpg": {"quality": 100, "subsampling": 0},
    }
    picture.save(path, exif=block.tobytes(), **options.get(ending, {}))
    opened = open_image(path)
    found = opened.image.array()
    assert found.shape == upright.array().shape
    if ending == ".jpg":
        assert np.abs(found.astype(int) - upright.array()).mean() < 3
    else:
        assert np.array_equal(found, upright.array())
    size = probe(path)
    assert (size.width, size.height) == (530, 300)
    assert opened.image.meta.exif is not None
    assert read_exif(opened.image.meta.exif)[0x0112] == 1
    save_image(opened.image, tmp_path / "again.png")
    assert open_image(tmp_path / "again.png").image.equals(opened.image)


def _inverse(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """What a camera held that way would have stored."""
    how = {
        2: Pillow.Transpose.FLIP_LEFT_RIGHT,
        3: Pillow.Transpose.ROTATE_180,
        4: Pillow.Transpose.FLIP_TOP_BOTTOM,
        5: Pillow.Transpose.TRANSPOSE,
        6: Pillow.Transpose.ROTATE_90,
        7: Pillow.Transpose.TRANSVERSE,
        8: Pillow.Transpose.ROTATE_270,
    }
    picture = Pillow.fromarray(pixels)
    return np.asarray(picture.transpose(how[orientation]) if orientation in how else picture)


def test_orientation_in_xmp_counts_where_exif_is_silent(tmp_path: Path) -> None:
    save_image(replace(noise(30, 20), meta=Metadata(xmp=XMP)), tmp_path / "a.png")
    opened = open_image(tmp_path / "a.png")
    assert (opened.image.width, opened.image.height) == (20, 30)
    assert opened.image.meta.xmp == XMP.replace(b'"6"', b'"1"')


def test_a_preview_of_the_old_picture_is_not_written(tmp_path: Path) -> None:
    small = io.BytesIO()
    Pillow.new("RGB", (16, 16), "red").save(small, "jpeg")
    preview = small.getvalue()
    second = struct.pack("<H", 2) + struct.pack("<HHII", 513, 4, 1, 80)
    second += struct.pack("<HHII", 514, 4, 1, len(preview)) + b"\0\0\0\0"
    first = struct.pack("<H", 1) + struct.pack("<HHIHH", 274, 3, 1, 1, 0) + struct.pack("<I", 26)
    block = b"II*\0\x08\0\0\0" + first + second
    block = block.ljust(80, b"\0") + preview
    for ending in (".png", ".jpg", ".tif", ".webp"):
        save_image(replace(noise(), meta=Metadata(exif=block)), tmp_path / f"a{ending}")
        assert preview[20:200] not in (tmp_path / f"a{ending}").read_bytes()


def test_a_profile_that_does_not_fit_is_left_out(tmp_path: Path) -> None:
    Pillow.new("L", (8, 8), 99).save(tmp_path / "a.png", icc_profile=icc("p3"))
    opened = open_image(tmp_path / "a.png")
    assert opened.image.meta.icc is None
    assert tuple(map(str, opened.notes)) == (
        "Its colour profile does not fit its pixels and was left out.",
    )
    Pillow.new("RGB", (8, 8), 99).save(tmp_path / "b.png", icc_profile=b"nonsense" * 50)
    assert open_image(tmp_path / "b.png").image.meta.icc is None


def test_wide_gamut_is_not_converted(tmp_path: Path) -> None:
    image = replace(noise(), meta=Metadata(icc=icc("p3")))
    for ending in (".png", ".tif"):
        save_image(image, tmp_path / f"a{ending}")
        opened = open_image(tmp_path / f"a{ending}")
        assert opened.image.equals(image)
        assert opened.notes == ()


def test_thumbnail_averages_and_converts() -> None:
    pixels = np.zeros((300, 500, 3), np.uint16)
    pixels[::2] = 65535
    small = thumbnail(Image.from_array(pixels), 50)
    assert small.shape == (30, 50, 3)
    assert np.abs(small.astype(int) - 128).max() <= 4
    red = np.zeros((64, 64, 3), np.uint8)
    red[:, :, 0] = 200
    plain = thumbnail(Image.from_array(red), 16)
    wide = thumbnail(Image.from_array(red, Metadata(icc=icc("p3"))), 16)
    assert np.abs(plain[5, 5] - np.array([200, 0, 0])).max() <= 1
    assert wide[5, 5, 0] > 210
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = thumbnail(Image.from_array(red, Metadata(icc=srgb)), 16)
    assert np.abs(same.astype(int) - plain).max() <= 1


def test_thumbnail_of_alpha_and_grey() -> None:
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[:, ::2] = (255, 100, 50, 255)  # hidden black must not darken what is seen
    small = thumbnail(Image.from_array(pixels), 10)
    assert small.shape == (10, 10, 4)
    assert np.abs(small[5, 5].astype(int) - np.array([255, 100, 50, 128])).max() <= 1
    grey = thumbnail(Image.from_array(np.full((7, 900), 77, np.uint8)), 100)
    assert grey.shape == (1, 100, 3)
    assert np.array_equal(np.unique(grey), [77])
    tiny = thumbnail(Image.from_array(pixels[:3, :5]), 100)
    assert tiny.shape == (3, 5, 4)
