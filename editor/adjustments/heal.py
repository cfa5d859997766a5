from __future__ import annotations

from editor.image import Image
from editor.selection import Selection


def heal(source: Image, selection: Selection) -> Image:
    """Fill."""
    return source
