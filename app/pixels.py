from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from editor.image import Image, Metadata
from editor.rect import Rect


def from_qimage(image: QImage) -> Image:
    """An `Image` from a pasted or dropped QImage: 16 bit where it has it, alpha kept, sRGB."""
    deep = image.depth() > 32
    alpha = image.hasAlphaChannel()
    kind = QImage.Format.Format_RGBA64 if deep else QImage.Format.Format_RGBA8888
    converted = image.convertToFormat(kind)
    width, height, stride = converted.width(), converted.height(), converted.bytesPerLine()
    dtype = np.uint16 if deep else np.uint8
    row = stride // np.dtype(dtype).itemsize
    buffer = np.frombuffer(converted.constBits(), dtype, height * row).reshape(height, row)
    pixels = buffer[:, : width * 4].reshape(height, width, 4)
    dots = converted.dotsPerMeterX() * 0.0254, converted.dotsPerMeterY() * 0.0254
    meta = Metadata(dpi=dots if min(dots) > 1 else None)
    return Image.from_array(pixels if alpha else pixels[:, :, :3], meta)


def to_display(image: Image, part: Rect) -> NDArray[np.uint8]:
    """A part of a picture as (h, w, 3 or 4) sRGB `uint8`, for the clipboard."""
    from editor.color import ColorSpace

    return ColorSpace.of(image).to_display(image.read(part))


@lru_cache(maxsize=32)
def profile_name(icc: bytes | None) -> str:
    """What an ICC profile calls itself, "" if there is none or it does not say."""
    if icc is None:
        return ""
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        name = str(ImageCms.getProfileDescription(profile))  # type: ignore[no-untyped-call]
    except (OSError, ImageCms.PyCMSError):
        return ""
    return " ".join(name.split())[:40]
