from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from editor.formats import exif
from editor.formats.limits import MAX_BLOCK, check_size, damaged
from editor.formats.opened import Header
from editor.messages import Message
from editor.model.image import Metadata

MAX_WEBP_SIDE = 16_383
_MAX_CHUNKS = 100_000


def read_header(file: BinaryIO) -> Header:
    """Size, kind and metadata from the RIFF chunks."""
    header = Header(0, 0)
    frames = 0
    for kind, length in _chunks(file):
        if kind in (b"ICCP", b"EXIF", b"XMP ") and length <= MAX_BLOCK:
            body = file.read(length)
            if kind == b"ICCP":
                header.icc = body
            elif kind == b"EXIF":
                header.exif = exif.bare(body)
            else:
                header.xmp = body
        elif kind == b"VP8X":
            body = file.read(10)
            if len(body) == 10:
                header.width = int.from_bytes(body[4:7], "little") + 1
                header.height = int.from_bytes(body[7:10], "little") + 1
        elif kind == b"ANMF":
            if frames == 0:
                header.lossy = _frame_is_lossy(file, length)
            frames += 1
        elif kind == b"VP8 ":
            _lossy(header, file.read(10))
        elif kind == b"VP8L":
            _lossless(header, file.read(5))
    if header.width == 0:
        raise damaged(Message("damage.breaks_off_early"))
    check_size(header.width, header.height)
    header.frames = max(1, frames)
    header.dpi = exif.dpi(header.exif)
    return header


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    place = 12
    for _ in range(_MAX_CHUNKS):
        file.seek(place)
        head = file.read(8)
        if len(head) < 8:
            return
        kind, length = struct.unpack("<4sI", head)
        yield kind, length
        place += 8 + length + length % 2


def _lossy(header: Header, body: bytes) -> None:
    header.lossy = True
    if header.width == 0 and len(body) == 10 and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        header.width, header.height = width & 0x3FFF, height & 0x3FFF


def _lossless(header: Header, body: bytes) -> None:
    if header.width == 0 and len(body) == 5 and body[0] == 0x2F:
        packed = int.from_bytes(body[1:5], "little")
        header.width, header.height = (packed & 0x3FFF) + 1, ((packed >> 14) & 0x3FFF) + 1


def _frame_is_lossy(file: BinaryIO, length: int) -> bool:
    body = file.read(min(length, 64))
    return b"VP8L" not in body[16:]


def with_metadata(data: bytes, meta: Metadata, width: int, height: int, alpha: bool) -> bytes:
    """The encoded picture in an extended container that carries profile, EXIF and XMP."""
    picture = [chunk for chunk in _split(data) if chunk[:4] in (b"VP8 ", b"VP8L", b"ALPH")]
    flags = (0x20 if meta.icc else 0) | (0x10 if alpha else 0)
    flags |= (0x08 if meta.exif else 0) | (0x04 if meta.xmp else 0)
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    parts = [_chunk(b"VP8X", bytes((flags, 0, 0, 0)) + size)]
    if meta.icc:
        parts.append(_chunk(b"ICCP", meta.icc))
    parts.extend(picture)
    if meta.exif:
        parts.append(_chunk(b"EXIF", meta.exif))
    if meta.xmp:
        parts.append(_chunk(b"XMP ", meta.xmp))
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _split(data: bytes) -> Iterator[bytes]:
    place = 12
    while place + 8 <= len(data):
        length = struct.unpack_from("<I", data, place + 4)[0]
        end = place + 8 + length + length % 2
        yield data[place:end]
        place = end


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
