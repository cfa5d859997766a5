from __future__ import annotations

from editor.errors import ExpectedError, UnsupportedImage

MAX_SIDE = 65_500
MAX_PIXELS = 120_000_000
MAX_SOURCE_BYTES = 64 * 1024 * 1024
"""Larger lossy originals are not held in memory for a byte-for-byte copy."""
MAX_BLOCK = 16 * 1024 * 1024
"""Largest ICC, EXIF or XMP block and largest sum of text that is kept."""
MAX_ENTRIES = 4096
"""Most text entries, tags or pages that are looked at."""

READS = (
    "This is not a picture this program reads. It opens PNG, JPEG, WebP, TIFF, AVIF, GIF and BMP, "
    "and the merged picture of PSD, KRA and ORA."
)


def check_size(width: int, height: int) -> None:
    """Refuse what would not fit, before a single pixel is decoded."""
    if width <= 0 or height <= 0:
        raise UnsupportedImage(
            "This picture says it has no pixels, so there is nothing to open.",
            "Export it again from the program that made it.",
        )
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise UnsupportedImage(
            f"This picture says it is {width:,} × {height:,} pixels, more than can be opened here.",
            f"Up to {MAX_PIXELS // 1_000_000} megapixels and {MAX_SIDE:,} pixels a side fit; "
            "make it smaller first.",
        )


def not_a_picture() -> UnsupportedImage:
    """The refusal of a file that is no picture, with the list of formats that are read."""
    return UnsupportedImage(READS, "Save it as PNG, JPEG, WebP or TIFF first.")


def damaged(detail: str = "") -> UnsupportedImage:
    """The file breaks off or contradicts itself."""
    because = f" ({detail})" if detail else ""
    return UnsupportedImage(
        f"This file is damaged or incomplete{because}, so it is not opened.",
        "Copy or download it again.",
    )


def unsupported(
    what: str, fix: str = "Save it as an 8 or 16 bit PNG or TIFF first."
) -> UnsupportedImage:
    """A readable container whose pixels are of a kind this program does not open."""
    return UnsupportedImage(what, fix)


def cannot_read(name: str, error: OSError) -> ExpectedError:
    """A sentence for a file that the system does not hand out."""
    if isinstance(error, FileNotFoundError):
        return ExpectedError(f"There is no file “{name}” here.", "Choose another file.")
    if isinstance(error, IsADirectoryError):
        return ExpectedError(f"“{name}” is a folder.", "Choose a picture inside it.")
    if isinstance(error, PermissionError):
        return ExpectedError(f"“{name}” may not be read.", "Change its permissions or copy it.")
    return ExpectedError(
        f"“{name}” could not be read from the disk.", "Check the disk and try again."
    )
