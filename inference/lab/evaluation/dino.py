"""Features of a DINO vision transformer (Caron et al. 2021) in transformers' format."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as Pillow
from torch.nn import functional

from editor.model.image import Pixels

_MEAN: Final = (0.485, 0.456, 0.406)
_STD: Final = (0.229, 0.224, 0.225)
_KEY_LAYER: Final = 11


class DinoFeatures:
    """A `ViTModel` on the CPU.

    Attributes:
        name: of its folder; columns that it fills are named after it.
    """

    def __init__(self, folder: Path) -> None:
        """Load it, offline."""
        from transformers import ViTModel

        self.name = folder.name
        self._model: Any = ViTModel.from_pretrained(
            folder, add_pooling_layer=False, local_files_only=True
        ).eval()
        size = self._model.config.image_size
        self._side = int(size if isinstance(size, int) else max(size))

    @torch.inference_mode()
    def picture(self, pixels: Pixels) -> NDArray[np.float32]:
        """The CLS feature of a picture (H, W, 3) uint8, (D,), not normalised.

        As MagicBrush does: the shorter side to 256 (for a model of 224) by bicubic interpolation,
        then the middle.
        """
        image = Pillow.fromarray(pixels)
        scale = round(self._side * 256 / 224) / min(image.size)
        image = image.resize(
            (round(image.width * scale), round(image.height * scale)), Pillow.Resampling.BICUBIC
        )
        left, top = (round((length - self._side) / 2) for length in image.size)
        image = image.crop((left, top, left + self._side, top + self._side))
        ready = _normalised(torch.from_numpy(np.asarray(image).copy()).float() / 255)
        found: NDArray[np.float32] = self._model(ready).last_hidden_state[0, 0].numpy()
        return found

    @torch.inference_mode()
    def self_similarity(self, pixels: Pixels, *, as_authors: bool = False) -> torch.Tensor:
        """Cosines between the keys of layer 11 of all tokens, (T, T).

        As PIE-Bench's structure distance takes them (Tumanyan et al. 2022), the shorter side at the
        model's own.

        Args:
            pixels: (H, W, 3) uint8.
            as_authors: leave the division by 255 out, as the published code of PIE-Bench does.
        """
        values = torch.from_numpy(pixels.copy()).float().permute(2, 0, 1)[None]
        if not as_authors:
            values = values / 255
        scale = self._side / min(values.shape[-2:])
        size = [round(length * scale) for length in values.shape[-2:]]
        values = functional.interpolate(values, size, mode="bilinear", antialias=True)
        keys: list[torch.Tensor] = []
        layers = self._model.layers
        projection = layers[min(_KEY_LAYER, len(layers) - 1)].attention.k_proj
        handle = projection.register_forward_hook(lambda module, given, made: keys.append(made[0]))
        try:
            self._model(_normalised(values[0].permute(1, 2, 0)), interpolate_pos_encoding=True)
        finally:
            handle.remove()
        unit = functional.normalize(keys[0], dim=-1)
        return unit @ unit.T


def structure_distance(first: torch.Tensor, second: torch.Tensor) -> float:
    """Mean squared difference of two self-similarities of equal size."""
    return float(functional.mse_loss(first, second))


def cosine(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Cosine of two features (D,)."""
    one, other = first.astype(np.float64), second.astype(np.float64)
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def _normalised(picture: torch.Tensor) -> torch.Tensor:
    """(H, W, 3) to (1, 3, H, W) with ImageNet's mean and deviation."""
    mean, std = picture.new_tensor(_MEAN), picture.new_tensor(_STD)
    return ((picture - mean) / std).permute(2, 0, 1)[None]
