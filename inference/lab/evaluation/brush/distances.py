"""Distances of a result to the wanted picture and to its source, as MagicBrush measures them."""

from __future__ import annotations

import numpy as np
from PIL import Image as Pillow

from editor.model.image import Pixels
from editor.ranking.fidelity import Mask, psnr, ssim

_LEAST_OUTSIDE = 0.01
"""Share of the picture: what is left of less says nothing."""


def resized(picture: Pixels, like: Pixels) -> Pixels:
    """The picture at the size of another, by Pillow's default filter (bicubic)."""
    if picture.shape[:2] == like.shape[:2]:
        return picture
    return np.asarray(Pillow.fromarray(picture).resize((like.shape[1], like.shape[0])))


def target_distances(made: Pixels, target: Pixels) -> dict[str, float]:
    """``l1``, mean absolute, and ``l2``, mean squared difference of samples from 0 to 1.

    As the authors' ``eval_distance``: the result is resized to the target, and samples are divided
    by 255 in float32.

    Args:
        made: the result, (h, w, 3) uint8.
        target: the wanted picture, (H, W, 3) uint8.
    """
    scale = np.float32(255)
    first, second = (one.astype(np.float32) / scale for one in (resized(made, target), target))
    difference = first - second
    return {
        "l1": float(np.mean(np.abs(difference), dtype=np.float64)),
        "l2": float(np.mean(difference * difference, dtype=np.float64)),
    }


def outside_fidelity(made: Pixels, source: Pixels, inside: Mask) -> dict[str, float]:
    """``psnr_out`` in dB and ``ssim_out`` to the source outside a mask; {} if it covers all.

    Args:
        made: the result, resized to the source where it has another size.
        source: (H, W, 3) uint8.
        inside: (H, W), where the edit belongs.
    """
    outside = ~inside
    if inside.shape != source.shape[:2] or outside.mean() < _LEAST_OUTSIDE:
        return {}
    picture = resized(made, source)
    return {
        "psnr_out": psnr(picture, source, outside),
        "ssim_out": ssim(picture, source, outside),
    }
