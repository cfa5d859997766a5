"""A picture in the clipboard at its full depth and in its own colours, for windows like this one.

Other programs take the 8-bit sRGB pixels beside it.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData

from editor.model.image import Image, Metadata

EXACT: Final = "application/x-pentimento-picture"
"""MIME type of a PNG with the picture's depth and profile."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
LARGEST: Final = 120_000_000 * 4 * 2 + 32 * 1024 * 1024
"""Bytes of the largest picture that opens, with alpha and 16 bit, and room for its profile."""


def exact_png(image: Image) -> bytes | None:
    """The picture as a PNG with its depth and profile; for worker threads.

    Returns:
        The file, without where and how the picture was taken; None where 8-bit sRGB pixels say
        the same.
    """
    if image.depth == 8 and image.meta.icc is None:
        return None
    from editor.formats import SaveOptions, save_image

    bare = replace(image, meta=Metadata(icc=image.meta.icc, dpi=image.meta.dpi))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "picture.png"
        save_image(bare, file, options=SaveOptions(effort=1))
        return file.read_bytes()


def exact_in(data: QMimeData) -> bytes | None:
    """The PNG that another window put into a clipboard; None for none, and for anything else.

    Any program may write the clipboard: what is no PNG, or larger than the largest picture, is not
    taken. The decoder refuses the rest.
    """
    if EXACT not in data.formats():
        return None
    found = bytes(data.data(EXACT).data())
    return found if found.startswith(_PNG) and len(found) <= LARGEST else None
