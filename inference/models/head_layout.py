"""What the tensors of a head on CLIP's features say about it; no torch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

RELU_LAYERS: Final = (0, 3, 6, 9, 11)
"""Numbers of the linear layers where a ReLU (and dropout) stands between them."""

LINEAR_LAYERS: Final = (0, 2, 4, 6, 7)
"""The same where only dropout does, which is nothing once trained."""

WIDTHS: Final = (1024, 128, 64, 16, 1)
"""Outputs of LAION's five layers."""

_LAYER: Final = re.compile(r"layers\.(\d+)\.weight")


@dataclass(frozen=True)
class HeadLayout:
    """What the tensors of a head say about it.

    Attributes:
        inputs: numbers that it takes.
        layers: name of each linear layer, in order.
        activation: whether a ReLU stands between them.
    """

    inputs: int
    layers: tuple[str, ...]
    activation: bool


def head_layout(shapes: Mapping[str, Sequence[int]]) -> HeadLayout | None:
    """The layout of a head with these tensors; None where they are no head.

    LAION's first predictor is one linear layer (`weight`, `bias`), the second five of them
    (`layers.N`), without activations or with ReLU; which, the numbers of the layers say.
    """
    if set(shapes) == {"weight", "bias"}:
        names: tuple[str, ...] = ("",)
        activation = False
    else:
        numbers = sorted(int(m[1]) for name in shapes if (m := _LAYER.fullmatch(name)))
        if tuple(numbers) not in (RELU_LAYERS, LINEAR_LAYERS) or len(shapes) != 2 * len(numbers):
            return None
        names = tuple(f"layers.{number}." for number in numbers)
        activation = tuple(numbers) == RELU_LAYERS
    outputs = 0
    for name in names:
        weight, bias = shapes.get(f"{name}weight", ()), shapes.get(f"{name}bias", ())
        if len(weight) != 2 or tuple(bias) != (weight[0],) or outputs not in (0, weight[1]):
            return None
        outputs = weight[0]
    if outputs != 1:
        return None
    return HeadLayout(int(shapes[f"{names[0]}weight"][1]), names, activation)
