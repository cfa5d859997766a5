"""Scenes that differ in one attribute: the hardest to distinguish by words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inference.starter.scene import (
    ATTRIBUTES,
    HELD_OUT_PLACE,
    HELD_OUT_STYLE,
    Scene,
    is_unseen,
)


def shown_attributes(scene: Scene) -> tuple[str, ...]:
    """What a picture of the scene shows; a second object that is not there has no colour."""
    return tuple(n for n in ATTRIBUTES if n != "second_colour" or scene.second != "none")


def neighbour(
    scene: Scene,
    rng: np.random.Generator,
    *,
    seen: bool = False,
    among: Sequence[str] = (),
) -> Scene:
    """The scene with exactly one other attribute, in the training vocabulary.

    Args:
        scene: where to start.
        rng: source of the choice; each attribute is as likely, then each of its values.
        seen: only scenes of the training split.
        among: only these attributes, where the scene shows one of them.
    """
    names = shown_attributes(scene)
    chosen = [n for n in names if n in among and getattr(scene, n) != "none"] or names
    while True:
        name = chosen[int(rng.integers(len(chosen)))]
        values = ATTRIBUTES[name]
        value = values[int(rng.integers(len(values)))]
        if value in (getattr(scene, name), HELD_OUT_PLACE, HELD_OUT_STYLE):
            continue
        changed = scene.with_(**{name: value})
        if seen and is_unseen(changed):
            continue
        # A second thing that comes or goes takes its colour along: two words of the caption.
        same = len(shown_attributes(changed)) == len(names)
        if changed.second.split()[-1] != changed.subject and same:
            return changed
