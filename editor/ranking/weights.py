"""What counts how much in the order of results, and what each result brings for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from editor.model.score import DIRECTION, Gates, Score

DAMAGE_COST: Final = 0.7
"""What damage beyond `SOUND` weighs against CLIP's direction, and share of the asked change."""

SOUND: Final = 0.05
"""Damage that three in four gold edits have too; it counts for nothing."""

PICTURE: Final = 0.1
"""What a picture that is kept whole weighs against words that are followed, at equal sliders."""

BEAUTY: Final = 0.02
"""What odds of e to 1 that people prefer one picture weigh against the same."""

PRESERVATION: Final = 0.1
"""What SSIM of 1 against 0, outside of where an edit belongs, weighs against the same."""

_BEAUTY_LIMIT: Final = 6.0
"""Difference from the usual result beyond which one is no more beautiful: models of taste
exaggerate far from what they saw."""


@dataclass(frozen=True)
class Weights:
    """How much each side of the ranking counts (the sliders of "Why this order"); 1 = some."""

    words: float = 1.0
    picture: float = 1.0
    beauty: float = 1.0


@dataclass(frozen=True)
class Sides:
    """What one result brings on each side, in units in which the default weights are equal.

    Attributes:
        words: how well it follows the words, by CLIP.
        picture: how much of the picture it keeps, by CLIP and by SSIM outside of where the edit
            belongs, less what it damaged.
        beauty: how well people would like it, beside the usual result of the run; 0 without a
            model that says so.
    """

    words: float
    picture: float
    beauty: float

    def array(self) -> NDArray[np.float64]:
        """(3,), in the order of `Weights`."""
        return np.array((self.words, self.picture, self.beauty))

    def total(self, weights: Weights) -> float:
        """The weighted sum by which results are ordered."""
        return float(self.array() @ np.array(astuple(weights)))


@dataclass(frozen=True)
class Usual:
    """Medians over the results of a run, from which single ones differ.

    Attributes:
        beauty: of `beauty_of`; 0 without a model of taste.
        outside_ssim: of `Score.outside_ssim`; None where no result has it.
    """

    beauty: float = 0.0
    outside_ssim: float | None = None


def damage_beyond_sound(score: Score) -> float:
    """What damage costs, 0 and up."""
    return DAMAGE_COST * max(0.0, (score.damage or 0.0) - SOUND)


def sides_of(score: Score, bar: Gates, usual: Usual = Usual()) -> Sides | None:
    """The sides of a result that CLIP has judged; None for one that is ranked by something else.

    Words and picture are in units of their gates, where each CLIP model's own scale begins.

    Args:
        score: its figures.
        bar: what it is held to.
        usual: of the run, `usual_of`. A result without a figure of its own counts as usual.
    """
    follows = score.following(bar)
    if follows is None:
        return None
    unit = max(2.0 * bar.direction, 0.05)
    image = score.image if score.image is not None else bar.image
    kept = PICTURE * (image - bar.image) / max(1.0 - bar.image, 0.05)
    if score.outside_ssim is not None and usual.outside_ssim is not None:
        kept += PRESERVATION * (score.outside_ssim - usual.outside_ssim)
    return Sides(
        follows / unit,
        kept - damage_beyond_sound(score) / unit,
        BEAUTY * _beyond_usual(beauty_of(score), usual.beauty),
    )


def beauty_of(score: Score) -> float | None:
    """Mean of what the models of taste say, up to a number that is the same for a whole run."""
    known = [value for value in (score.aesthetic, score.preference) if value is not None]
    return sum(known) / len(known) if known else None


def usual_of(scores: Iterable[Score]) -> Usual:
    """What is usual among the results of a run."""
    listed = list(scores)
    beauty = [value for value in map(beauty_of, listed) if value is not None]
    outside = [one.outside_ssim for one in listed if one.outside_ssim is not None]
    return Usual(median(beauty) if beauty else 0.0, median(outside) if outside else None)


def _beyond_usual(beauty: float | None, usual: float) -> float:
    if beauty is None:
        return 0.0
    return min(max(beauty - usual, -_BEAUTY_LIMIT), _BEAUTY_LIMIT)


def is_ranked_by_sides(score: Score) -> bool:
    """Whether the order of this result comes from its sides."""
    return score.ranked_by == DIRECTION and score.direction is not None
