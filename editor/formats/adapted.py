"""A picture made ready for other eyes: smaller, and in sRGB."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from editor.formats.libvips import vips
from editor.formats.stream import TileStream
from editor.model.image import Image
from editor.model.rect import Rect

_PROFILE: Final = "icc-profile-data"


def adapted(image: Image, *, long_side: int | None = None, srgb: bool = False) -> Image:
    """The picture at another size and in sRGB; the same object where nothing is to be done.

    It is read in bands and only the result is in memory whole. Sizes are reduced with Lanczos 3 on
    the stored values; colours by the profile, relative with black point compensation.

    Args:
        image: any depth and number of channels.
        long_side: pixels of the longer side; a picture is never enlarged.
        srgb: turn the colours of an embedded profile into sRGB, which needs no profile.

    Raises:
        ExpectedError: the picture's pixels cannot be read any longer.
    """
    size = adapted_size((image.width, image.height), long_side)
    shrinks = size != (image.width, image.height)
    converts = srgb and image.meta.icc is not None
    if not shrinks and not converts:
        return image
    stream = TileStream(image.width, image.height, image.channels, image.depth, _rows(image))
    try:
        made = stream.image()
        if converts:
            made = _to_srgb(made, image)
        if shrinks:
            made = _shrunk(made, image, size)
        pixels: NDArray[Any] = made.numpy()
    except vips().Error:
        if stream.error is None:
            raise
        raise stream.error from None
    if stream.error is not None:
        raise stream.error
    meta = replace(image.meta, icc=None) if converts else image.meta
    return Image.from_array(np.ascontiguousarray(pixels), meta)


def adapted_size(size: tuple[int, int], long_side: int | None) -> tuple[int, int]:
    """The (width, height) that `adapted` makes of a size."""
    longest = max(size)
    if long_side is None or not 0 < long_side < longest:
        return size
    factor = long_side / longest
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _rows(image: Image) -> Any:
    return lambda y, height: image.read(Rect(0, y, image.width, height))


def _to_srgb(made: Any, image: Image) -> Any:
    made = made.copy()
    made.set_type(vips().GValue.blob_type, _PROFILE, image.meta.icc)
    made = made.icc_transform(
        "srgb", embedded=True, depth=image.depth, intent="relative", black_point_compensation=True
    )
    made.remove(_PROFILE)
    return made


def _shrunk(made: Any, image: Image, size: tuple[int, int]) -> Any:
    """Colours are weighted by alpha, so that what cannot be seen does not bleed into the edges."""
    across, down = size[0] / image.width, size[1] / image.height
    if not image.has_alpha:
        return made.resize(across, vscale=down, kernel="lanczos3")
    kind, top = made.format, (1 << image.depth) - 1
    made = made.premultiply(max_alpha=top).resize(across, vscale=down, kernel="lanczos3")
    return made.unpremultiply(max_alpha=top).rint().cast(kind)
