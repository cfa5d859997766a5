from __future__ import annotations

import io
from typing import BinaryIO

from editor.formats import png
from editor.formats.limits import damaged, unsupported
from editor.formats.opened import Header

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
                    f"This {name} document holds no merged picture.",
                    "Export it as PNG from the program that made it.",
                ) from None
            if member.file_size > _MAX_MEMBER:
                raise damaged("its picture is far too large")
            with archive.open(member) as packed:
                head = packed.read(1 << 16)
                if not head.startswith(b"\x89PNG\r\n\x1a\n"):
                    raise damaged("its merged picture is not a PNG")
                png.read_header(io.BytesIO(head))  # refuses a giant before it is unpacked
                content = head + packed.read(_MAX_MEMBER)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise damaged("its archive cannot be read") from error
    header = png.read_header(io.BytesIO(content))
    header.content = content
    header.notes.append(f"Opened the merged picture of this {name} document, without its layers.")
    return header


def _check_directory(file: BinaryIO) -> None:
    """`zipfile` makes an object per entry: a directory of gigabytes must not reach it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise damaged("its archive breaks off")
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if entries == 0xFFFF or length > _MAX_DIRECTORY:
        raise damaged("its archive lists far too much")
    file.seek(0)
