"""Sizes of the toy networks."""

from __future__ import annotations

from inference.lab.training.clip import ClipSize

SIDE = 32
CLIP = ClipSize(
    image=SIDE,
    vision_layers=2,
    vision_width=32,
    text_layers=2,
    text_width=32,
    head_width=16,
    embed=16,
    context=40,
)
