from __future__ import annotations

import struct
from typing import BinaryIO

from editor.formats import exif, ifd
from editor.formats.ifd import Directory, IfdEntry
from editor.formats.limits import (
    MAX_PIXELS,
    MAX_SIDE,
    check_size,
    damaged,
    unsupported,
)
from editor.formats.opened import Header
from editor.messages import Message
from editor.model.image import Metadata

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
SAMPLES, TILE_WIDTH, TILE_HEIGHT = 277, 322, 323
PLANAR, SAMPLE_FORMAT, ICC, XMP = 284, 339, 34675, 700
_MODELS = {0: "grey", 1: "grey", 2: "rgb", 3: "palette", 5: "cmyk", 6: "rgb", 8: "lab", 9: "lab"}
_PACKED = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946})
"""None, CCITT, LZW, JPEG, deflate, PackBits; the bundled libtiff has no zstd, LZMA or WebP."""
_COLOURS = {"grey": 1, "rgb": 3, "palette": 1, "cmyk": 4, "lab": 3}
_KEPT = frozenset(
    {270, 271, 272, 274, 282, 283, 296, 305, 306, 315, 316, 33432, 18246, 18249, 40091, 40092}
    | {40093, 40094, 40095}
)
"""Tags of the first directory that say something about the photograph, not about its storage."""
_PAGES = 1000


def read_header(file: BinaryIO) -> Header:
    """The first page's tags."""
    try:
        how = ifd.layout(file)
        tags, following = ifd.read_directory(file, how, how.first)
    except (ifd.BadDirectory, struct.error, OverflowError) as error:
        raise damaged(Message("damage.directory")) from error
    header = _pixels(tags)
    header.frames = 1 + _more_pages(file, how, following, how.first)
    if ICC in tags:
        header.icc = tags[ICC].raw
    if XMP in tags:
        header.xmp = tags[XMP].raw
    header.dpi = ifd.dpi_of(tags)
    tree = ifd.read_tree(file, how, tags)
    own = {tag: entry for tag, entry in tags.items() if tag in _KEPT}
    if tree or set(own) - {ifd.X_RESOLUTION, ifd.Y_RESOLUTION, ifd.RESOLUTION_UNIT}:
        header.exif = ifd.standalone(own, tree)
    return header


def _first(tags: Directory, tag: int, default: int) -> int:
    return tags[tag].number(default) if tag in tags else default


def _pixels(tags: Directory) -> Header:
    width, height = _first(tags, WIDTH, 0), _first(tags, HEIGHT, 0)
    check_size(width, height)
    tile = _first(tags, TILE_WIDTH, 1), _first(tags, TILE_HEIGHT, 1)
    if max(tile) > MAX_SIDE or tile[0] * tile[1] > MAX_PIXELS:
        raise damaged(Message("damage.large_tiles"))
    depths = tags[BITS].numbers() if BITS in tags else (1,)
    bits, samples = int(depths[0] if depths else 1), _first(tags, SAMPLES, 1)
    if _first(tags, COMPRESSION, 1) not in _PACKED:
        raise unsupported(Message("image.tiff_packed"))
    photometric = _first(tags, PHOTOMETRIC, 1)
    if photometric not in _MODELS:
        raise unsupported(Message("image.tiff_colours"))
    kind = _first(tags, SAMPLE_FORMAT, 1)
    if kind == 3 or bits in (24, 32, 64):
        raise unsupported(
            Message("image.tiff_floats" if kind == 3 else "image.tiff_integers", bits=bits)
        )
    if kind not in (1, 4) or bits not in (1, 2, 4, 8, 16) or len(set(depths)) > 1:
        raise unsupported(Message("image.tiff_mixed"))
    model = _MODELS[photometric]
    if model in ("grey", "palette") and samples > 1 and _first(tags, PLANAR, 1) == 2:
        # libvips 8.18 reads these wrong from the second row on, without a word.
        raise unsupported(Message("image.tiff_planes"))
    if samples < _COLOURS[model]:
        raise damaged(Message("damage.few_channels"))
    header = Header(width, height, 8 if model == "palette" else bits, model)
    if PHOTOMETRIC in tags and tags[PHOTOMETRIC].type in (3, 4):
        entry = tags[PHOTOMETRIC]
        code = entry.order + ("H" if entry.type == 3 else "I")
        header.photometric = (entry.place, struct.pack(code, 2))
        header.signed_lab = photometric == 8
    extra = samples - _COLOURS[model]
    header.extra_channels = extra
    return header


def _more_pages(file: BinaryIO, how: ifd.TiffLayout, place: int, first: int) -> int:
    seen = {first}
    pages = 0
    while place and place not in seen and len(seen) < _PAGES:
        seen.add(place)
        try:
            tags, place = ifd.read_directory(file, how, place)
        except (ifd.BadDirectory, struct.error, OverflowError, OSError):
            break
        if _first(tags, 254, 0) & 1 == 0:  # bit 0: a smaller copy of another page
            pages += 1
    return pages


def append_metadata(file: BinaryIO, meta: Metadata) -> None:
    """Give a finished classic TIFF a directory with profile, EXIF, XMP and resolution.

    The directory is rewritten at the end; the values of the old one stay where they are.
    """
    how = ifd.layout(file)
    tags, _ = ifd.read_directory(file, how, how.first)
    tags = ifd.without(tags, (ifd.X_RESOLUTION, ifd.Y_RESOLUTION, ifd.RESOLUTION_UNIT))
    tree: dict[int, Directory] = {}
    if meta.exif:
        own, tree = _from_exif(meta.exif)
        tags.update(ifd.without(own, tags))
        tags[ifd.ORIENTATION] = ifd.short(1)
    if meta.dpi:
        tags.update(ifd.resolution_tags(meta.dpi))
    if meta.icc:
        tags[ICC] = ifd.block(meta.icc)
    if meta.xmp:
        tags[XMP] = ifd.block(meta.xmp, 1)
    for key, value in meta.text:
        if key == "Description" and 270 not in tags:
            raw = value.encode("utf-8").replace(b"\0", b" ") + b"\0"
            tags[270] = IfdEntry(2, len(raw), raw, how.order)
    end = file.seek(0, 2)
    end += file.write(b"\0" * (end % 2))
    file.write(ifd.serialise(tags, tree, end, how.order))
    file.seek(4)
    file.write(struct.pack(how.order + "I", end))


def _from_exif(block: bytes) -> tuple[Directory, dict[int, Directory]]:
    import io

    file = io.BytesIO(exif.bare(block))
    try:
        how = ifd.layout(file)
        tags, _ = ifd.read_directory(file, how, how.first)
    except (ifd.BadDirectory, struct.error, OverflowError):
        return {}, {}
    tree = ifd.read_tree(file, how, tags)
    return {tag: entry for tag, entry in tags.items() if tag in _KEPT}, tree
