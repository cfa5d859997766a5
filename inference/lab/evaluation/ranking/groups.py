"""Groups of candidates whose quality is known, because the renderer made them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from editor.model.image import Pixels
from inference.lab.storybook.edits import Edit, edit_of
from inference.lab.storybook.gold_edits import gold_edits
from inference.lab.storybook.render import render
from inference.starter.scene import ATTRIBUTES, Scene, sample_scene

STREAM: Final = 0x4A4B
"""Apart from training's draws and from those the gates were measured on."""

GOLD: Final = "gold"
FAINT: Final = 0.3
"""Share of gold that is blended over the source for a change that is too weak."""


@dataclass(frozen=True)
class GroupMember:
    """One candidate.

    Attributes:
        kind: "gold" (what was asked and nothing else), "more" (another attribute changed too),
            "wrong" (another edit), "elsewhere" (what was asked in another picture), "source"
            (nothing done), "faint" (hardly done), "blurred" and "noisy" (gold, degraded), or
            "made" by a model.
        pixels: (S, S, 3) uint8 sRGB.
        scene: what it shows; None where only a judge can know.
    """

    kind: str
    pixels: Pixels
    scene: Scene | None = None


@dataclass(frozen=True)
class Group:
    """Candidates of one edit, in random order."""

    edit: Edit
    source: Pixels
    source_prompt: str
    target_prompt: str
    entries: tuple[GroupMember, ...]


Read = Callable[[Sequence[GroupMember]], list[Mapping[str, str]]]
"""Reads attributes in pictures."""


def storybook_groups(count: int, seed: int, side: int = 128) -> Iterator[Group]:
    """`count` groups of eight; group i depends on seed and i only."""
    for i, (edit, before, after) in enumerate(gold_edits(count, seed, STREAM)):
        rng = np.random.default_rng((STREAM, seed, i, 1))
        source, target = render(edit.source, side), render(edit.target, side)
        others = {
            "more": _more(edit, rng),
            "wrong": _wrong(edit, rng),
            "elsewhere": _elsewhere(edit, rng),
        }
        entries = [
            GroupMember(GOLD, target, edit.target),
            GroupMember("source", source, edit.source),
            GroupMember("faint", _blended(source, target), edit.source),
            GroupMember("blurred", _blurred(target), edit.target),
            GroupMember("noisy", _noisy(target, rng), edit.target),
            *(GroupMember(kind, render(scene, side), scene) for kind, scene in others.items()),
        ]
        # No way of choosing may gain from the order of the candidates.
        order = rng.permutation(len(entries))
        yield Group(edit, source, before, after, tuple(entries[j] for j in order))


def attributes_of(scene: Scene) -> dict[str, str]:
    """What a picture of a scene shows; a second object that is not there has no colour."""
    return {
        name: str(getattr(scene, name))
        for name in ATTRIBUTES
        if name != "second_colour" or scene.second != "none"
    }


def merit(edit: Edit, read: Mapping[str, str]) -> float:
    """1 if all that was asked for is there, plus the share of the rest that is as it was."""
    before, after = attributes_of(edit.source), attributes_of(edit.target)
    changed = [name for name, value in after.items() if before.get(name) != value]
    rest = [name for name in after if name not in changed]
    done = all(read.get(name) == after[name] for name in changed)
    unchanged = [read.get(name) == after[name] for name in rest]
    return float(done) + sum(unchanged) / max(1, len(unchanged))


def renderer_reads(entries: Sequence[GroupMember]) -> list[Mapping[str, str]]:
    """What the renderer drew: stands in for the judge where none is trained."""
    scenes = [entry.scene for entry in entries]
    return [attributes_of(scene) if scene is not None else {} for scene in scenes]


def judge_reads(judge: Any) -> Read:
    """What a trained judge (`lab.training.judge`) reads; it measures and ranks nothing."""

    def read(entries: Sequence[GroupMember]) -> list[Mapping[str, str]]:
        found = judge.read(np.stack([entry.pixels for entry in entries]))
        return [
            {name: values[int(found[name][i])] for name, values in ATTRIBUTES.items()}
            for i in range(len(entries))
        ]

    return read


def best_of(group: Group, read: Read) -> frozenset[int]:
    """The judge's best candidates: all that share the highest merit."""
    merits = [merit(group.edit, attributes) for attributes in read(group.entries)]
    return frozenset(i for i, value in enumerate(merits) if value >= max(merits) - 1e-9)


def _more(edit: Edit, rng: np.random.Generator) -> Scene:
    """What was asked, and another attribute changed."""
    while True:
        other = edit_of(edit.target, rng)
        if other is None:
            return edit.target.with_(view="far" if edit.target.view == "near" else "near")
        if other.attribute.removesuffix("_colour") != edit.attribute.removesuffix("_colour"):
            return other.target


def _wrong(edit: Edit, rng: np.random.Generator) -> Scene:
    """Another edit of the same source."""
    while True:
        other = edit_of(edit.source, rng)
        if other is not None and other.attribute != edit.attribute:
            return other.target


def _elsewhere(edit: Edit, rng: np.random.Generator) -> Scene:
    """Another picture that shows what was asked for."""
    before, after = attributes_of(edit.source), attributes_of(edit.target)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    if "second_colour" in changed:  # invisible without the second object
        changed["second"] = edit.target.second
    while True:
        scene = sample_scene(rng).with_(**changed)
        same_kind = scene.second.split()[-1] == scene.subject
        if not same_kind and attributes_of(scene) != after:
            return scene


def _blended(source: Pixels, target: Pixels) -> Pixels:
    mixed = (1 - FAINT) * source.astype(np.float32) + FAINT * target
    return np.rint(mixed).astype(np.uint8)


def _blurred(pixels: Pixels) -> Pixels:
    out: Pixels = cv2.GaussianBlur(pixels, (0, 0), pixels.shape[1] / 48).astype(np.uint8)
    return out


def _noisy(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    noise = rng.normal(0, 30, pixels.shape)
    return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)
