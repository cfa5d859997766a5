from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.formats.opened import Header


def is_sound(icc: bytes, space: bytes) -> bool:
    """True if the block is a profile for this colour space ("GRAY", "RGB ", "CMYK")."""
    return (
        len(icc) >= 132
        and icc[36:40] == b"acsp"
        and icc[16:20] == space
        and 128 <= int.from_bytes(icc[:4], "big") <= len(icc)
    )


def settle_profile(header: Header, channels: int) -> None:
    """Drop a profile that does not describe the pixels, and say so."""
    if header.icc is None:
        return
    if not is_sound(header.icc, b"GRAY" if channels < 3 else b"RGB "):
        header.icc = None
        header.notes.append("Its colour profile does not fit its pixels and was left out.")


def grey_to_srgb(icc: bytes | None) -> NDArray[np.uint8]:
    """A table of 256 rows that turns 8-bit grey of this profile into sRGB."""
    ramp = np.arange(256, dtype=np.uint8)
    plain = np.repeat(ramp[:, None], 3, axis=1)
    if icc is None:
        return plain
    return to_srgb(ramp[None, :, None], icc)[0]


def to_srgb(pixels: NDArray[np.uint8], icc: bytes | None) -> NDArray[np.uint8]:
    """Small 8-bit pixels (h, w, 1 or 3) of a profile as sRGB (h, w, 3).

    A profile that cannot be used leaves the values as they are.
    """
    if pixels.shape[2] == 1:
        plain = np.repeat(pixels, 3, axis=2)
    else:
        plain = pixels
    if icc is None:
        return plain
    import io

    from PIL import Image as Pillow
    from PIL import ImageCms

    grey = pixels.shape[2] == 1
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        transform = ImageCms.buildTransform(
            own,
            ImageCms.createProfile("sRGB"),
            "L" if grey else "RGB",
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        picture = Pillow.fromarray(np.ascontiguousarray(pixels[:, :, 0] if grey else pixels))
        result = ImageCms.applyTransform(picture, transform)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return plain
    return plain if result is None else np.array(result)
