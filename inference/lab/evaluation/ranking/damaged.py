"""Groups that mix sound and damaged candidates of one edit, and how often a sound one is first.

The three kinds of damage were fixed before the measure was tuned. "seams" was chosen by lot
(SHA-256 of the commit it began from, modulo three) to be left alone until the figures were final.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image, Pixels
from editor.model.patch import Patch, Placement, settings_of
from editor.model.rect import Rect
from editor.ranking.rank import rank
from editor.render import composite
from editor.render.detail import DETAIL, fit_gain_offset
from inference.lab.evaluation.ranking.figures import interval
from inference.lab.storybook.edits import Edit, Gold, gold, silhouette
from inference.lab.storybook.gold_edits import gold_edits
from inference.vision.clip.judge import ClipJudge
from inference.workflow.scoring import picture_scores

STREAM: Final = 0xDA3A
"""Apart from the other groups and from training's draws."""

FULL_SIZE: Final = 768
_WORK: Final = 128
"""Side at which the starter models work."""
_FIT_RADIUS: Final = 2

DAMAGE_KINDS: Final = ("enlargement", "melted", "seams")
HELD_OUT: Final = "seams"

_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class DamageGroup:
    """Candidates of one edit, (H, W, 3) uint8 each, in random order.

    Attributes:
        edit: what was asked.
        source: the picture before.
        source_prompt, target_prompt: captions before and after.
        pictures: all do what was asked.
        names: "gold" or "toned" (gold, a little lighter or darker) for sound ones, else the damage.
    """

    edit: Edit
    source: Pixels
    source_prompt: str
    target_prompt: str
    pictures: tuple[Pixels, ...]
    names: tuple[str, ...]

    @property
    def sound(self) -> frozenset[int]:
        """Which of them are sound."""
        return frozenset(i for i, name in enumerate(self.names) if name in ("gold", "toned"))


def damage_groups(kind: str, count: int, seed: int, size: int = FULL_SIZE) -> Iterator[DamageGroup]:
    """`count` groups of two sound and two damaged candidates; group i depends on seed and i only.

    Args:
        kind: one of `DAMAGE_KINDS`.
        count: of groups, the kinds of edits in turn.
        seed: of all of them.
        size: side of the pictures in pixels.
    """
    make = {"enlargement": enlarged, "melted": melted, "seams": seamed}[kind]
    stream = STREAM + DAMAGE_KINDS.index(kind)
    for i, (edit, before, after) in enumerate(gold_edits(count, seed, stream)):
        rng = np.random.default_rng((stream, seed, i, 1))
        pixels = gold(edit, size)
        pictures = [pixels.target, _toned(pixels.target, rng)]
        names = ["gold", "toned"]
        for variant in rng.permutation(3)[:2]:
            pictures.append(make(edit, pixels, int(variant), rng))
            names.append(f"{kind} {variant}")
        order = rng.permutation(len(pictures))
        yield DamageGroup(
            edit,
            pixels.source,
            before,
            after,
            tuple(pictures[j] for j in order),
            tuple(names[j] for j in order),
        )


def enlarged(edit: Edit, pixels: Gold, variant: int, rng: np.random.Generator) -> Pixels:
    """Gold as a model of 128 px would make it, enlarged.

    Variant 0 is the full-size step until method version 2 (one gain and offset for every pixel),
    1 the enlarged picture, 2 the enlarged picture blended over gold by half or more.
    """
    small = _small(pixels.target)
    side = len(pixels.source)
    if variant == 0:
        ends = [(one / 255.0).astype(np.float32) for one in (_small(pixels.source), small)]
        values = fit_gain_offset(ends[0], ends[1], _FIT_RADIUS)
        place = Placement(Rect(0, 0, side, side), _WORK / side, (0, 0, 0, 0))
        patch = Patch(settings_of({DETAIL: True}), values, place)
        return composite.render(Image.from_array(pixels.source), patch, None).array()
    large = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)
    share = 1.0 if variant == 1 else rng.uniform(0.6, 0.9)
    return _blended(pixels.target, large, np.full((side, side), share) * (pixels.mask > 0))


def melted(edit: Edit, pixels: Gold, variant: int, rng: np.random.Generator) -> Pixels:
    """Gold that lost its structure where the edit acts, or, in edits of everything, in the subject.

    Variant 0 is blurred, 1 warped and softened, 2 a wide median, softened.
    """
    side = len(pixels.target)
    unit, target = side / FULL_SIZE, pixels.target
    if variant == 0:
        made = cv2.GaussianBlur(target, (0, 0), unit * rng.uniform(4, 10))
    elif variant == 1:
        rows, columns = np.mgrid[:side, :side].astype(np.float32)
        shifts = [
            cv2.resize(
                rng.normal(0, 10 * unit, (12, 12)).astype(np.float32),
                (side, side),
                interpolation=cv2.INTER_CUBIC,
            )
            for _ in range(2)
        ]
        moved = cv2.remap(
            target, columns + shifts[0], rows + shifts[1], cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )  # fmt: skip
        made = cv2.GaussianBlur(moved, (0, 0), unit * rng.uniform(3, 5))
    else:
        made = cv2.medianBlur(target, 2 * int(15 * unit) + 1)
        made = cv2.GaussianBlur(made, (0, 0), 3 * unit)
    where = _acted_on(edit, pixels).astype(np.float32)
    return _blended(target, made, cv2.GaussianBlur(where, (0, 0), 4 * unit))


def seamed(edit: Edit, pixels: Gold, variant: int, rng: np.random.Generator) -> Pixels:
    """Gold with a straight seam: a part of the picture is a little lighter, darker or off in hue.

    Variant 0 is a rectangle about what was edited, 1 everything on one side of a vertical line, 2
    of a horizontal line. Offsets are 8 to 20 of 255 in each channel, all of one sign or not.
    """
    side = len(pixels.target)
    where = np.zeros((side, side), np.bool_)
    if variant == 0:
        rows, columns = np.nonzero(_acted_on(edit, pixels))
        grown = side // 24
        where[
            max(0, rows.min() - grown) : rows.max() + grown,
            max(0, columns.min() - grown) : columns.max() + grown,
        ] = True
    else:
        where[:, : int(side * rng.uniform(0.25, 0.75))] = True
        where = where if variant == 1 else where.T
    sign = rng.choice([-1.0, 1.0], 3) if rng.random() < 0.5 else np.full(3, rng.choice([-1.0, 1.0]))
    shifted = pixels.target + sign * rng.uniform(8, 20, 3)
    return _blended(pixels.target, np.clip(shifted, 0, 255), where)


def evaluate_damage(
    ranker: ClipJudge,
    count: int,
    seed: int,
    *,
    size: int = FULL_SIZE,
    on_group: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """How often a sound candidate comes first, for each kind of damage.

    Scores and ranking are the program's own (`picture_scores`, `rank`).

    Returns:
        By kind: `groups`, `share` with its `interval` (95 %, bootstrap), `first_places` by name,
        and the shares of sound and of damaged candidates that are called damaged.
    """
    return {
        kind: _evaluated(ranker, damage_groups(kind, count, seed, size), on_group)
        for kind in DAMAGE_KINDS
    }


def _evaluated(
    ranker: ClipJudge, groups: Iterator[DamageGroup], on_group: Callable[[], None]
) -> dict[str, Any]:
    right: list[float] = []
    first_places: dict[str, int] = {}
    called: dict[bool, list[bool]] = {True: [], False: []}
    for group in groups:
        scores = picture_scores(
            ranker,
            Image.from_array(group.source),
            map(Image.from_array, group.pictures),
            group.source_prompt,
            group.target_prompt,
        )
        first = int(rank(scores).places[0].key)
        right.append(float(first in group.sound))
        name = group.names[first]
        first_places[name] = first_places.get(name, 0) + 1
        for i, score in enumerate(scores):
            gate = ranker.gates(None).damage
            called[i in group.sound].append(score.damage is not None and score.damage > gate)
        on_group()
    return {
        "groups": len(right),
        "share": round(float(np.mean(right)), 4),
        "interval": interval(np.array(right)),
        "first_places": dict(sorted(first_places.items(), key=lambda pair: -pair[1])),
        "sound_called_damaged": round(float(np.mean(called[True])), 4),
        "damaged_called_damaged": round(float(np.mean(called[False])), 4),
    }


def _acted_on(edit: Edit, pixels: Gold) -> _Mask:
    """The gold mask, or the subject where the edit concerns everything."""
    if (pixels.mask > 0).all():
        return silhouette(edit.target, "subject", len(pixels.target))
    return np.asarray(pixels.mask > 0)


def _small(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.resize(pixels, (_WORK, _WORK), interpolation=cv2.INTER_AREA), np.uint8)


def _toned(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """A little lighter or darker, as candidates of one edit differ."""
    gain = 1.0 + rng.choice([-1.0, 1.0]) * rng.uniform(0.02, 0.06)
    return np.asarray(np.rint(np.clip(pixels * gain, 0, 255)), np.uint8)


def _blended(below: Pixels, above: NDArray[Any], share: NDArray[Any]) -> Pixels:
    """`share` (h, w), 0..1, of `above` over `below`."""
    mixed = below + share[:, :, None] * (above.astype(np.float32) - below)
    return np.asarray(np.rint(np.clip(mixed, 0, 255)), np.uint8)
