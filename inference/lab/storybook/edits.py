"""Edits of a scene and their gold: the edited picture and the mask of what may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.lab.storybook.foreground import draw_path
from inference.lab.storybook.layout import SceneLayout, layout
from inference.lab.storybook.render import draw_ground, draw_second, draw_subject, render
from inference.lab.storybook.sheet import Sheet
from inference.starter.scene import (
    COLOURS,
    GROUNDS,
    LIGHTS,
    SEASONS,
    SECONDS,
    STYLES,
    SUBJECTS,
    WEATHERS,
    Scene,
    is_unseen,
    sample_any,
    sample_scene,
)

EDIT_KINDS: Final = (
    "replace",
    "recolour",
    "add",
    "remove",
    "light",
    "weather",
    "season",
    "style",
)
_WHOLE: Final = frozenset({"light", "weather", "season", "style"})
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "light": LIGHTS,
    "weather": WEATHERS,
    "season": SEASONS,
    "style": STYLES,
}


@dataclass(frozen=True)
class Edit:
    """One change of one scene.

    Attributes:
        kind: one of `EDIT_KINDS`.
        attribute: the attribute the edit is about, e.g. ``"second_colour"``; adding a second
            object also sets its colour.
        source, target: the scene before and after, with the same layout seed.
    """

    kind: str
    attribute: str
    source: Scene
    target: Scene

    @property
    def value(self) -> str:
        """What the attribute becomes."""
        return str(getattr(self.target, self.attribute))

    @property
    def reversed(self) -> Edit:
        """The edit that takes this one back; what was added is removed."""
        kind = {"add": "remove", "remove": "add"}.get(self.kind, self.kind)
        return Edit(kind, self.attribute, self.target, self.source)


@dataclass(frozen=True)
class Gold:
    """An edit as pixels.

    Attributes:
        source, target: (H, W, 3) uint8 sRGB, byte-equal wherever ``mask`` is 0.
        mask: (H, W) uint8, 255 where the edit may change something, else 0.
    """

    source: NDArray[np.uint8]
    target: NDArray[np.uint8]
    mask: NDArray[np.uint8]


def _other(rng: np.random.Generator, values: tuple[str, ...], *taken: str) -> str:
    rest = [v for v in values if v not in taken]
    return rest[int(rng.integers(len(rest)))]


def _clashing(scene: Scene) -> bool:
    """Whether subject and second object are the same kind of thing."""
    return scene.second != "none" and scene.second.split()[-1] == scene.subject


def edit_of(
    scene: Scene, rng: np.random.Generator, kind: str | None = None, *, tries: int = 64
) -> Edit | None:
    """A random edit of this scene, before and after in the training split; None if none is found.

    Args:
        scene: where it starts.
        rng: source of the choices.
        kind: one of `EDIT_KINDS`, or None for any.
        tries: how many draws are made at most.
    """
    for _ in range(tries):
        wanted = kind if kind is not None else EDIT_KINDS[int(rng.integers(len(EDIT_KINDS)))]
        edit = _attempt(rng, scene, wanted)
        if edit is not None and not _clashing(edit.target) and not is_unseen(edit.target):
            return edit
    return None


def _attempt(rng: np.random.Generator, scene: Scene, kind: str) -> Edit | None:
    """An edit of this kind of this scene, or None if the scene has nothing to do it to."""
    has_second = scene.second != "none"
    if kind in _WHOLE:
        value = _other(rng, _CHOICES[kind], getattr(scene, kind))
        return Edit(kind, kind, scene, scene.with_(**{kind: value}))
    if kind == "replace":
        if has_second and rng.random() < 0.35:
            changed = scene.with_(second=_other(rng, SECONDS[1:], scene.second))
            return Edit(kind, "second", scene, changed)
        changed = scene.with_(subject=_other(rng, SUBJECTS, scene.subject))
        return Edit(kind, "subject", scene, changed)
    if kind == "recolour":
        attribute = "second_colour" if has_second and rng.random() < 0.4 else "colour"
        value = _other(rng, COLOURS, getattr(scene, attribute))
        return Edit(kind, attribute, scene, scene.with_(**{attribute: value}))
    # Adding and removing concern the second object or what lies on the ground.
    second = bool(rng.random() < 0.6)
    if kind == "add":
        if second and not has_second:
            thing, colour = _other(rng, SECONDS, "none"), _other(rng, COLOURS)
            changed = scene.with_(second=thing, second_colour=colour)
            return Edit(kind, "second", scene, changed)
        if not second and scene.ground == "bare":
            changed = scene.with_(ground=_other(rng, GROUNDS, "bare"))
            return Edit(kind, "ground", scene, changed)
        return None
    if kind != "remove":
        raise ValueError(f"{kind!r} is no kind of edit; one of {EDIT_KINDS}")
    if second and has_second:
        return Edit(kind, "second", scene, scene.with_(second="none"))
    if not second and scene.ground != "bare":
        return Edit(kind, "ground", scene, scene.with_(ground="bare"))
    return None


def sample_edit(
    rng: np.random.Generator, kind: str | None = None, *, unseen: bool | None = False
) -> Edit:
    """A random edit.

    Args:
        rng: source of scene and change.
        kind: one of `EDIT_KINDS`, or None for any.
        unseen: False for the training split (before and after are both seen), True for edits of
            which at least one side is unseen, None for either.
    """
    wanted = kind if kind is not None else EDIT_KINDS[int(rng.integers(len(EDIT_KINDS)))]
    while True:
        scene = sample_scene(rng) if unseen is False else sample_any(rng)
        edit = _attempt(rng, scene, wanted)
        if edit is None or _clashing(edit.target):
            continue
        outside = is_unseen(edit.source) or is_unseen(edit.target)
        if unseen is None or outside == unseen:
            return edit


def is_unseen_edit(edit: Edit) -> bool:
    """Whether either side of the edit holds a pair that training never shows."""
    return is_unseen(edit.source) or is_unseen(edit.target)


def silhouette(scene: Scene, attribute: str, size_px: int) -> NDArray[np.bool_]:
    """Where the thing the attribute is about leaves paint, its shadow included."""
    lay: SceneLayout = layout(scene.seed)
    sheet = Sheet(size_px)
    if attribute in ("subject", "colour"):
        draw_subject(sheet, scene, lay)
    elif attribute in ("second", "second_colour"):
        draw_second(sheet, scene, lay)
    elif scene.ground == "path":
        draw_path(sheet, scene, lay)
    else:
        draw_ground(sheet, scene, lay)
    painted: NDArray[np.bool_] = sheet.pixels()[..., 3] > 24
    return painted


def _grown(mask: NDArray[np.bool_], r: int) -> NDArray[np.bool_]:
    """Dilation by a (2r+1)² square."""
    for axis in (0, 1):
        out = mask.copy()
        for step in range(1, r + 1):
            if axis == 0:
                out[step:] |= mask[:-step]
                out[:-step] |= mask[step:]
            else:
                out[:, step:] |= mask[:, :-step]
                out[:, :-step] |= mask[:, step:]
        mask = out
    return mask


def gold(edit: Edit, size_px: int) -> Gold:
    """Both pictures of an edit and its mask.

    Light, weather, season and style may change everything. Elsewhere the mask is the union of the
    thing's silhouettes before and after with every pixel that differs, grown by 3/128 of the side.
    """
    source, target = render(edit.source, size_px), render(edit.target, size_px)
    if edit.kind in _WHOLE:
        return Gold(source, target, np.full(source.shape[:2], 255, np.uint8))
    changed = (source != target).any(-1)
    changed |= silhouette(edit.source, edit.attribute, size_px)
    changed |= silhouette(edit.target, edit.attribute, size_px)
    grown = _grown(changed, max(1, round(size_px * 3 / 128)))
    return Gold(source, target, grown.astype(np.uint8) * np.uint8(255))
