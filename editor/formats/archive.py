from __future__ import annotations

import io
from typing import BinaryIO

from editor.formats import png
from editor.formats.limits import damaged, unsupported
from editor.formats.opened import Header
from editor.messages import Message

_MEMBER = "mergedimage.png"
_MAX_DIRECTORY = 16 * 1024 * 1024
_MAX_MEMBER = 1024 * 1024 * 1024
_END = b"PK\x05\x06"
_TAIL = 22 + 65_535


def read_header(file: BinaryIO, name: str) -> Header:
    """The merged picture of a Krita or OpenRaster document.

    One member with a fixed name is read into memory; no name or path from inside is used.
    """
    import zipfile

    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            try:
                member = archive.getinfo(_MEMBER)
            except KeyError:
                raise unsupported(
                    Message("image.no_merged", program=name), Message("do.export_png")
                ) from None
            if member.file_size > _MAX_MEMBER:
                raise damaged(Message("damage.picture_too_large"))
            with archive.open(member) as packed:
                head = packed.read(1 << 16)
                if not head.startswith(b"\x89PNG\r\n\x1a\n"):
                    raise damaged(Message("damage.merged_not_png"))
                png.read_header(io.BytesIO(head))  # refuses a giant before it is unpacked
                content = head + packed.read(_MAX_MEMBER)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise damaged(Message("damage.archive")) from error
    header = png.read_header(io.BytesIO(content))
    header.content = content
    header.notes.append(Message("opened.merged", program=name))
    return header


def _check_directory(file: BinaryIO) -> None:
    """`zipfile` makes an object per entry: a directory of gigabytes must not reach it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise damaged(Message("damage.archive_breaks_off"))
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if entries == 0xFFFF or length > _MAX_DIRECTORY:
        raise damaged(Message("damage.archive_lists"))
    file.seek(0)
