from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from editor.formats import exif
from editor.formats.ifd import tidy_dpi
from editor.formats.limits import MAX_BLOCK, MAX_ENTRIES, check_size, damaged
from editor.formats.opened import Header
from editor.formats.profile import named_colours
from editor.messages import Message
from editor.model.image import Metadata

_MODELS = {0: "grey", 2: "rgb", 3: "palette", 4: "grey", 6: "rgb"}
_XMP_KEY = "XML:com.adobe.xmp"
_MAX_CHUNKS = 200_000
_MAX_NOTES = 20_000
"""libpng's time grows with the square of the number of side notes: 300,000 empty ones take 12 s."""
_INCHES_PER_METRE = 39.370078740157


def read_header(file: BinaryIO) -> Header:
    """Everything but the pixels, with caps on every size."""
    file.seek(8)
    header: Header | None = None
    budget, notes = MAX_BLOCK, 0
    for kind, length in _chunks(file):
        notes += kind not in (b"IDAT", b"fdAT", b"fcTL")
        if notes > _MAX_NOTES:
            raise damaged(Message("damage.lists_too_much"))
        if header is None:
            if kind != b"IHDR" or length != 13:
                raise damaged(Message("damage.no_header_first"))
            header = _ihdr(file.read(13))
            continue
        if kind not in _READERS or length > MAX_BLOCK or budget <= 0:
            if kind in _READERS and length > MAX_BLOCK:
                header.notes.append(Message("opened.large_block"))
            continue
        body = file.read(length)
        if len(body) < length:
            break
        if struct.pack(">I", zlib.crc32(kind + body)) != file.read(4):
            continue  # a damaged side note; libpng skips it too
        budget = _READERS[kind](header, body, budget)
        if budget <= 0 or len(header.text) > MAX_ENTRIES:
            header.notes.append(Message("opened.long_text"))
            budget = 0
    if header is None:
        raise damaged(Message("damage.no_header"))
    return header


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    place = 8
    for _ in range(_MAX_CHUNKS):
        file.seek(place)
        head = file.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND" or length > 0x7FFFFFFF:
            return
        yield kind, length
        place += 12 + length


def _ihdr(body: bytes) -> Header:
    width, height, bits, colour = struct.unpack(">IIBB", body[:10])
    check_size(width, height)
    if colour not in _MODELS or bits not in (1, 2, 4, 8, 16):
        raise damaged(Message("damage.unknown_pixels"))
    model = _MODELS[colour]
    return Header(width, height, 8 if model == "palette" else bits, model)


def _iccp(header: Header, body: bytes, budget: int) -> int:
    _, _, rest = body.partition(b"\0")
    header.icc = _inflate(rest[1:])
    return budget


def _phys(header: Header, body: bytes, budget: int) -> int:
    if len(body) == 9:
        x, y, unit = struct.unpack(">IIB", body)
        if unit == 1 and x and y:
            header.dpi = (tidy_dpi(x / _INCHES_PER_METRE), tidy_dpi(y / _INCHES_PER_METRE))
    return budget


def _cicp(header: Header, body: bytes, budget: int) -> int:
    if len(body) == 4:
        named_colours(header, body[0], body[1])
    return budget


def _exif(header: Header, body: bytes, budget: int) -> int:
    header.exif = exif.bare(body)
    return budget


def _text(header: Header, body: bytes, budget: int) -> int:
    key, _, value = body.partition(b"\0")
    return _keep(header, key.decode("latin-1"), value.decode("latin-1"), budget)


def _ztxt(header: Header, body: bytes, budget: int) -> int:
    key, _, value = body.partition(b"\0")
    plain = _inflate(value[1:], budget)
    if plain is None:
        return 0
    return _keep(header, key.decode("latin-1"), plain.decode("latin-1"), budget)


def _itxt(header: Header, body: bytes, budget: int) -> int:
    key, _, rest = body.partition(b"\0")
    packed = rest[:1] == b"\x01"
    value = rest[2:].split(b"\0", 2)[-1]
    if packed:
        plain = _inflate(value, budget)
        if plain is None:
            return 0
        value = plain
    if key.decode("latin-1") == _XMP_KEY:
        header.xmp = value
        return budget - len(value)
    return _keep(header, key.decode("latin-1"), value.decode("utf-8", "replace"), budget)


def _keep(header: Header, key: str, value: str, budget: int) -> int:
    if key.lower() in ("raw profile type exif", "raw profile type app1"):
        block = _raw_profile(value)
        if block is not None and header.exif is None:
            header.exif = exif.bare(block)
        return budget - len(value)
    if value:
        header.text.append((key, value))
    return budget - len(value) - len(key) - 16


def _raw_profile(value: str) -> bytes | None:
    """ImageMagick's way to put EXIF into text: a name, a length, hex digits."""
    parts = value.split("\n", 3)
    try:
        return bytes.fromhex(parts[3].replace("\n", "").strip())
    except (IndexError, ValueError):
        return None


def _actl(header: Header, body: bytes, budget: int) -> int:
    if len(body) == 8:
        header.frames = max(1, struct.unpack(">I", body[:4])[0])
    return budget


_READERS: dict[bytes, Callable[[Header, bytes, int], int]] = {
    b"iCCP": _iccp,
    b"pHYs": _phys,
    b"cICP": _cicp,
    b"eXIf": _exif,
    b"tEXt": _text,
    b"zTXt": _ztxt,
    b"iTXt": _itxt,
    b"acTL": _actl,
}


def _inflate(data: bytes, most: int = MAX_BLOCK) -> bytes | None:
    """At most `most` bytes: a few kilobytes may say they are gigabytes."""
    state = zlib.decompressobj()
    try:
        plain = state.decompress(data, most)
    except zlib.error:
        return None
    return plain if state.eof else None


def metadata_chunks(meta: Metadata) -> bytes:
    """The chunks that belong between IHDR and the pixels."""
    parts = []
    if meta.icc:
        parts.append(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(meta.icc)))
    if meta.dpi:
        per_metre = [round(value * _INCHES_PER_METRE) for value in meta.dpi]
        parts.append(_chunk(b"pHYs", struct.pack(">IIB", *per_metre, 1)))
    if meta.exif:
        parts.append(_chunk(b"eXIf", meta.exif))
    if meta.xmp:
        parts.append(_chunk(b"iTXt", _XMP_KEY.encode() + b"\0\0\0\0\0" + meta.xmp))
    parts.extend(_text_chunk(key, value) for key, value in meta.text)
    return b"".join(parts)


def with_chunks(head: bytes, chunks: bytes) -> bytes | None:
    """The first bytes of an encoded PNG with our chunks behind IHDR, and without its own pHYs.

    None while the pixels have not begun.
    """
    parts = [head[:33], chunks]
    place = 33
    while place + 8 <= len(head):
        length, kind = struct.unpack_from(">I4s", head, place)
        if kind == b"IDAT":
            return b"".join(parts) + head[place:]
        if kind != b"pHYs":
            parts.append(head[place : place + 12 + length])
        place += 12 + length
    return None


def _text_chunk(key: str, value: str) -> bytes:
    name = key.encode("latin-1", "replace")[:79].replace(b"\0", b" ") or b"Comment"
    try:
        plain = value.encode("latin-1")
        if b"\0" not in plain:
            return _chunk(b"tEXt", name + b"\0" + plain)
    except UnicodeEncodeError:
        pass
    return _chunk(b"iTXt", name + b"\0\0\0\0\0" + value.replace("\0", " ").encode("utf-8"))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
