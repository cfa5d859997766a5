from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from editor.formats import psd, simple
from editor.formats.libvips import vips
from editor.formats.limits import damaged, unsupported
from editor.formats.opened import Header
from editor.formats.profile import is_sound
from editor.messages import Message
from editor.model.image import TILE, Tile

_LOADERS = {
    "png": "pngload",
    "jpeg": "jpegload",
    "webp": "webpload",
    "tiff": "tiffload",
    "avif": "heifload",
    "gif": "gifload",
}
_PALETTE = Message("opened.palette")
_PAGED = ("tiff", "avif", "gif", "webp")


@dataclass
class RowDecoder:
    """A decoder that gives bands of rows, top to bottom, each once.

    `read(y, height)` returns (height, width, channels), `uint8` or `uint16`.
    """

    width: int
    height: int
    channels: int
    dtype: str
    read: Callable[[int, int], NDArray[Any]]
    notes: list[Message] = field(default_factory=list)
    owner: Any = None
    """Whatever must live as long as the rows are read."""


def decoder(name: str, path: Path, file: BinaryIO, header: Header) -> RowDecoder:
    """The decoder for a file whose header has been read and whose size is allowed."""
    if name == "bmp":
        return _from_pillow(simple.decode_bmp(file, header), header)
    if name == "psd":
        return _psd(file, header)
    if header.content is not None:
        return _convert(_open("png", header.content, "error"), header, "png")
    if name == "tiff" and header.model == "lab" and header.bits == 8:
        relabelled = _Relabelled(file, header)
        return _from_lab(relabelled.image(), header.signed_lab, relabelled, header)
    if name == "jpeg":
        return _jpeg(path, header)
    return _convert(_open(name, path, "error"), header, name)


def _open(name: str, source: Path | bytes, fail_on: str) -> Any:
    loader = _LOADERS[name] + ("_buffer" if isinstance(source, bytes) else "_source")
    pages = {"page": 0, "n": 1} if name in _PAGED and name != "avif" else {}
    return getattr(vips().Image, loader)(
        source if isinstance(source, bytes) else _source(source),
        access="sequential",
        fail_on=fail_on,
        **pages,
    )


def _source(path: Path) -> Any:
    """A file as libvips reads it; pyvips takes only names that are UTF-8."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        return vips().Source.new_from_descriptor(descriptor)  # it keeps a duplicate
    finally:
        os.close(descriptor)


def _jpeg(path: Path, header: Header) -> RowDecoder:
    """JPEG: small faults that every decoder forgives become notes, real damage is refused."""
    strict = _convert(_open("jpeg", path, "warning"), header, "jpeg")
    lenient: list[RowDecoder] = []

    def read(y: int, height: int) -> NDArray[Any]:
        if lenient:
            return lenient[0].read(y, height)
        try:
            return strict.read(y, height)
        except vips().Error:
            again = _convert(_open("jpeg", path, "truncated"), header, "jpeg")
        for top in range(0, y, TILE):  # it only reads forwards
            again.read(top, min(TILE, y - top))
        lenient.append(again)
        strict.notes.append(Message("opened.small_faults"))
        return again.read(y, height)

    return RowDecoder(
        strict.width, strict.height, strict.channels, strict.dtype, read, strict.notes
    )


def _psd(file: BinaryIO, header: Header) -> RowDecoder:
    pixels = psd.decode(file, header)
    height, width, channels = pixels.shape
    kind = "ushort" if pixels.dtype == np.uint16 else "uchar"
    if header.model == "lab":
        samples = vips().Image.new_from_memory(pixels, width, height, channels, kind)
        return _from_lab(samples, False, pixels, header)
    if header.model == "cmyk":
        # PSD stores bare paper as full, like Adobe's JPEG; alpha stays as it is.
        pixels[:, :, :4] = np.iinfo(pixels.dtype).max - pixels[:, :, :4]
        image = vips().Image.new_from_memory(pixels, width, height, channels, kind)
        image = image.copy(interpretation="cmyk")
        if header.icc:
            image.set_type(vips().GValue.blob_type, "icc-profile-data", header.icc)
        return _convert(image, header, "psd")
    notes = [_PALETTE] if header.model == "palette" else []
    return RowDecoder(
        width, height, channels, pixels.dtype.name, lambda y, rows: pixels[y : y + rows], notes
    )


def _convert(image: Any, header: Header, name: str) -> RowDecoder:
    """Bring a libvips image to grey or RGB, 8 or 16 bit, and read it band by band."""
    notes: list[Message] = []
    kind = str(image.interpretation)
    icc = _blob(image, "icc-profile-data")
    if name == "avif":
        header.icc = icc
        header.exif = _blob(image, "exif-data")
        header.xmp = _blob(image, "xmp-data")
        header.orientation = 1  # the decoder has turned it already
        if image.get_typeof("n-pages") and image.get("n-pages") > 1:
            header.frames = image.get("n-pages")
    if kind == "cmyk":
        image = _from_cmyk(image, icc, notes)
        header.icc = None
    elif kind in ("lab", "labs", "labq"):
        image = _lab_to_srgb(image, header.depth)
        header.icc = None
        notes.append(Message("opened.lab"))
    elif kind not in ("b-w", "srgb", "grey16", "rgb16"):
        raise unsupported(Message("image.colours"))
    if image.format not in ("uchar", "ushort"):
        raise unsupported(Message("image.samples"))
    if header.model == "palette":
        notes.append(_PALETTE)
    colours = 1 if image.interpretation in ("b-w", "grey16") else 3
    if image.bands > colours + 1:
        image = image.extract_band(0, n=colours + 1)
        notes.append(Message("opened.extra_channels"))
    elif image.bands < colours:
        raise damaged(Message("damage.few_channels"))
    return _regions(image, header, notes, name)


def _regions(image: Any, header: Header, notes: list[Message], name: str) -> RowDecoder:
    region = vips().Region.new(image)
    dtype = np.dtype(np.uint16 if image.format == "ushort" else np.uint8)
    held, width, bands = image, image.width, image.bands
    stretch = 16 - header.bits if name == "avif" and 8 < header.bits < 16 else 0

    def read(y: int, height: int) -> NDArray[Any]:
        # `held`: libvips does not own the bytes of an image made from memory; pyvips' object does.
        data = region.fetch(0, y, held.width, height)
        rows = np.frombuffer(data, dtype).reshape(height, width, bands)
        if stretch:  # 10 bit come shifted up: repeat the top bits so that white is white
            rows = rows | (rows >> np.uint16(16 - stretch))
        return rows

    return RowDecoder(width, image.height, bands, dtype.name, read, notes)


def _lab_to_srgb(image: Any, depth: int) -> Any:
    """Lab in a file is relative to D50, as a profile connection space is."""
    return image.icc_export(output_profile="srgb", pcs="lab", intent="relative", depth=depth)


def _from_cmyk(image: Any, icc: bytes | None, notes: list[Message]) -> Any:
    depth = 16 if image.format == "ushort" else 8
    embedded = icc is not None and is_sound(icc, b"CMYK")
    if not embedded:
        image = image.copy()
        image.remove("icc-profile-data")
    notes.append(Message("opened.cmyk_profile") if embedded else Message("opened.cmyk"))
    options = {"embedded": True} if embedded else {"input_profile": "cmyk"}
    return image.icc_transform(
        "srgb", intent="relative", black_point_compensation=True, depth=depth, **options
    )


def _blob(image: Any, name: str) -> bytes | None:
    if not image.get_typeof(name):
        return None
    data = bytes(image.get(name))
    if name == "exif-data" and data[:6] == b"Exif\0\0":
        data = data[6:]
    return data


class _Relabelled:
    """A TIFF of 8-bit Lab that calls itself RGB: libvips reads its samples, but not its colours."""

    def __init__(self, file: BinaryIO, header: Header) -> None:
        self._file = file
        self._place, self._bytes = header.photometric
        self._source = vips().SourceCustom()
        self._source.on_read(self._read)
        self._source.on_seek(file.seek)
        file.seek(0)

    def image(self) -> Any:
        """The samples, unconverted."""
        return vips().Image.tiffload_source(self._source, access="sequential", fail_on="error")

    def _read(self, length: int) -> bytes:
        start = self._file.tell()
        data = bytearray(self._file.read(length))
        for index, value in enumerate(self._bytes):
            if 0 <= self._place + index - start < len(data):
                data[self._place + index - start] = value
        return bytes(data)


def _from_lab(samples: Any, signed: bool, owner: Any, header: Header) -> RowDecoder:
    """Lab as integers (L from 0, a and b around 0 or around the middle) to sRGB."""
    unit = 257.0 if samples.format == "ushort" else 1.0
    planes = [samples[band] / unit for band in range(3)]
    hues = [
        (plane >= 128).ifthenelse(plane - 256, plane) if signed else plane - 128
        for plane in planes[1:]
    ]
    image = (planes[0] * (100.0 / 255.0)).bandjoin(hues).copy(interpretation="lab")
    image = _lab_to_srgb(image, 16 if unit > 1 else 8)
    header.icc, header.model = None, "rgb"
    rows = _convert(image, header, "lab")
    rows.notes.append(Message("opened.lab"))
    rows.owner = (owner, samples)
    return rows


def _from_pillow(picture: Any, header: Header) -> RowDecoder:
    channels = len(picture.getbands())
    notes = [_PALETTE] if header.model == "palette" else []

    def read(y: int, height: int) -> NDArray[Any]:
        rows = np.asarray(picture.crop((0, y, picture.width, y + height)))
        return rows.reshape(height, picture.width, channels)

    return RowDecoder(picture.width, picture.height, channels, "uint8", read, notes)


def assemble(rows: RowDecoder, orientation: int) -> tuple[Tile, ...]:
    """Cut the bands into tiles, turned upright, without ever holding the whole picture twice.

    Bands are cut so that each, once turned, fills whole tile rows or tile columns of the result.
    """
    reverse = orientation in (3, 4, 6, 7)
    turned = orientation >= 5
    columns = -(-(rows.height if turned else rows.width) // TILE)
    placed: dict[int, Tile] = {}
    y = 0
    while y < rows.height:
        height = TILE
        if reverse and y == 0:
            height = rows.height % TILE or TILE
        height = min(height, rows.height - y)
        band = turn(rows.read(y, height), orientation)
        start = rows.height - y - height if reverse else y
        across, down = (start // TILE, 0) if turned else (0, start // TILE)
        for top in range(0, band.shape[0], TILE):
            for left in range(0, band.shape[1], TILE):
                place = (down + top // TILE) * columns + across + left // TILE
                placed[place] = Tile(band[top : top + TILE, left : left + TILE])
        y += height
    return tuple(placed[place] for place in range(len(placed)))


def turn(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Pixels as EXIF's `orientation` says they are to be shown."""
    if orientation in (3, 4, 7, 6) and orientation != 6:
        pixels = pixels[::-1]
    if orientation in (2, 3, 7):
        pixels = pixels[:, ::-1]
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation == 6:
        pixels = pixels[:, ::-1]
    elif orientation == 8:
        pixels = pixels[::-1]
    return pixels
