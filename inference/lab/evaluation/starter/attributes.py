"""Which attributes a picture or a caption got right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from editor.model.image import Pixels
from inference.lab.storybook.edits import Edit
from inference.lab.storybook.neighbours import shown_attributes
from inference.starter.scene import ATTRIBUTES, Scene

_BATCH: Final = 64


def named_attributes(scene: Scene) -> dict[str, str]:
    """The attributes a picture of the scene shows; a second object that is not there has none."""
    return {name: str(getattr(scene, name)) for name in shown_attributes(scene)}


def right(scene: Scene, read: Mapping[str, str]) -> dict[str, bool]:
    """Attribute by attribute, whether it was read as it is."""
    return {name: read.get(name) == value for name, value in named_attributes(scene).items()}


def changed_attributes(edit: Edit) -> tuple[str, ...]:
    """The attributes an edit changes."""
    before, after = named_attributes(edit.source), named_attributes(edit.target)
    return tuple(name for name, value in after.items() if before.get(name) != value)


def change_made(edit: Edit, read: Mapping[str, str]) -> bool:
    """Whether everything that was asked for is there."""
    marks = right(edit.target, read)
    return all(marks[name] for name in changed_attributes(edit))


def rest_unchanged(edit: Edit, read: Mapping[str, str]) -> list[bool]:
    """Attribute by attribute, whether what was not asked for is as it was."""
    marks = right(edit.target, read)
    changed = changed_attributes(edit)
    return [mark for name, mark in marks.items() if name not in changed]


def judged(judge: Any, pixels: Pixels) -> list[dict[str, str]]:
    """What the judge reads in pictures (N, S, S, 3) uint8.

    The judge is for measuring only; nothing that it says goes into training or ranking.
    """
    out: list[dict[str, str]] = []
    values: Sequence[tuple[str, tuple[str, ...]]] = tuple(ATTRIBUTES.items())
    for start in range(0, len(pixels), _BATCH):
        read = judge.read(np.ascontiguousarray(pixels[start : start + _BATCH]))
        count = len(pixels[start : start + _BATCH])
        out += [{name: names[int(read[name][i])] for name, names in values} for i in range(count)]
    return out
