from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

from editor.formats.ifd import tidy_dpi
from editor.formats.limits import check_size, damaged
from editor.formats.opened import Header
from editor.messages import Message

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

_MAX_BLOCKS = 2_000_000


def read_gif(file: BinaryIO) -> Header:
    """The logical screen, and how many pictures follow."""
    file.seek(6)
    head = file.read(7)
    if len(head) < 7:
        raise damaged(Message("damage.breaks_off_in_header"))
    width, height, flags = struct.unpack("<HHB", head[:5])
    check_size(width, height)
    header = Header(width, height, 8, "palette")
    table = 3 << ((flags & 7) + 1) if flags & 0x80 else 0
    header.frames = max(1, _frames(file, 13 + table))
    return header


def _frames(file: BinaryIO, place: int) -> int:
    file.seek(place)
    frames = 0
    for _ in range(_MAX_BLOCKS):
        kind = file.read(1)
        if kind == b"!":
            file.read(1)
        elif kind == b",":
            head = file.read(9)
            if len(head) < 9:
                break
            frames += 1
            file.seek((3 << ((head[8] & 7) + 1) if head[8] & 0x80 else 0) + 1, 1)
        else:
            break
        if not _skip_blocks(file):
            break
    return frames


def _skip_blocks(file: BinaryIO) -> bool:
    for _ in range(_MAX_BLOCKS):
        size = file.read(1)
        if not size:
            return False
        if size == b"\0":
            return True
        file.seek(size[0], 1)
    return False


def read_bmp(file: BinaryIO) -> Header:
    """Size and resolution from the bitmap header."""
    file.seek(14)
    head = file.read(40)
    if len(head) < 12:
        raise damaged(Message("damage.breaks_off_in_header"))
    if head[:4] == b"\x0c\0\0\0":
        width, height, _, bits = struct.unpack("<HHHH", head[4:12])
        header = Header(width, height)
    else:
        if len(head) < 40:
            raise damaged(Message("damage.breaks_off_in_header"))
        width, height, _, bits = struct.unpack("<iiHH", head[4:16])
        header = Header(width, abs(height))
        x, y = struct.unpack("<ii", head[24:32])
        if x > 0 and y > 0:
            header.dpi = (tidy_dpi(x * 0.0254), tidy_dpi(y * 0.0254))
    check_size(header.width, header.height)
    header.model = "palette" if bits <= 8 else "rgb"
    return header


def decode_bmp(file: BinaryIO, header: Header) -> PillowImage:
    """The pixels as Pillow reads them: grey, RGB or RGB with alpha."""
    from PIL.BmpImagePlugin import BmpImageFile

    # The class itself, not `Image.open`: no other parser is tried and no global limit applies.
    file.seek(0)
    picture = BmpImageFile(file)
    if picture.size != (header.width, header.height):
        raise damaged(Message("damage.header_contradicts"))
    picture.load()
    if picture.mode in ("L", "RGB", "RGBA"):
        header.model = "grey" if picture.mode == "L" else "rgb"
        return picture
    if picture.mode == "1":
        header.model = "grey"
        return picture.convert("L")
    return picture.convert("RGB")
