from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from PIL import Image as Pillow

from editor.errors import UnsupportedImage
from editor.formats import SaveOptions, open_image, probe, save_image
from editor.formats.libvips import vips
from editor.model.image import Image


def shades(channels: int, dtype: str = "uint8", size: tuple[int, int] = (70, 300)) -> np.ndarray:
    top = np.iinfo(dtype).max
    return np.random.default_rng(5).integers(0, top, (*size, channels), dtype=dtype)


def tiff(
    pixels: np.ndarray,
    photometric: int,
    *,
    bits: int | None = None,
    planar: bool = False,
    extra: tuple[int, ...] = (),
    kind: int = 1,
    order: Literal["<", ">"] = "<",
    more: tuple[tuple[int, int, int, int], ...] = (),
) -> bytes:
    """An uncompressed TIFF of one strip (or one per channel), written by hand."""
    height, width, channels = pixels.shape
    bits = bits or pixels.dtype.itemsize * 8
    stored = pixels.astype(pixels.dtype.newbyteorder(order))
    if bits < 8:
        planes = [_packed(pixels[:, :, 0], bits)]
    elif planar:
        planes = [stored[:, :, channel].tobytes() for channel in range(channels)]
    else:
        planes = [stored.tobytes()]
    lists = {
        258: (3, [bits] * channels),
        273: (4, [0] * len(planes)),
        279: (4, [len(plane) for plane in planes]),
        339: (3, [kind] * channels),
    }
    if extra:
        lists[338] = (3, list(extra))
    single = {256: width, 257: height, 259: 1, 262: photometric, 277: channels, 278: height}
    single[284] = 2 if planar else 1
    tags = sorted([*lists, *single, *(row[0] for row in more)])
    heap_at = 8 + 2 + 12 * len(tags) + 4
    room = sum((2 if k == 3 else 4) * len(v) + 4 for k, v in lists.values())
    place, offsets = heap_at + room, []
    for plane in planes:
        offsets.append(place)
        place += len(plane)
    lists[273] = (4, offsets)
    body, heap = b"", b""
    given = {row[0]: row for row in more}
    for tag in tags:
        if tag in given:
            body += struct.pack(order + "HHII", *given[tag])
            continue
        code, values = lists.get(tag, (4, [single.get(tag, 0)]))
        value = struct.pack(f"{order}{len(values)}{'H' if code == 3 else 'I'}", *values)
        if len(value) > 4:
            value, heap = struct.pack(order + "I", heap_at + len(heap)), heap + value
        body += struct.pack(order + "HHI", tag, code, len(values)) + value.ljust(4, b"\0")
    start = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    head = start + struct.pack(order + "H", len(tags)) + body + bytes(4) + heap
    return head.ljust(heap_at + room, b"\0") + b"".join(planes)


def _packed(samples: np.ndarray, bits: int) -> bytes:
    digits = np.unpackbits(samples[:, :, None].astype(np.uint8), axis=2)[:, :, 8 - bits :]
    return np.packbits(digits.reshape(len(samples), -1), axis=1).tobytes()


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_tiff_layouts(
    tmp_path: Path, planar: bool, order: Literal["<", ">"], dtype: str, channels: int
) -> None:
    pixels = shades(channels, dtype)
    extra = (2,) if channels in (2, 4) else ()
    data = tiff(pixels, 1 if channels < 3 else 2, planar=planar, extra=extra, order=order)
    (tmp_path / "a.tif").write_bytes(data)
    if planar and channels == 2:  # libvips would read it wrong
        with pytest.raises(UnsupportedImage, match="separate planes"):
            open_image(tmp_path / "a.tif")
        return
    opened = open_image(tmp_path / "a.tif")
    assert np.array_equal(opened.image.array(), pixels)
    assert opened.notes == ()


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits_are_spread_over_the_whole_range(tmp_path: Path, bits: int) -> None:
    samples = np.random.default_rng(0).integers(0, 1 << bits, (40, 33, 1), dtype=np.uint8)
    wanted = np.rint(samples * (255 / ((1 << bits) - 1))).astype(np.uint8)
    (tmp_path / "a.tif").write_bytes(tiff(samples, 1, bits=bits))
    assert np.array_equal(open_image(tmp_path / "a.tif").image.array(), wanted)
    (tmp_path / "b.tif").write_bytes(tiff(samples, 0, bits=bits))
    assert np.array_equal(open_image(tmp_path / "b.tif").image.array(), 255 - wanted)
    rows = b"".join(b"\0" + _packed(row[None, :, 0], bits) for row in samples)
    head = struct.pack(">IIBBBBB", 33, 40, bits, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    (tmp_path / "c.png").write_bytes(data)
    assert np.array_equal(open_image(tmp_path / "c.png").image.array(), wanted)


def test_tiles_in_a_tiff(tmp_path: Path) -> None:
    pixels = shades(3, "uint16", (300, 410))
    image = vips().Image.new_from_array(pixels)
    image.copy(interpretation="rgb16").tiffsave(
        str(tmp_path / "a.tif"), tile=True, tile_width=64, tile_height=32, compression="lzw"
    )
    assert np.array_equal(open_image(tmp_path / "a.tif").image.array(), pixels)


def test_premultiplied_alpha_is_divided_again(tmp_path: Path) -> None:
    straight = shades(4)
    straight[:, :, 3] |= 128
    share = straight[:, :, 3:] / 255.0
    stored = straight.copy()
    stored[:, :, :3] = np.rint(straight[:, :, :3] * share)
    (tmp_path / "a.tif").write_bytes(tiff(stored, 2, extra=(1,)))
    opened = open_image(tmp_path / "a.tif")
    assert np.abs(opened.image.array().astype(int) - straight).max() <= 1


def test_extra_channels_are_left_out(tmp_path: Path) -> None:
    pixels = shades(6)
    (tmp_path / "a.tif").write_bytes(tiff(pixels, 2, extra=(2, 0, 0)))
    opened = open_image(tmp_path / "a.tif")
    assert np.array_equal(opened.image.array(), pixels[:, :, :4])
    assert tuple(map(str, opened.notes)) == ("Extra channels were left out.",)


@pytest.mark.parametrize(
    ("pixels", "kind", "sentence"),
    [
        (np.zeros((4, 4, 3), np.float32), 3, "32 bit floating-point"),
        (np.zeros((4, 4, 1), np.uint32), 1, "32 bit whole-number"),
        (np.zeros((4, 4, 1), np.int16), 2, "mixes sample formats"),
    ],
)
def test_other_samples_are_refused(
    tmp_path: Path, pixels: np.ndarray, kind: int, sentence: str
) -> None:
    (tmp_path / "a.tif").write_bytes(tiff(pixels, 1 if pixels.shape[2] == 1 else 2, kind=kind))
    with pytest.raises(UnsupportedImage, match=sentence):
        open_image(tmp_path / "a.tif")
    packed = tiff(shades(3), 2).replace(
        struct.pack("<HHII", 259, 4, 1, 1), struct.pack("<HHII", 259, 4, 1, 50000)
    )
    (tmp_path / "b.tif").write_bytes(packed)
    with pytest.raises(UnsupportedImage, match="packed in a way"):
        open_image(tmp_path / "b.tif")


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_cmyk_is_converted(tmp_path: Path, dtype: str) -> None:
    top = np.iinfo(dtype).max
    inks = np.zeros((20, 30, 4), dtype)
    inks[:, 10:20] = (0, top, top, 0)
    inks[:, 20:] = (0, 0, 0, top)
    (tmp_path / "a.tif").write_bytes(tiff(inks, 5))
    opened = open_image(tmp_path / "a.tif")
    assert (opened.image.channels, opened.image.dtype) == (3, dtype)
    assert "CMYK" in str(opened.notes[0])
    seen = opened.image.array()[10] / top
    assert seen[5].min() > 0.95
    assert seen[15, 0] > 0.75
    assert seen[15, 1:].max() < 0.25
    assert seen[25].max() < 0.3
    assert opened.image.meta.icc is None


def test_cmyk_jpeg_keeps_its_own_profile(tmp_path: Path) -> None:
    profile = bytes(vips().Operation.call("profile_load", "cmyk"))
    picture = Pillow.new("CMYK", (16, 16), (0, 255, 255, 0))
    picture.save(tmp_path / "a.jpg", icc_profile=profile, quality=95)
    picture.save(tmp_path / "b.jpg", quality=95)
    own, guessed = open_image(tmp_path / "a.jpg"), open_image(tmp_path / "b.jpg")
    assert tuple(map(str, own.notes)) == ("Converted from CMYK to sRGB through its profile.",)
    assert "common print profile" in str(guessed.notes[0])
    assert np.array_equal(own.image.array(), guessed.image.array())


@pytest.mark.parametrize("signed", [True, False])
def test_lab_is_converted(tmp_path: Path, signed: bool) -> None:
    lab = np.zeros((10, 40, 3), np.uint8)
    lab[:, :, 0] = 137  # L* 53.7
    lab[:, 10:20, 1] = lab[:, 20:30, 2] = 40
    lab[:, 30:, 1] = 256 - 40
    if not signed:
        lab[:, :, 1:] += 128
    (tmp_path / "a.tif").write_bytes(tiff(lab, 8 if signed else 9))
    opened = open_image(tmp_path / "a.tif")
    assert tuple(map(str, opened.notes)) == ("Converted from Lab colour to sRGB.",)
    grey, pink, mustard, green = opened.image.array()[5, 5::10].astype(int)
    assert np.abs(grey - 128).max() <= 2
    assert pink[0] > 170 > 100 > pink[1]
    assert mustard[2] < 70
    assert green[0] < 80 < 140 < green[1]


def test_palettes_become_colours(tmp_path: Path) -> None:
    picture = Pillow.fromarray(shades(3)).quantize(20)
    for name in ("a.png", "a.gif", "a.bmp", "a.tif"):
        picture.save(tmp_path / name)
        opened = open_image(tmp_path / name)
        assert np.array_equal(opened.image.array(), np.asarray(picture.convert("RGB"))), name
        assert tuple(map(str, opened.notes)) == ("Its palette was expanded to full colour.",)


def test_only_the_first_frame_is_opened_and_said(tmp_path: Path) -> None:
    frames = [Pillow.fromarray(shades(3, size=(30, 40)) // (n + 1)) for n in range(4)]
    for name in ("a.gif", "a.webp", "a.png", "a.tif", "a.avif"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], **_lossless(name))
        opened = open_image(tmp_path / name)
        assert "Opened the first of 4" in str(opened.notes[0]) or (
            str(opened.notes[0]) == "Opened only the first frame of this file."
        )
        if name not in ("a.gif", "a.avif"):
            assert np.array_equal(opened.image.array()[:, :, :3], np.asarray(frames[0]))


def _lossless(name: str) -> dict[str, Any]:
    return {"lossless": True} if name.endswith("webp") else {}


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1"])
def test_bmp(tmp_path: Path, mode: str) -> None:
    picture = Pillow.fromarray(shades(4)).convert(mode)
    picture.save(tmp_path / "a.bmp", dpi=(300, 150))
    if mode == "RGBA":
        picture = picture.convert("RGB")  # Pillow writes the fourth byte without calling it alpha
    opened = open_image(tmp_path / "a.bmp")
    wanted = np.asarray(picture.convert("L") if mode == "1" else picture)
    found = opened.image.array()
    assert np.array_equal(found, wanted.reshape(found.shape))
    assert opened.image.meta.dpi == (300.0, 150.0)


def test_avif_depth_and_size(tmp_path: Path) -> None:
    picture = Pillow.fromarray(np.full((40, 60, 3), 255, np.uint8))
    picture.save(tmp_path / "a.avif")
    opened = open_image(tmp_path / "a.avif")
    assert (opened.image.width, opened.image.height, opened.image.depth) == (60, 40, 8)
    assert opened.source.data == (tmp_path / "a.avif").read_bytes()
    white = vips().Image.new_from_array(np.full((32, 32, 3), 65535, np.uint16))
    white = white.copy(interpretation="rgb16")
    try:
        white.heifsave(str(tmp_path / "b.avif"), compression="av1", bitdepth=10, lossless=True)
    except vips().Error:
        pytest.skip("this libvips writes no AVIF")
    opened = open_image(tmp_path / "b.avif")
    assert opened.image.depth == probe(tmp_path / "b.avif").depth == 16
    assert opened.image.array().min() == 65535  # and not 65,472


def test_transparent_colour_of_16_bit(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 3), np.uint16)
    pixels[0, 0] = (1, 2, 3)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"tRNS", struct.pack(">HHH", 1, 2, 3))]
    parts += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    (tmp_path / "a.png").write_bytes(data)
    found = open_image(tmp_path / "a.png").image.array()
    assert found[0, 0].tolist() == [1, 2, 3, 0]
    assert found[1, 1].tolist() == [0, 0, 0, 65535]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (37, 301)])
def test_avif_is_written_with_transparency_and_grey_as_colour(
    tmp_path: Path, channels: int, size: tuple[int, int]
) -> None:
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    planes = [x * 3 % 200, y // 2, (x + y) // 3, 254 - y // 2][:channels]
    image = Image.from_array(np.stack(planes, axis=2).astype(np.uint8))
    notes = save_image(image, tmp_path / "a.avif", options=SaveOptions(quality=90))
    back = open_image(tmp_path / "a.avif").image
    colours = image.array()[:, :, :-1] if image.has_alpha else image.array()
    assert notes == ()
    assert (back.width, back.height, back.depth) == (width, height, 8)
    assert np.abs(back.array()[:, :, :3].astype(int) - colours).mean() < 6
    if image.has_alpha:
        assert back.has_alpha
        assert np.abs(back.array()[:, :, 3].astype(int) - image.array()[:, :, -1]).mean() < 2


def test_avif_says_that_16_bit_are_reduced(tmp_path: Path) -> None:
    deep = Image.from_array(np.full((5, 6, 3), 40_000, np.uint16))
    assert [str(note) for note in save_image(deep, tmp_path / "a.avif")] == [
        "AVIF is written in 8 bit: 16 bit were reduced to 8."
    ]
    back = open_image(tmp_path / "a.avif").image
    assert abs(int(back.array()[2, 2, 0]) - 156) < 3
