"""Small networks that rate CLIP's features: LAION's aesthetic predictors, and the program's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from inference.models.head_layout import LINEAR_LAYERS, RELU_LAYERS, WIDTHS, head_layout

CONFIG: Final = "config.json"


class ScoreHead(nn.Module):
    """Linear layers from CLIP's features to one figure.

    Args:
        inputs: numbers that it takes: one feature vector, or picture, caption and their products.
        widths: outputs of the layers, the last one 1.
        activation: whether a ReLU stands between them.
    """

    def __init__(
        self, inputs: int, widths: Sequence[int] = WIDTHS, *, activation: bool = True
    ) -> None:
        super().__init__()
        sides = (inputs, *widths)
        self.linear = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sides))
        self.inputs, self.activation = inputs, activation

    def forward(self, features: Tensor) -> Tensor:
        """(N, inputs) to (N,)."""
        out = features
        for number, layer in enumerate(self.linear):
            out = layer(out)
            if self.activation and number < len(self.linear) - 1:
                out = out.relu()
        return out.squeeze(-1)

    def to_tensors(self) -> dict[str, Tensor]:
        """The weights under LAION's names; `load_head` is the way back."""
        numbers = RELU_LAYERS if self.activation else LINEAR_LAYERS
        names = [f"layers.{number}." for number in numbers] if len(self.linear) > 1 else [""]
        return {
            f"{name}{part}": value
            for name, layer in zip(names, self.linear, strict=True)
            for part, value in layer.state_dict().items()
        }


def both_features(pictures: Tensor, texts: Tensor) -> Tensor:
    """What a head sees that rates a picture for a caption: (N, 3 D) from (N, D) and (N, D)."""
    return torch.cat([pictures, texts, pictures * texts * pictures.shape[1] ** 0.5], dim=-1)


def load_head(file: Path) -> ScoreHead:
    """A head in float32, in evaluation mode.

    Raises:
        ValueError: its tensors are no head.
    """
    from safetensors.torch import load_file

    tensors = load_file(file)
    layout = head_layout({name: value.shape for name, value in tensors.items()})
    if layout is None:
        raise ValueError("no layers of a head")
    widths = [int(tensors[f"{name}weight"].shape[0]) for name in layout.layers]
    head = ScoreHead(layout.inputs, widths, activation=layout.activation)
    for name, layer in zip(layout.layers, head.linear, strict=True):
        parts = {part: tensors[f"{name}{part}"].float() for part in ("weight", "bias")}
        layer.load_state_dict(parts)
    return head.eval().requires_grad_(False)


def own_config(folder: Path) -> dict[str, Any]:
    """Values of the head's config; empty for LAION's, which have none."""
    path = folder / CONFIG
    if not path.is_file():
        return {}
    values = json.loads(path.read_text("utf-8"))
    return values if isinstance(values, dict) else {}
