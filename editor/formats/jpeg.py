from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from editor.formats import exif
from editor.formats.ifd import tidy_dpi
from editor.formats.limits import MAX_BLOCK, MAX_ENTRIES, check_size, damaged, unsupported
from editor.formats.opened import Header
from editor.messages import Message
from editor.model.image import Metadata

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ICC = b"ICC_PROFILE\0"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ROOM = 65_533
_MODELS = {1: "grey", 3: "rgb", 4: "cmyk"}


def read_header(file: BinaryIO) -> Header:
    """Everything before the first scan."""
    header = Header(0, 0, lossy=True)
    icc: dict[int, bytes] = {}
    jfif: tuple[float, float] | None = None
    for marker, body in _segments(file):
        if marker in _FRAMES and header.width == 0:
            _frame(header, body)
        elif marker == 0xE0 and body[:5] == b"JFIF\0" and len(body) >= 12:
            jfif = _density(body)
        elif marker == 0xE1 and body[:6] in (b"Exif\0\0", b"EXIF\0\0") and header.exif is None:
            header.exif = body[6:]
        elif marker == 0xE1 and body.startswith(_XMP) and header.xmp is None:
            header.xmp = body[len(_XMP) :]
        elif marker == 0xE2 and body.startswith(_ICC) and len(body) > 14:
            icc.setdefault(body[12], body[14:])
        elif marker == 0xE2 and body[:4] == b"MPF\0":
            header.frames = _mpf_count(body[4:])
        elif marker == 0xFE and len(header.text) < MAX_ENTRIES:
            header.text.append(("Comment", body.rstrip(b"\0").decode("utf-8", "replace")))
    if header.width == 0:
        raise damaged(Message("damage.breaks_off_early"))
    if icc:
        header.icc = b"".join(icc[number] for number in sorted(icc))
    header.dpi = jfif or exif.dpi(header.exif)
    return header


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    file.seek(2)
    budget = 4 * MAX_BLOCK
    while budget > 0:
        byte = file.read(1)
        while byte and byte != b"\xff":  # junk between segments is skipped, as every decoder does
            byte = file.read(1)
            budget -= 1
            if budget <= 0:
                return
        while byte == b"\xff":
            byte = file.read(1)
            budget -= 1
        if not byte:
            return
        marker = byte[0]
        if marker in (0x00, 0x01, 0xD8) or 0xD0 <= marker <= 0xD7:
            continue
        if marker in (0xD9, 0xDA):
            return
        size = file.read(2)
        if len(size) < 2:
            return
        length = max(0, struct.unpack(">H", size)[0] - 2)
        body = file.read(length)
        budget -= length + 4
        if len(body) < length:
            return
        yield marker, body


def _frame(header: Header, body: bytes) -> None:
    if len(body) < 6:
        raise damaged(Message("damage.header_breaks_off"))
    bits, height, width, components = struct.unpack(">BHHB", body[:6])
    if height == 0:
        raise damaged(Message("damage.header_no_height"))
    check_size(width, height)
    if bits != 8:
        raise unsupported(Message("image.jpeg_bits", bits=bits))
    if components not in _MODELS:
        raise unsupported(Message("image.jpeg_channels", count=components))
    header.width, header.height, header.model = width, height, _MODELS[components]


def _density(body: bytes) -> tuple[float, float] | None:
    unit, x, y = struct.unpack(">BHH", body[7:12])
    scale = {1: 1.0, 2: 2.54}.get(unit)
    if scale is None or not x or not y:
        return None
    return (tidy_dpi(x * scale), tidy_dpi(y * scale))


def _mpf_count(block: bytes) -> int:
    """Pictures in a multi-picture file (two lenses, or a preview beside the photograph)."""
    import io

    from editor.formats import ifd

    try:
        file = io.BytesIO(block)
        how = ifd.layout(file)
        tags, _ = ifd.read_directory(file, how, how.first)
    except (ifd.BadDirectory, struct.error, OverflowError):
        return 1
    return tags[0xB001].number(1) if 0xB001 in tags else 1


def metadata_segments(meta: Metadata) -> bytes:
    """What follows the start marker: JFIF, EXIF, XMP, profile, comments."""
    x, y = (round(value) for value in meta.dpi) if meta.dpi else (1, 1)
    unit = 1 if meta.dpi and 0 < x < 65536 and 0 < y < 65536 else 0
    if unit == 0:
        x = y = 1
    parts = [_segment(0xE0, b"JFIF\0\x01\x02" + struct.pack(">BHHBB", unit, x, y, 0, 0))]
    if meta.exif and fits_exif(meta.exif):
        parts.append(_segment(0xE1, b"Exif\0\0" + meta.exif))
    if meta.xmp and fits_xmp(meta.xmp):
        parts.append(_segment(0xE1, _XMP + meta.xmp))
    if meta.icc and fits_icc(meta.icc):
        step = _ROOM - 14
        pieces = [meta.icc[at : at + step] for at in range(0, len(meta.icc), step)]
        for number, piece in enumerate(pieces, 1):
            parts.append(_segment(0xE2, _ICC + bytes((number, len(pieces))) + piece))
    for key, value in meta.text:
        if key == "Comment":
            parts.append(_segment(0xFE, value.encode("utf-8")[:_ROOM]))
    return b"".join(parts)


def with_segments(head: bytes, segments: bytes) -> bytes | None:
    """The first bytes of an encoded JPEG with our segments in place of libjpeg's own JFIF one.

    None while too little has come.
    """
    if len(head) < 6:
        return None
    end = 4 + int.from_bytes(head[4:6], "big") if head[2:4] == b"\xff\xe0" else 2
    return head[:2] + segments + head[end:] if len(head) >= end else None


def fits_exif(block: bytes) -> bool:
    """A JPEG segment holds 64 KB."""
    return len(block) + 6 <= _ROOM


def fits_xmp(packet: bytes) -> bool:
    """A JPEG segment holds 64 KB."""
    return len(packet) + len(_XMP) <= _ROOM


def fits_icc(profile: bytes) -> bool:
    """A profile is spread over at most 255 segments."""
    return len(profile) <= 255 * (_ROOM - 14)


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body
