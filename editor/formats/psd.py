"""The merged picture of a Photoshop document, at its full depth, with its colour profile.

Not psd-tools: it reads every layer into memory before the merged picture (measured with 1.26: a
layer of 1 GiB takes 1 GiB, here nothing), and no limit can be set before it does.
"""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from editor.formats import exif
from editor.formats.ifd import tidy_dpi
from editor.formats.limits import MAX_BLOCK, MAX_ENTRIES, check_size, damaged, unsupported
from editor.formats.opened import Header
from editor.messages import Message

_MODELS = {1: "grey", 2: "palette", 3: "rgb", 4: "cmyk", 8: "grey", 9: "lab"}
_CHANNELS = {"grey": 1, "palette": 1, "rgb": 3, "cmyk": 4, "lab": 3}
_RESOLUTION, _ICC, _VERSION, _EXIF, _XMP = 1005, 1039, 1057, 1058, 1060
_FIX = Message("do.maximise_compatibility")


def read_header(file: BinaryIO) -> Header:
    """Size, mode and resources; the place of the merged picture is found again on decoding."""
    file.seek(6)
    head = file.read(20)
    if len(head) < 20:
        raise damaged(Message("damage.breaks_off_in_header"))
    channels, height, width, bits, mode = struct.unpack(">6xHIIHH", head)
    check_size(width, height)
    if bits not in (8, 16) or mode not in _MODELS:
        raise unsupported(Message("image.psd_mode", bits=bits))
    header = Header(width, height, bits, _MODELS[mode])
    if channels < _CHANNELS[header.model]:
        raise damaged(Message("damage.few_channels"))
    header.extra_channels = channels - _CHANNELS[header.model]
    file.seek(26)
    _section(file)
    _resources(header, _section(file, keep=True))
    header.notes.append(Message("opened.merged", program="PSD"))
    return header


def _section(file: BinaryIO, keep: bool = False) -> bytes:
    """A block with its length in front; skipped unless `keep` is set."""
    size = file.read(4)
    if len(size) < 4:
        raise damaged(Message("damage.breaks_off"))
    length = struct.unpack(">I", size)[0]
    if keep and length <= 4 * MAX_BLOCK:
        body = file.read(length)
        if len(body) < length:
            raise damaged(Message("damage.breaks_off"))
        return body
    file.seek(length, 1)
    return b""


def _resources(header: Header, data: bytes) -> None:
    place = 0
    for _ in range(MAX_ENTRIES):
        if place + 12 > len(data):
            return
        number = struct.unpack_from(">H", data, place + 4)[0]
        name = data[place + 6] + 1
        place += 6 + name + name % 2
        if place + 4 > len(data):
            return
        length = struct.unpack_from(">I", data, place)[0]
        body = data[place + 4 : place + 4 + length]
        place += 4 + length + length % 2
        if number == _ICC:
            header.icc = body
        elif number == _EXIF:
            header.exif = exif.bare(body)
        elif number == _XMP:
            header.xmp = body
        elif number == _RESOLUTION and len(body) >= 16:
            x, y = struct.unpack(">I4xI4x", body[:16])
            if x and y:
                header.dpi = (tidy_dpi(x / 65536), tidy_dpi(y / 65536))
        elif number == _VERSION and len(body) >= 5 and body[4] == 0:
            raise unsupported(Message("image.psd_no_merged"), _FIX)


def decode(file: BinaryIO, header: Header) -> NDArray[Any]:
    """The merged picture's channels, (H, W, C), as stored; alpha last and straight."""
    file.seek(26)
    palette = _section(file, keep=True)
    _section(file)
    transparent = _layers_say_transparent(file)
    colours = _CHANNELS[header.model]
    wanted = colours + (1 if transparent and header.extra_channels else 0)
    if header.extra_channels and wanted == colours:
        header.notes.append(Message("opened.extra_channels"))
    planes = _planes(file, header, wanted)
    if header.model == "palette":
        return _from_palette(planes, palette)
    if wanted > colours:
        _remove_white(planes, colours)
    return planes


def _layers_say_transparent(file: BinaryIO) -> bool:
    """True if the first extra channel is the merged picture's transparency.

    The layer count is negative then. Leaves the file behind the layer section.
    """
    start = file.tell()
    head = file.read(10)
    if len(head) < 4:
        raise damaged(Message("damage.breaks_off"))
    length = struct.unpack(">I", head[:4])[0]
    count = struct.unpack(">h", head[8:10])[0] if length >= 6 and len(head) == 10 else 0
    if length >= 8 and head[4:8] == b"\0\0\0\0":
        count = _wide_layer_count(file, start + 8, start + 4 + length)
    file.seek(start + 4 + length)
    return bool(count < 0)


def _wide_layer_count(file: BinaryIO, place: int, end: int) -> int:
    """The layer count of 16-bit documents, which keep their layers in a tagged block."""
    file.seek(place)
    mask = file.read(4)
    place += 4 + (struct.unpack(">I", mask)[0] if len(mask) == 4 else 0)
    for _ in range(MAX_ENTRIES):
        file.seek(place)
        head = file.read(14)
        if place >= end or len(head) < 14 or head[:4] not in (b"8BIM", b"8B64"):
            break
        length = struct.unpack(">I", head[8:12])[0]
        if head[4:8] in (b"Lr16", b"Lr32") and length >= 2:
            return int(struct.unpack(">h", head[12:14])[0])
        place += 12 + (length + 3) // 4 * 4
    return 0


def _planes(file: BinaryIO, header: Header, wanted: int) -> NDArray[Any]:
    compression = file.read(2)
    if compression not in (b"\0\0", b"\0\1"):
        raise damaged(Message("damage.packed_unknown"))
    channels = _CHANNELS[header.model] + header.extra_channels
    size = header.bits // 8
    row = header.width * size
    stored = np.dtype(">u2" if size == 2 else "u1")
    out = np.empty((header.height, header.width, wanted), np.uint16 if size == 2 else np.uint8)
    lengths = None
    if compression == b"\0\1":
        table = file.read(2 * channels * header.height)
        if len(table) < 2 * channels * header.height:
            raise damaged(Message("damage.breaks_off"))
        lengths = np.frombuffer(table, ">u2").reshape(channels, header.height).astype(np.int64)
    for channel in range(wanted):
        if lengths is None:
            plain = file.read(row * header.height)
        else:
            plain = _unpack(file.read(int(lengths[channel].sum())), row, header.height)
        if len(plain) < row * header.height:
            raise damaged(Message("damage.breaks_off"))
        out[:, :, channel] = np.frombuffer(plain, stored).reshape(header.height, header.width)
    return out


def _unpack(packed: bytes, row: int, height: int) -> bytes:
    """PackBits of whole rows, through Pillow's C decoder: a plane as an 8-bit picture."""
    from PIL import Image as Pillow

    try:
        return Pillow.frombytes("L", (row, height), packed, "packbits", "L").tobytes()
    except ValueError as error:
        raise damaged(Message("damage.breaks_off")) from error


def _from_palette(index: NDArray[Any], palette: bytes) -> NDArray[Any]:
    if len(palette) < 768:
        raise damaged(Message("damage.palette_breaks_off"))
    table = np.frombuffer(palette[:768], np.uint8).reshape(3, 256).T
    return np.ascontiguousarray(table[index[:, :, 0]])


def _remove_white(planes: NDArray[Any], colours: int) -> None:
    """Photoshop stores the merged picture over white; the straight colours are taken back out."""
    top = float(np.iinfo(planes.dtype).max)
    for y in range(0, planes.shape[0], 256):
        rows = planes[y : y + 256]
        alpha = rows[:, :, colours:].astype(np.float32) / top
        mixed = rows[:, :, :colours].astype(np.float32)
        straight = (mixed - (1.0 - alpha) * top) / np.maximum(alpha, 1.0 / top)
        straight = np.clip(np.rint(straight), 0, top).astype(planes.dtype)
        partial = (alpha > 0) & (alpha < 1)
        rows[:, :, :colours] = np.where(partial, straight, rows[:, :, :colours])
