"""How near an upscaler comes to photographs that were reduced, against bicubic interpolation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL.Image import Resampling

from editor.model.image import Image
from inference.lab.evaluation.partial import ItemValues, PartialResults
from inference.lab.evaluation.picture_files import reduced_pictures
from inference.lab.evaluation.starter.figures import Findings
from inference.models.loaded import LoadedUpscaler
from inference.request.cancel import CancelCheck
from inference.vision.upscale import enlarge

KERNELS: Final = {
    "bicubic": Resampling.BICUBIC,
    "lanczos": Resampling.LANCZOS,
    "box": Resampling.BOX,
}
"""How the photographs are reduced, with Pillow. The networks were trained on bicubic."""

_BORDER: Final = 4
"""Pixels at each side that are not measured, as in the papers."""


@dataclass(frozen=True)
class UpscaleProtocol:
    """What is measured.

    Attributes:
        folder: of photographs.
        side: longest side in pixels of the truth, to which each is reduced first, so that it is
            sharp; 0 leaves it as it is.
        factor: how many times smaller it then becomes.
        limit: most photographs, 0 for all.
    """

    folder: Path
    side: int = 512
    factor: int = 2
    limit: int = 0


def evaluate_upscale(
    protocol: UpscaleProtocol,
    model: LoadedUpscaler,
    check: CancelCheck,
    on_picture: Callable[[str, dict[str, float]], None] = lambda name, gains: None,
    results: PartialResults | None = None,
) -> Findings:
    """Reduce, enlarge and compare every photograph.

    Args:
        protocol: what is measured.
        model: the upscaler.
        check: asked between tiles.
        on_picture: called with each photograph's name and gains.
        results: of an earlier run, to go on.

    Returns:
        For each kernel the PSNR (RGB, dB) of Pillow's bicubic and of the upscaler, and the gain of
        the second over the first.
    """
    findings, known = Findings(), results or PartialResults(None)
    pictures = reduced_pictures(protocol.folder, protocol.side or 1 << 20)
    for number, (path, picture) in enumerate(pictures, 1):
        truth = _divisible(picture, protocol.factor)
        values = known.measured(
            path.relative_to(protocol.folder).as_posix(),
            f"{protocol.side} {protocol.factor}",
            partial(_measured, truth, protocol.factor, model, check),
        )
        for name, value in values.items():
            findings.value(name, value)
        on_picture(path.name, {name: values[f"{name}.gain"] for name in KERNELS})
        if number == protocol.limit:
            break
    return findings


def _measured(
    truth: NDArray[np.uint8], factor: int, model: LoadedUpscaler, check: CancelCheck
) -> ItemValues:
    values: ItemValues = {}
    for name, kernel in KERNELS.items():
        small = _resized(truth, 1 / factor, kernel)
        plain = _resized(small, factor, Resampling.BICUBIC)
        drawn = enlarge(model, Image.from_array(small), factor, _nothing, check)
        before, after = _psnr(plain, truth), _psnr(drawn, truth)
        values |= {f"{name}.bicubic": before, f"{name}.upscaled": after}
        values[f"{name}.gain"] = after - before
    return values


def _divisible(picture: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    height, width = (side // factor * factor for side in picture.shape[:2])
    return np.ascontiguousarray(picture[:height, :width])


def _resized(pixels: NDArray[np.uint8], times: float, kernel: Resampling) -> NDArray[np.uint8]:
    height, width = (round(side * times) for side in pixels.shape[:2])
    return np.asarray(Pillow.fromarray(pixels).resize((width, height), kernel))


def _psnr(made: NDArray[Any], truth: NDArray[np.uint8]) -> float:
    inner = np.s_[_BORDER:-_BORDER, _BORDER:-_BORDER]
    error = np.mean((made[inner].astype(float) - truth[inner]) ** 2)
    return 10 * math.log10(255**2 / max(float(error), 1e-6))


def _nothing(done: int, total: int) -> None:
    """A photograph is one or two tiles."""
