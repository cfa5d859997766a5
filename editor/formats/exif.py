from __future__ import annotations

import io
import re
import struct

from editor.formats import ifd

_THUMBNAIL_AT, _THUMBNAIL_BYTES = 513, 514
_XMP_ORIENTATION = re.compile(rb"(tiff:Orientation(?:\s*=\s*[\"']|>)\s*)([1-8])")


def bare(block: bytes) -> bytes:
    """The block without JPEG's "Exif" marker: it then starts with the TIFF header."""
    return block[6:] if block[:6] in (b"Exif\0\0", b"EXIF\0\0") else block


def is_sound(block: bytes) -> bool:
    """True if the first directory can be read."""
    return _first(block) is not None


def _first(block: bytes) -> tuple[io.BytesIO, ifd.TiffLayout, ifd.Directory, int] | None:
    file = io.BytesIO(block)
    try:
        how = ifd.layout(file)
        tags, following = ifd.read_directory(file, how, how.first)
    except (ifd.BadDirectory, struct.error, OverflowError):
        return None
    return (file, how, tags, following) if not how.big else None


def directories(
    block: bytes | None,
) -> tuple[ifd.Directory, dict[int, ifd.Directory], ifd.TiffLayout] | None:
    """The first directory, those it points to, and their layout; None where there is none."""
    found = _first(block) if block else None
    if found is None:
        return None
    file, how, tags, _ = found
    return tags, ifd.read_tree(file, how, tags), how


def orientation(block: bytes | None, xmp: bytes | None) -> int:
    """1..8 from EXIF, else from XMP, else 1."""
    found = _first(block) if block else None
    if found and ifd.ORIENTATION in found[2]:
        value = found[2][ifd.ORIENTATION].number(1)
        return value if 1 <= value <= 8 else 1
    match = _XMP_ORIENTATION.search(xmp) if xmp else None
    return int(match.group(2)) if match else 1


def dpi(block: bytes | None) -> tuple[float, float] | None:
    """Dots per inch that EXIF names."""
    found = _first(block) if block else None
    return ifd.dpi_of(found[2]) if found else None


def upright(block: bytes | None) -> bytes | None:
    """The block with orientation 1, changed in place so that maker notes keep their offsets."""
    found = _first(block) if block else None
    if block is None or found is None or ifd.ORIENTATION not in found[2]:
        return block
    entry = found[2][ifd.ORIENTATION]
    if entry.type != 3 or entry.count < 1:
        return block
    return _patched(block, entry.place, struct.pack(entry.order + "H", 1))


def upright_xmp(xmp: bytes | None) -> bytes | None:
    """The packet with every orientation set to 1."""
    return _XMP_ORIENTATION.sub(rb"\g<1>1", xmp) if xmp else xmp


def for_export(block: bytes | None, width: int, height: int) -> bytes | None:
    """The block as it is written: true pixel size, and no preview of what the picture once was."""
    found = _first(block) if block else None
    if block is None or found is None:
        return block
    file, how, tags, following = found
    inner = ifd.read_tree(file, how, tags).get(ifd.EXIF_IFD, {})
    for tag, value in ((ifd.PIXEL_X, width), (ifd.PIXEL_Y, height)):
        entry = inner.get(tag)
        if entry is not None and entry.type in (3, 4) and entry.count == 1:
            code = "H" if entry.type == 3 and value < 65536 else "I"
            if ifd.len_of(code) == len(entry.raw):
                block = _patched(block, entry.place, struct.pack(entry.order + code, value))
    return _without_thumbnail(block, how, following)


def _without_thumbnail(block: bytes, how: ifd.TiffLayout, following: int) -> bytes:
    if following == 0:
        return block
    file = io.BytesIO(block)
    try:
        preview, _ = ifd.read_directory(file, how, following)
    except (ifd.BadDirectory, struct.error, OverflowError):
        preview = {}
    if _THUMBNAIL_AT in preview and _THUMBNAIL_BYTES in preview:
        at, size = preview[_THUMBNAIL_AT].number(), preview[_THUMBNAIL_BYTES].number()
        if 8 <= at <= at + size <= len(block):
            block = block[:at] if at + size == len(block) else _patched(block, at, bytes(size))
    number = struct.unpack_from(how.order + "H", block, how.first)[0]
    return _patched(block, how.first + 2 + 12 * number, b"\0\0\0\0")


def only_resolution(dpi_value: tuple[float, float]) -> bytes:
    """The smallest EXIF block: for formats that have no other place for the resolution."""
    return ifd.standalone(ifd.resolution_tags(dpi_value), {})


def _patched(block: bytes, at: int, value: bytes) -> bytes:
    return block[:at] + value + block[at + len(value) :]
