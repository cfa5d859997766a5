from __future__ import annotations

from typing import Final

from editor.errors import NotUnderstood

RECONSTRUCTION_PSNR: Final = "reconstruction_psnr"
"""Recorded with each candidate of a method that inverts its source: the source drawn again against
the picture that the model saw, in dB."""

USED_INVERSION: Final = "used_inversion"
"""Recorded with it: the strategy that was used, also where the method chose it."""


class CaptionsMissing(NotUnderstood):
    """A method needs to know what the picture shows before and after the edit."""

    kind = "captions_missing"
