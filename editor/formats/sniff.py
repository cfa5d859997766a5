from __future__ import annotations

import errno
from pathlib import Path
from typing import BinaryIO

from editor.display_name import display_name
from editor.formats.limits import cannot_read, not_a_picture

FORMATS: dict[str, tuple[str, ...]] = {
    "png": (".png", ".apng"),
    "jpeg": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "webp": (".webp",),
    "tiff": (".tif", ".tiff"),
    "avif": (".avif",),
    "gif": (".gif",),
    "bmp": (".bmp", ".dib"),
    "psd": (".psd",),
    "kra": (".kra",),
    "ora": (".ora",),
}
"""Every format that is opened, with its file name endings; the first one is the usual."""

WRITTEN = ("png", "jpeg", "webp", "tiff", "avif")
"""The formats that are also written."""

_AVIF_BRANDS = (b"avif", b"avis")


def sniff(path: Path | str) -> str | None:
    """The format by the file's first bytes, whatever its name says; None if it is none of ours.

    Raises:
        ExpectedError: the file cannot be read.
    """
    path = Path(path)
    try:
        with open_regular(path) as file:
            return sniff_file(file)
    except OSError as error:
        raise cannot_read(display_name(path), error) from error


def open_regular(path: Path) -> BinaryIO:
    """Open a plain file; a pipe or device would block or never end."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder", str(path))
    if path.exists() and not path.is_file():
        raise not_a_picture()
    return path.open("rb")


def sniff_file(file: BinaryIO) -> str | None:
    """As `sniff`, for an open file; leaves it at its start."""
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    return sniff_bytes(head)


def sniff_bytes(head: bytes) -> str | None:
    """The format by the first bytes (512 are enough)."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if head[4:8] == b"ftyp":
        return "avif" if _is_avif(head) else None
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[:2] == b"BM" and len(head) >= 26 and head[14:18] in _BMP_HEADERS:
        return "bmp"
    if head[:6] == b"8BPS\0\x01":
        return "psd"
    if head[:4] == b"PK\x03\x04":
        return _archive(head)
    return None


_BMP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))


def _is_avif(head: bytes) -> bool:
    """True if an AV1 brand is listed; HEIC has the same box but a codec we do not carry."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
    return any(brand in _AVIF_BRANDS for brand in brands)


def _archive(head: bytes) -> str | None:
    """Krita and OpenRaster put an uncompressed `mimetype` first, so that this works."""
    name_length = int.from_bytes(head[26:28], "little")
    extra_length = int.from_bytes(head[28:30], "little")
    if head[30 : 30 + name_length] != b"mimetype":
        return None
    content = head[30 + name_length + extra_length :]
    if content.startswith(b"application/x-krita"):
        return "kra"
    if content.startswith(b"image/openraster"):
        return "ora"
    return None


def format_of_name(path: Path | str) -> str | None:
    """The format a file name asks for."""
    ending = Path(path).suffix.lower()
    return next((name for name, endings in FORMATS.items() if ending in endings), None)
