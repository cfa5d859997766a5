"""How many times longer an upscaler makes a side, read out of its tensors' shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isqrt, prod
from typing import Final

from inference.models.found_model import FoundModel

_COLOURS: Final = 3
_SHUFFLE: Final = re.compile(r"upsample\.\d+\.weight")
_DOUBLING: Final = re.compile(r"(?:upconv|conv_up)\d\.weight")
_FIRST_ESRGAN: Final = re.compile(r"model\.\d+\.weight")
_COMPACT: Final = re.compile(r"body\.(\d+)\.weight")


def scale_of(shapes: Mapping[str, Sequence[int]]) -> int | None:
    """The scale, by the rules that spandrel has for the same networks; None where none applies.

    Args:
        shapes: of the tensors, by their names in the authors' files.
    """
    shuffles = sorted(name for name in shapes if _SHUFFLE.fullmatch(name))
    if shuffles and "conv_last.weight" in shapes:  # DAT, SwinIR, HAT: pixel shuffles in a row
        return prod(isqrt(shapes[name][0] // shapes[name][1]) for name in shuffles)
    if shuffles:  # their light networks: one shuffle straight to colours
        return isqrt(shapes[shuffles[0]][0] // _COLOURS)
    doubled = 1 << sum(1 for name in shapes if _DOUBLING.fullmatch(name))
    if doubled > 1:  # Real-ESRGAN folds the picture first where it enlarges by less than four
        return doubled // isqrt(shapes["conv_first.weight"][1] // _COLOURS)
    if "model.0.weight" in shapes:  # ESRGAN's first names: three layers beside those that double
        return 1 << max(0, sum(1 for name in shapes if _FIRST_ESRGAN.fullmatch(name)) - 3)
    layers = [int(found[1]) for name in shapes if (found := _COMPACT.fullmatch(name))]
    if layers:  # Real-ESRGAN's compact networks end with a shuffle
        return isqrt(shapes[f"body.{max(layers)}.weight"][0] // _COLOURS)
    return None


def for_factor(models: Iterable[FoundModel], factor: float) -> FoundModel:
    """The upscaler that reaches a factor with the fewest pixels too many.

    The smallest scale that reaches it; where none does, the largest, which is applied again; then
    those whose scale is not known; then the name decides.

    Args:
        models: at least one.
        factor: how many times longer a side is to become.
    """

    def key(model: FoundModel) -> tuple[int, int, str]:
        scale = model.scale
        if scale is None:
            return 2, 0, model.id
        return (0, scale, model.id) if scale >= factor else (1, -scale, model.id)

    return min(models, key=key)
