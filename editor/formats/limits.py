from __future__ import annotations

from editor.errors import ExpectedError, UnsupportedImage
from editor.messages import Message

MAX_SIDE = 65_500
MAX_PIXELS = 120_000_000
MAX_SOURCE_BYTES = 64 * 1024 * 1024
"""Larger lossy originals are not held in memory for a byte-for-byte copy."""
MAX_BLOCK = 16 * 1024 * 1024
"""Largest ICC, EXIF or XMP block and largest sum of text that is kept."""
MAX_ENTRIES = 4096
"""Most text entries, tags or pages that are looked at."""


def check_size(width: int, height: int) -> None:
    """Refuse what would not fit, before a single pixel is decoded."""
    if width <= 0 or height <= 0:
        raise UnsupportedImage(Message("image.no_pixels"), Message("do.export_again"))
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise UnsupportedImage(
            Message("image.too_large", width=width, height=height),
            Message("do.make_smaller", megapixels=MAX_PIXELS // 1_000_000, side=MAX_SIDE),
        )


def not_a_picture() -> UnsupportedImage:
    """The file is no picture, or of a format that is not read."""
    return UnsupportedImage(Message("image.not_a_picture"), Message("do.save_as_known"))


def damaged(detail: Message | None = None) -> UnsupportedImage:
    """The file breaks off or contradicts itself."""
    message = Message("image.damaged")
    if detail is not None:
        message = Message("image.damaged_because", reason=detail)
    return UnsupportedImage(message, Message("do.copy_again"))


def unsupported(what: Message, fix: Message | None = None) -> UnsupportedImage:
    """A readable container whose pixels are of a kind this program does not open."""
    return UnsupportedImage(what, fix or Message("do.save_as_png"))


def cannot_read(name: str, error: OSError) -> ExpectedError:
    """A sentence for a file that the system does not hand out."""
    if isinstance(error, FileNotFoundError):
        return ExpectedError(Message("file.missing", name=name), Message("do.choose_another_file"))
    if isinstance(error, IsADirectoryError):
        return ExpectedError(Message("file.is_folder", name=name), Message("do.choose_inside"))
    if isinstance(error, PermissionError):
        return ExpectedError(Message("file.forbidden", name=name), Message("do.permissions"))
    return ExpectedError(Message("file.unreadable", name=name), Message("do.check_disk"))
