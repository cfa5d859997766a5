from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from editor.model.image import Image, Metadata
from editor.model.rect import Rect


@dataclass(frozen=True)
class RawPicture:
    """The bytes of a QImage, for a worker thread; QImages themselves stay on the GUI thread.

    Attributes:
        data: rows of `stride` bytes each, the last ones of a row may be padding.
        width, height: pixels.
        stride: bytes of a row.
        layout: name of the QImage format, one of `_LAYOUTS`.
        dpi: horizontal and vertical, or None.
    """

    data: bytes
    width: int
    height: int
    stride: int
    layout: str
    dpi: tuple[float, float] | None = None


# Channels in the order they lie in memory (little-endian words), and what their alpha means.
_LAYOUTS: Final[dict[str, tuple[type[np.uint8 | np.uint16], str]]] = {
    "Format_Grayscale8": (np.uint8, "g"),
    "Format_Grayscale16": (np.uint16, "g"),
    "Format_RGB888": (np.uint8, "rgb"),
    "Format_BGR888": (np.uint8, "bgr"),
    "Format_RGB32": (np.uint8, "bgrx"),
    "Format_ARGB32": (np.uint8, "bgra"),
    "Format_ARGB32_Premultiplied": (np.uint8, "bgra*"),
    "Format_RGBX8888": (np.uint8, "rgbx"),
    "Format_RGBA8888": (np.uint8, "rgba"),
    "Format_RGBA8888_Premultiplied": (np.uint8, "rgba*"),
    "Format_RGBX64": (np.uint16, "rgbx"),
    "Format_RGBA64": (np.uint16, "rgba"),
    "Format_RGBA64_Premultiplied": (np.uint16, "rgba*"),
}


def raw_of(image: QImage) -> RawPicture:
    """The bytes of a pasted or dropped QImage, copied; call it on the GUI thread."""
    if image.format().name not in _LAYOUTS:  # palettes and the like, which are small
        deep = image.depth() > 32
        kind = QImage.Format.Format_RGBA64 if deep else QImage.Format.Format_RGBA8888
        if not image.hasAlphaChannel():
            kind = QImage.Format.Format_RGBX64 if deep else QImage.Format.Format_RGBX8888
        image = image.convertToFormat(kind)
    dots = image.dotsPerMeterX() * 0.0254, image.dotsPerMeterY() * 0.0254
    return RawPicture(
        bytes(image.constBits()),
        image.width(),
        image.height(),
        image.bytesPerLine(),
        image.format().name,
        dots if min(dots) > 1 else None,
    )


def image_of(raw: RawPicture) -> Image:
    """An `Image` of the same pixels: 16 bit where it has it, alpha and grey kept, sRGB."""
    dtype, order = _LAYOUTS[raw.layout]
    names = order.rstrip("*")
    samples = np.frombuffer(raw.data, dtype).reshape(raw.height, -1)
    pixels = samples[:, : raw.width * len(names)].reshape(raw.height, raw.width, len(names))
    wanted = [names.index(name) for name in "rgba" if name in names] or [0]
    pixels = pixels[:, :, wanted]
    if order.endswith("*"):
        pixels = _unpremultiplied(pixels)
    return Image.from_array(pixels, Metadata(dpi=raw.dpi))


def _unpremultiplied(pixels: NDArray[Any]) -> NDArray[Any]:
    """(h, w, 4): colour divided by alpha, 0 where nothing is opaque; rounded as Qt does."""
    most = int(np.iinfo(pixels.dtype).max)
    out = pixels.copy()
    for top in range(0, pixels.shape[0], 256):  # in bands: a float copy is many times as large
        band = pixels[top : top + 256].astype(np.float32)
        alpha = band[:, :, 3:]
        colour = np.zeros_like(band[:, :, :3])
        np.divide(band[:, :, :3] * most, alpha, out=colour, where=alpha > 0)
        out[top : top + 256, :, :3] = np.minimum(colour + 0.5, most)
    return out


def to_display(image: Image, part: Rect) -> NDArray[np.uint8]:
    """A part of a picture as (h, w, 3 or 4) sRGB `uint8`, for the clipboard."""
    from editor.render.color import ColorSpace

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
