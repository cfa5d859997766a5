"""Makes the pictures in `inputs/`; run once, the files are committed and the tests only read them.

`python tests/characterisation/commands/make_inputs.py SCENES`, SCENES being a folder that
`pentimento storybook SCENES --count 4` wrote.
"""

from __future__ import annotations

import shutil
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil
from PIL import PngImagePlugin

INPUTS = Path(__file__).with_name("inputs")
Samples = NDArray[Any]


def photo(width: int, height: int) -> NDArray[np.uint8]:
    """Gradients, patches of every hue, dark and bright corners, a little noise; integers only."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    noise = (x * 7919 + y * 104729 + x * y * 31) % 13 - 6
    base = 40 + 170 * x // width + 30 * y // height
    red, green, blue = base + 10, base - 4, base - 22
    hues = [(200, 40, 40), (210, 130, 40), (200, 190, 60), (60, 150, 60),
            (60, 170, 170), (50, 80, 180), (120, 70, 170), (190, 60, 140)]  # fmt: skip
    for number, colour in enumerate(hues):
        left = width * (number % 4) // 4 + width // 16
        top = height * (number // 4) // 2 + height // 8
        place = (x >= left) & (x < left + width // 7) & (y >= top) & (y < top + height // 4)
        red, green, blue = (
            np.where(place, c + (x - left), own)
            for c, own in zip(colour, (red, green, blue), strict=True)
        )
    dark = x + y < width // 6
    layers = [np.where(dark, own // 8, own) + noise for own in (red, green, blue)]
    pixels: NDArray[np.uint8] = np.clip(np.stack(layers, axis=2), 0, 255).astype(np.uint8)
    return pixels


def deep(pixels: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """The same in 16 bits, the low byte in use."""
    y, x = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    low = ((x * 37 + y * 101) % 256).astype(np.uint16)[:, :, None]
    both: NDArray[np.uint16] = pixels.astype(np.uint16) * 256 + low
    return both


def png(pixels: Samples, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of (H, W, 1..4), 8 or 16 bits, with further chunks before its pixels."""
    height, width, channels = pixels.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    depth = pixels.dtype.itemsize * 8
    rows = pixels.astype(pixels.dtype.newbyteorder(">")).tobytes()
    stride = width * channels * pixels.dtype.itemsize
    raw = b"".join(b"\0" + rows[i : i + stride] for i in range(0, len(rows), stride))
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def wide_profile() -> bytes:
    """An ICC profile of wide primaries and gamma 2.2."""

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(fixed, values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    words = b"Wide\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + b"\0" * 78
    description += b"\0" * (-len(description) % 4)
    tags = [
        (b"desc", description),
        (b"cprt", b"text\0\0\0\0none\0\0\0\0"),
        (b"wtpt", xyz(0.9642, 1.0, 0.8249)),
        (b"rXYZ", xyz(0.5151, 0.2412, -0.0011)),
        (b"gXYZ", xyz(0.2919, 0.6922, 0.0419)),
        (b"bXYZ", xyz(0.1572, 0.0666, 0.7841)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    place = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += name + struct.pack(">II", place + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s", place + len(body), b"\0" * 4, 0x02100000, b"mntr",
                       b"RGB ", b"XYZ ")  # fmt: skip
    head += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return head.ljust(128, b"\0") + table + body


def main(scenes: Path) -> None:
    """Write every input."""
    INPUTS.mkdir(exist_ok=True)
    colour = photo(96, 72)
    alpha = np.indices((72, 96)).sum(axis=0).astype(np.int64)[:, :, None] * 255 // 166
    grey = colour[:, :, 1:2]
    clear = np.concatenate([colour, alpha.astype(np.uint8)], axis=2)
    mask = np.zeros((72, 96, 1), np.uint8)
    mask[20:50, 30:70] = 255
    mask[20:24, 30:70] = 128
    icc = (b"iCCP", b"wide\0\0" + zlib.compress(wide_profile(), 9))
    dpi = (b"pHYs", struct.pack(">IIB", 11811, 11811, 1))
    words = (b"tEXt", b"Title\0A picture to try things on")
    made = {
        "photo.png": png(colour),
        "strip.png": png(photo(300, 24)),
        "grey.png": png(grey),
        "grey-alpha.png": png(np.concatenate([grey, alpha.astype(np.uint8)], axis=2)),
        "alpha.png": png(clear),
        "deep.png": png(deep(colour[:48, :64])),
        "deep-grey.png": png(deep(grey[:48, :64])),
        "deep-alpha.png": png(deep(clear[:48, :64])),
        "wide.png": png(colour, icc, dpi, words),
        "mask.png": png(mask),
        "mask-black.png": png(np.zeros((72, 96, 1), np.uint8)),
        "mask-small.png": png(mask[:40]),
        "scene-mask.png": png(np.pad(mask, ((28, 28), (16, 16), (0, 0)))),
        "torn.png": png(colour)[:3000],
        "bomb.png": png(colour[:1, :1]).replace(
            _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
            _chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)),
        ),
        "text.png": b"This is no picture.\n",
        "empty.png": b"",
        "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n',
    }  # fmt: skip
    for name, data in made.items():
        (INPUTS / name).write_bytes(data)
    shown = Pil.fromarray(colour)
    exif = Pil.Exif()
    exif[0x0112] = 6  # turned by a quarter
    shown.save(INPUTS / "turned.jpg", quality=88, exif=exif, dpi=(72, 72))
    shown.convert("CMYK").save(INPUTS / "print.jpg", quality=80)
    shown.save(INPUTS / "flat.webp", lossless=True)
    shown.quantize(32).save(INPUTS / "palette.gif")
    Pil.fromarray(colour).save(INPUTS / "packed.tif", compression="tiff_lzw", dpi=(150, 150))
    frames = [Pil.fromarray(colour), Pil.fromarray(255 - colour)]
    frames[0].save(INPUTS / "moving.gif", save_all=True, append_images=frames[1:])
    info = PngImagePlugin.PngInfo()
    shown.convert("P", colors=16).save(INPUTS / "palette.png", pnginfo=info)
    scene = Pil.open(scenes / "00002.png")
    scene.resize((256, 256), Pil.Resampling.NEAREST).save(INPUTS / "large.png")
    for number, name in ((2, "scene"), (3, "sunset")):
        shutil.copy(scenes / f"{number:05d}.png", INPUTS / f"{name}.png")
        shutil.copy(scenes / f"{number:05d}-gold.png", INPUTS / f"{name}-gold.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
