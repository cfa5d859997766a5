"""Where a picture was taken: found in EXIF, XMP and text, and taken out of them."""

from __future__ import annotations

import re
import struct
from dataclasses import replace

from editor.formats import exif, ifd
from editor.model.image import Metadata

_XMP_TAGS = (
    r"exif:GPS\w+|photoshop:(?:City|State|Country)|Iptc4xmpCore:(?:Location|CountryCode)"
    r"|Iptc4xmpExt:Location(?:Created|Shown)"
)
_XMP_ATTRIBUTE = re.compile(rf"\s(?:{_XMP_TAGS})\s*=\s*(?:\"[^\"]*\"|'[^']*')".encode())
_XMP_ELEMENT = re.compile(rf"<({_XMP_TAGS})(?:\s[^>]*)?(?:/>|>.*?</\1\s*>)".encode(), re.DOTALL)
_NAMES_PLACE = re.compile(r"gps|location|raw profile type (?:exif|app1|xmp)", re.IGNORECASE)


def names_place(meta: Metadata) -> bool:
    """True if the metadata of a picture say where it was taken."""
    return without_place(meta) != meta


def without_place(meta: Metadata) -> Metadata:
    """The metadata without the place: GPS of EXIF, place of XMP, text entries that may hold it.

    The rest of EXIF keeps its offsets, so that maker notes stay readable. An XMP packet that still
    names GPS afterwards is left out whole.
    """
    xmp = meta.xmp
    if xmp is not None:
        xmp = _XMP_ELEMENT.sub(b"", _XMP_ATTRIBUTE.sub(b"", xmp))
        if re.search(rb"\bGPS|Location(?:Created|Shown)", xmp):
            xmp = None
    text = tuple(entry for entry in meta.text if not _NAMES_PLACE.search(entry[0]))
    return replace(meta, exif=_without_gps(meta.exif), xmp=xmp, text=text)


def only_place(meta: Metadata) -> Metadata:
    """The metadata with nothing of EXIF but GPS, and neither XMP nor text."""
    found = exif.directories(meta.exif)
    gps = {tag: one for tag, one in found[1].items() if tag == ifd.GPS_IFD} if found else {}
    block = ifd.standalone({}, gps) if gps else None
    return replace(meta, exif=block, xmp=None, text=())


def _without_gps(block: bytes | None) -> bytes | None:
    """The block with its GPS directory blanked and unlinked, everything else in its place."""
    found = exif.directories(block)
    if block is None or found is None or ifd.GPS_IFD not in found[0]:
        return block
    tags, tree, how = found
    for entry in tree.get(ifd.GPS_IFD, {}).values():
        block = _blank(block, entry.place, len(entry.raw))
    pointer = tags[ifd.GPS_IFD].number()
    count = (
        struct.unpack_from(how.order + "H", block, pointer)[0] if pointer + 2 < len(block) else 0
    )
    block = _blank(block, pointer, 2 + 12 * count)
    return _unlinked(block, how)


def _unlinked(block: bytes, how: ifd.TiffLayout) -> bytes:
    """The first directory without its GPS tag; the entries behind it move up."""
    at = how.first
    number = struct.unpack_from(how.order + "H", block, at)[0]
    rows = [block[at + 2 + 12 * n : at + 14 + 12 * n] for n in range(number)]
    kept = [row for row in rows if struct.unpack_from(how.order + "H", row)[0] != ifd.GPS_IFD]
    end = at + 2 + 12 * number + 4
    directory = struct.pack(how.order + "H", len(kept)) + b"".join(kept) + block[end - 4 : end]
    return block[:at] + directory.ljust(end - at, b"\0") + block[end:]


def _blank(block: bytes, at: int, size: int) -> bytes:
    size = max(0, min(size, len(block) - at))
    return block[:at] + bytes(size) + block[at + size :]
