from __future__ import annotations

from dataclasses import dataclass

from editor.messages import Message
from editor.model.patch import SettingValues

PAPER, CALIBRATED, BORROWED = "paper", "calibrated", "borrowed"
"""Where a bar comes from: InstructPix2Pix's numbers on the kind of CLIP they were made for,
measured on gold edits with this very CLIP model, the paper's numbers on another kind of model (they
may be too strict or too lax there), or the artist's."""


@dataclass(frozen=True)
class Gates:
    """The bar ("your bar"): what a candidate must reach to be ranked among the first.

    The defaults of the CLIP gates are those of InstructPix2Pix's filter (Brooks et al. 2023, as in
    its code: image 0.7, direction 0.2, captions 0.2), made for ViT-L/14. Other models live on other
    scales; `inference.vision.clip.calibration` measures theirs.

    Attributes:
        image: CLIP similarity to the source, at least.
        direction: CLIP directional similarity, at least.
        caption: CLIP similarity of each picture with its own caption, at least.
        most: CLIP similarity to the source, at most: above it the change is too weak. 1 for none.
        asked: share of the asked change, at least.
        clipped: share of pixels newly clipped, at most.
        outside: change outside the selection, at most.
        damage: damage to edges, at most: 98 of 100 gold edits of the storybook have less.
        origin: where the CLIP gates come from: "paper", "calibrated" or "borrowed".
        target_weight: what the similarity of a candidate with the caption after counts beside its
            direction, in `Score.following`; 0 unless it was measured for that CLIP model.
    """

    image: float = 0.7
    direction: float = 0.2
    caption: float = 0.2
    most: float = 1.0
    asked: float = 0.15
    clipped: float = 0.05
    outside: float = 0.0
    damage: float = 0.4
    origin: str = PAPER
    target_weight: float = 0.0


DIRECTION, MEASURED, CHANGE = "direction", "measured", "change"
"""By what a candidate is ranked: CLIP direction, the measured effect on what was asked, or, where
neither is known, how much of the picture changed at all."""

ABSENCES = ("domain", "no_clip", "clip_failed", "no_captions", "same_captions")
"""Why CLIP's figures can be missing: the picture is outside the model's domain, there is no model,
it is damaged or too large, the captions are unknown, or they are equal."""


@dataclass(frozen=True)
class MeasuredPart:
    """One quantity that the words name, and what became of it.

    Attributes:
        quantity: of `editor/ranking/measures.py`.
        way: +1 should rise, −1 should fall, 0 should stay.
        share: of a usual change that was reached, along `way`: 1 is a usual change, below 0 the
            wrong way. For a quantity that should stay: its change, without a sign.
        part: number of the part of the words that names it; a look names several quantities.
    """

    quantity: str
    way: int
    share: float
    part: int = 0


@dataclass(frozen=True)
class Score:
    """Figures about one candidate.

    Attributes:
        key: the candidate's key.
        direction: CLIP directional similarity, −1..1, 0 for a candidate equal to its source; None
            outside the CLIP model's domain and where the captions do not differ.
        image: CLIP similarity of source and candidate, −1..1, or None.
        source: CLIP similarity of source and caption before, −1..1, or None.
        target: CLIP similarity of candidate and caption after, −1..1, or None.
        outside: largest absolute change outside the selection, 0..1; None without a selection.
        changed: mean absolute change of all samples, 0..1, or None.
        asked: measured: share of the asked change that was achieved, 0..1 and above, or None.
        unasked: measured: change in quantities nobody asked for, 0 and up, or None.
        clipped: measured: share of pixels newly clipped, 0..1, or None.
        damage: edges that became soft and seams, 0 (sound) to 1 (`editor.ranking.damage`); None
            where it is not measured: parametric methods, small pictures, softness that was asked.
        aesthetic: how beautiful a model of taste finds the picture, on that model's scale, or None.
        preference: log odds with which people would prefer the picture for its caption, up to a
            number that is the same for all results of a run, or None.
        outside_psnr: PSNR in dB to the source outside the selection or, without one, outside the
            region that the attention maps of the method point to, 100 where both are equal; None
            where neither is known.
        outside_ssim: SSIM there (Wang et al. 2004), up to 1, or None.
        alike: keys of earlier candidates that this one repeats: almost the same picture.
        extra: further named scores.
        parts: measured: each quantity that the words name, or () where none can be measured.
        reasons: clauses that earlier versions wrote into documents; nothing makes them now.
        basis: by what it is to be ranked: "direction", "measured", "change"; "" follows from the
            figures that are there.
        absent: why CLIP's figures are missing though they were wanted, one of `ABSENCES`; else "".
        gates: the bar of the CLIP model that made the figures, or None.
    """

    key: str
    direction: float | None = None
    image: float | None = None
    target: float | None = None
    outside: float | None = None
    asked: float | None = None
    unasked: float | None = None
    clipped: float | None = None
    extra: SettingValues = ()
    reasons: tuple[Message, ...] = ()
    source: float | None = None
    changed: float | None = None
    basis: str = ""
    absent: str = ""
    gates: Gates | None = None
    damage: float | None = None
    alike: tuple[str, ...] = ()
    parts: tuple[MeasuredPart, ...] = ()
    aesthetic: float | None = None
    preference: float | None = None
    outside_psnr: float | None = None
    outside_ssim: float | None = None

    @property
    def ranked_by(self) -> str:
        """`basis`, or what follows from the figures."""
        return self.basis or (DIRECTION if self.direction is not None else MEASURED)

    @property
    def is_by_effect(self) -> bool:
        """The change asked for was measured and ranks it: CLIP's bar decided nothing."""
        return self.ranked_by == MEASURED and self.asked is not None

    def following(self, bar: Gates) -> float | None:
        """How well it follows the words, on the CLIP model's own scale; None if that is unknown.

        The direction alone ignores how far a candidate went, the caption after alone what the
        picture was before; the weight measured for a model combines both.
        """
        if self.direction is None:
            return None
        return self.direction + bar.target_weight * (self.target or 0.0)

    def figures(self) -> dict[str, float | None]:
        """Every figure by its name, without `extra`; those that few results have where known."""
        rare = {
            "outside_psnr": self.outside_psnr,
            "outside_ssim": self.outside_ssim,
            "aesthetic": self.aesthetic,
            "preference": self.preference,
        }
        return {
            "direction": self.direction,
            "image": self.image,
            "source": self.source,
            "target": self.target,
            "outside": self.outside,
            "changed": self.changed,
            "asked": self.asked,
            "unasked": self.unasked,
            "clipped": self.clipped,
            "damage": self.damage,
            **{name: value for name, value in rare.items() if value is not None},
        }
