"""What an edit keeps, as PIE-Bench measures it (Ju et al. 2024, PnP Inversion).

PSNR, SSIM and mean squared error are taken over whole pictures in which the edited part is black in
both, as the published code does, so they depend on how large that part is.
"""

from __future__ import annotations

import numpy as np

from editor.model.image import Pixels
from editor.ranking.fidelity import Mask, psnr, ssim


def without(picture: Pixels, inside: Mask) -> Pixels:
    """The picture, black inside a mask: image · (1 − mask)."""
    return np.asarray(picture * ~inside[..., None])


def unedited_fidelity(made: Pixels, source: Pixels, inside: Mask) -> dict[str, float]:
    """``psnr_unedited`` in dB, ``mse_unedited`` of samples 0..1 and ``ssim_unedited``.

    Args:
        made: (H, W, 3) uint8.
        source: of the same size.
        inside: where the edit belongs, (H, W).
    """
    first, second = without(made, inside), without(source, inside)
    everywhere = np.ones(inside.shape, np.bool_)
    difference = (first.astype(np.float64) - second) / 255
    return {
        "psnr_unedited": psnr(first, second, everywhere),
        "mse_unedited": float(np.mean(difference * difference)),
        "ssim_unedited": ssim(first, second, everywhere),
    }
