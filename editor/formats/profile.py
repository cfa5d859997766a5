from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.formats.libvips import vips
from editor.formats.opened import Header
from editor.messages import Message


def is_sound(icc: bytes, space: bytes) -> bool:
    """True if the block is a profile for this colour space ("GRAY", "RGB ", "CMYK")."""
    return (
        len(icc) >= 132
        and icc[36:40] == b"acsp"
        and icc[16:20] == space
        and 128 <= int.from_bytes(icc[:4], "big") <= len(icc)
    )


def named_colours(header: Header, primaries: int, transfer: int) -> None:
    """Colours named by number (CICP) instead of a profile."""
    if transfer in (16, 18):
        header.notes.append(Message("opened.hdr"))
    elif primaries == 12:
        header.named = "p3"
    elif primaries == 9:
        header.notes.append(Message("opened.rec2020"))


def settle_profile(header: Header, channels: int) -> None:
    """Drop a profile that does not describe the pixels, and say so."""
    if header.icc is None and header.named and channels >= 3:
        header.icc = bytes(vips().Operation.call("profile_load", header.named))
    if header.icc is None:
        return
    if not is_sound(header.icc, b"GRAY" if channels < 3 else b"RGB "):
        header.icc = None
        header.notes.append(Message("opened.profile_unfit"))


def grey_to_srgb(icc: bytes | None) -> NDArray[np.uint8]:
    """A table of 256 rows that turns 8-bit grey of this profile into sRGB."""
    ramp = np.arange(256, dtype=np.uint8)
    plain = np.repeat(ramp[:, None], 3, axis=1)
    if icc is None:
        return plain
    table: NDArray[np.uint8] = to_srgb(ramp[None, :, None], icc)[0]
    return table


def to_srgb(pixels: NDArray[np.uint8], icc: bytes | None) -> NDArray[np.uint8]:
    """Small 8-bit pixels (h, w, 1 or 3) of a profile as sRGB (h, w, 3).

    A profile that cannot be used leaves the values as they are.
    """
    grey = pixels.shape[2] == 1
    plain = np.repeat(pixels, 3, axis=2) if grey else pixels
    if icc is None:
        return plain
    import io

    from PIL import Image as Pillow
    from PIL import ImageCms

    cms: Any = ImageCms  # typed differently from one Pillow to the next
    try:
        transform = cms.buildTransform(
            cms.ImageCmsProfile(io.BytesIO(icc)),
            cms.createProfile("sRGB"),
            "L" if grey else "RGB",
            "RGB",
            cms.Intent.RELATIVE_COLORIMETRIC,
            cms.Flags.BLACKPOINTCOMPENSATION,
        )
        picture = Pillow.fromarray(np.ascontiguousarray(pixels[:, :, 0] if grey else pixels))
        return np.array(cms.applyTransform(picture, transform), np.uint8)
    except (cms.PyCMSError, OSError, ValueError):
        return plain
