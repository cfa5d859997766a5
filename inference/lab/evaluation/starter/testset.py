"""The scenes and edits the models are measured on: seeded, and none of them a training pair."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from inference.lab.storybook.edits import EDIT_KINDS, Edit, edit_of, sample_edit
from inference.starter.scene import Scene, sample_scene

# Training draws from (seed, index); another length and a number of its own keep the streams apart.
_STREAM: Final = 0x57A7

SPLITS: Final = (("", False), (".unseen", True))
"""Suffix of row names and whether the pairs were kept from training."""


@dataclass(frozen=True)
class Counts:
    """How many examples ``n`` stands for: at 500, 80 edits of each kind."""

    n: int

    def scenes(self, unseen: bool) -> int:
        """Scenes per figure."""
        return max(1, math.ceil(0.2 * self.n)) if unseen else self.n

    def edits(self, unseen: bool) -> int:
        """Edits per kind and figure: a tenth of n, from n = 500 on enough for 80."""
        share = 0.01 if unseen else 0.16 if self.n >= 500 else 0.1
        return max(1, math.ceil(share * self.n))


def stream(seed: int, purpose: str, index: int = 0) -> np.random.Generator:
    """Random numbers of their own for every purpose."""
    return np.random.default_rng((_STREAM, seed, index, *purpose.encode()))


def scenes(seed: int, count: int, *, unseen: bool) -> list[Scene]:
    """Scenes of a split; scene i depends on seed, split and i only."""
    purpose = f"scene{unseen:d}"
    return [sample_scene(stream(seed, purpose, i), unseen=unseen) for i in range(count)]


def edits(seed: int, per_kind: int, *, unseen: bool) -> list[Edit]:
    """Edits of a split, the kinds in turn."""
    purpose = f"edit{unseen:d}"
    return [
        sample_edit(stream(seed, purpose, i), EDIT_KINDS[i % len(EDIT_KINDS)], unseen=unseen)
        for i in range(per_kind * len(EDIT_KINDS))
    ]


def wrong_edit(edit: Edit, rng: np.random.Generator) -> Edit:
    """An edit of the same scene that asks for something else."""
    while True:
        other = edit_of(edit.source, rng)
        if other is not None and other.attribute != edit.attribute:
            return other
        if other is None:
            # An unseen scene: its edits lie outside the training split too.
            return _elsewhere(edit, rng)


def _elsewhere(edit: Edit, rng: np.random.Generator) -> Edit:
    """Light is always another one, whatever the scene."""
    attribute = "light" if edit.attribute != "light" else "season"
    while True:
        drawn = sample_scene(rng)
        value = getattr(drawn, attribute)
        if value != getattr(edit.source, attribute):
            return Edit(attribute, attribute, edit.source, edit.source.with_(**{attribute: value}))
