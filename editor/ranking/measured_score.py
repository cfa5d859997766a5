from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from editor.messages import Message
from editor.model.patch import settings_of
from editor.model.score import Score
from editor.ranking.measures import Measures
from editor.ranking.reasons import HARDLY, REST_STAYS
from editor.render.adjustments.parameters import HUES

USUAL: dict[str, float] = {
    "lightness": 7.0,
    "contrast": 2.5,
    "shadows": 5.0,
    "highlights": 4.0,
    "warmth": 6.0,
    "tint": 5.0,
    "chroma": 4.0,
    "chroma_low": 1.2,
    "hue_spread": 5.0,
    "shadow_warmth": 4.0,
    "highlight_warmth": 4.0,
    "sharpness": 0.0,
    "fine_detail": 0.0,
    "local_contrast": 0.8,
    "noise": 0.6,
    "edge_darkening": 6.0,
    **{f"chroma_{hue}": 6.0 for hue in HUES},
    **{f"lightness_{hue}": 4.0 for hue in HUES},
}
"""Change of each quantity that an artist would call done, in its own unit; 0: a quarter of what
was there before (quantities without a scale of their own)."""

FAMILIES: dict[str, tuple[str, ...]] = {
    "lightness": (
        "lightness",
        "shadows",
        "highlights",
        "edge_darkening",
        *(f"lightness_{hue}" for hue in HUES),
    ),
    "contrast": ("contrast", "shadows", "highlights", "lightness", "local_contrast"),
    "warmth": ("warmth", "shadow_warmth", "highlight_warmth", "hue_spread"),
    "tint": ("tint", "hue_spread", "shadow_warmth", "highlight_warmth"),
    "chroma": (
        "chroma",
        "chroma_low",
        "hue_spread",
        "warmth",
        "tint",
        *(f"chroma_{hue}" for hue in HUES),
    ),
    "local_contrast": ("local_contrast", "contrast", "sharpness", "fine_detail"),
    "noise": ("noise", "sharpness", "fine_detail", "local_contrast"),
}
"""What is watched for unasked change, and the asked quantities that excuse a change of it."""


def _of_hue(effect: str, hue: str) -> Message:
    return Message(f"effect.{effect}_hue", hue=Message(f"hue.{hue}"))


EFFECTS: dict[str, tuple[Message, Message]] = {
    "lightness": (Message("effect.brighter"), Message("effect.darker")),
    "contrast": (Message("effect.more_contrast"), Message("effect.less_contrast")),
    "shadows": (Message("effect.lighter_shadows"), Message("effect.deeper_shadows")),
    "highlights": (Message("effect.brighter_highlights"), Message("effect.calmer_highlights")),
    "warmth": (Message("effect.warmer"), Message("effect.cooler")),
    "tint": (Message("effect.more_magenta"), Message("effect.more_green")),
    "chroma": (Message("effect.more_colour"), Message("effect.less_colour")),
    "chroma_low": (Message("effect.livelier_dull_colours"), Message("effect.quieter_dull_colours")),
    "hue_spread": (Message("effect.more_colour"), Message("effect.less_colour")),
    "shadow_warmth": (Message("effect.warmer_shadows"), Message("effect.cooler_shadows")),
    "highlight_warmth": (Message("effect.warmer_highlights"), Message("effect.cooler_highlights")),
    "sharpness": (Message("effect.sharper"), Message("effect.softer")),
    "fine_detail": (Message("effect.more_fine_detail"), Message("effect.less_fine_detail")),
    "local_contrast": (
        Message("effect.more_local_contrast"),
        Message("effect.less_local_contrast"),
    ),
    "noise": (Message("effect.more_grain"), Message("effect.less_grain")),
    "edge_darkening": (Message("effect.lighter_corners"), Message("effect.darker_corners")),
    **{f"chroma_{hue}": (_of_hue("stronger", hue), _of_hue("quieter", hue)) for hue in HUES},
    **{f"lightness_{hue}": (_of_hue("brighter", hue), _of_hue("darker", hue)) for hue in HUES},
}
"""A change of each quantity: up, down."""

PARTS: dict[str, Message] = {
    "lightness": Message("part.brightness"),
    "contrast": Message("part.contrast"),
    "warmth": Message("part.warmth"),
    "tint": Message("part.tint"),
    "chroma": Message("part.colour"),
    "local_contrast": Message("part.local_contrast"),
    "noise": Message("part.grain"),
}
"""What a quantity is called where it stayed as it was."""

_CLEARLY = ("darker", "lighter_shadows", "lighter_corners", "darker_corners", "darker_hue")
"""Effects that are "clearly" so where others are "much" so."""

VISIBLE = 0.35
"""Share of a usual change from which an unasked one is worth a word."""

CLIPPED_VISIBLE = 0.003


@dataclass(frozen=True)
class _Change:
    """A quantity's movement in units of its usual change."""

    name: str
    share: float
    amount: float


def measured_score(
    key: str,
    measures: Measures,
    wanted_changes: Iterable[tuple[str, int]],
    fixed_quantities: Iterable[str] = (),
    outside: float | None = None,
) -> Score:
    """What a parametric candidate did, in figures and reasons.

    Args:
        key: the candidate's.
        measures: before and after.
        wanted_changes: (quantity, direction) that the words ask for; 0 for figures set exactly.
        fixed_quantities: quantities named with a negation.
        outside: largest change outside the selection, 0..1, or None.

    Returns:
        `asked`: mean share of the asked changes achieved (1 is a usual change; negative is the
        wrong way); `unasked`: sum of changes nobody asked for, in usual changes, kept quantities
        counted threefold; `clipped`: share of pixels newly clipped.
    """
    wanted = [(name, way) for name, way in wanted_changes if name in measures and way]
    moved = [
        _Change(name, way * _share(measures, name), measures.change(name)) for name, way in wanted
    ]
    exact = [name for name, way in wanted_changes if not way]
    names = {name for name, _ in wanted}
    held = [
        _Change(name, _share(measures, name), measures.change(name))
        for name in fixed_quantities
        if name in measures
    ]
    loose = [
        _Change(name, _share(measures, name), measures.change(name))
        for name in _watched(names, measures)
        if name not in fixed_quantities
    ]
    achieved = sum(change.share for change in moved) / len(moved) if moved else 1.0
    unasked = sum(abs(c.share) for c in loose) + 3.0 * sum(
        max(0.0, abs(c.share) - 0.1) for c in held
    )
    clipped = measures.clipped
    reasons = (
        _did(moved, dict(wanted), exact),
        _costs(held, loose, clipped, measures, moved),
    )
    extra: dict[str, float] = {c.name: round(c.amount, 3) for c in moved}
    return Score(
        key,
        outside=outside,
        asked=round(achieved, 4),
        unasked=round(unasked, 4),
        clipped=round(clipped, 6),
        extra=settings_of(extra),
        reasons=tuple(reason for reason in reasons if reason),
    )


BESIDE: dict[str, tuple[str, ...]] = {
    "shadows": ("highlights",),
    "highlights": ("shadows",),
    "shadow_warmth": ("highlight_warmth",),
    "highlight_warmth": ("shadow_warmth",),
    "warmth": ("lightness",),
    "tint": ("lightness",),
    "contrast": ("lightness",),
    "chroma": ("lightness",),
}
"""What should stay although the words do not say so: the other end of the tones."""


def _watched(names: set[str], measures: Measures) -> list[str]:
    """Quantities whose change counts as unasked."""
    found = {
        family
        for family, excuses in FAMILIES.items()
        if not names & set(excuses) and family in measures
    }
    for name in names:
        found.update(other for other in BESIDE.get(name, ()) if other in measures)
        family, _, hue = name.partition("_")
        if hue in HUES and family in ("chroma", "lightness"):
            found.update(
                f"{family}_{other}"
                for other in HUES
                if measures.hue_shares.get(other, 0.0) >= 0.05 and f"{family}_{other}" in measures
            )
    if len(names) > 2:  # a look is judged by what it asks for, not by its side effects
        found &= set(FAMILIES)
    return sorted(found - names)


def _share(measures: Measures, name: str) -> float:
    before, after = measures[name]
    usual = USUAL.get(name, 0.0) or max(0.25 * abs(before), 1e-3)
    if name == "hue_spread":
        # Black and white is done when no colour is left, however much there was.
        usual = max(0.9 * abs(before), 0.5)
    return (after - before) / usual


def _did(moved: list[_Change], ways: dict[str, int], exact: list[str]) -> Message | None:
    """For "A little warmer, lighter shadows"."""
    if not moved:
        return Message("effect.exact_shape") if exact else None
    wrong = [c for c in moved if c.share < 0.05]
    if len(wrong) == len(moved):
        return HARDLY
    best = sorted((c for c in moved if c.share >= 0.05), key=lambda c: -c.share)[:2]
    effects = [_effect(c.name, ways[c.name]) for c in best]
    strength = sum(min(c.share, 3.0) for c in moved) / len(moved)
    if any(c.name == "hue_spread" for c in best):
        gone, most = Message("effect.all_colour_gone"), Message("effect.most_colour_gone")
        return gone if strength > 0.9 else most
    effect = effects[0]
    clearly = effect.code.removeprefix("effect.") in _CLEARLY
    if len(effects) > 1:
        effect = Message("effect.both", first=effects[0], second=effects[1])
    if strength < 0.6:
        return Message("effect.a_little", effect=effect)
    if strength <= 1.6:
        return effect
    if clearly:
        return Message("effect.clearly", effect=effect)
    return Message("effect.much", effect=effect)


def _effect(name: str, way: float) -> Message:
    return EFFECTS[name][0 if way > 0 else 1]


def _costs(
    held: list[_Change],
    loose: list[_Change],
    clipped: float,
    measures: Measures,
    moved: list[_Change],
) -> Message:
    """The largest cost: something kept that moved, clipping, something unasked."""
    broken = max(held, key=lambda c: abs(c.share), default=None)
    if broken is not None and abs(broken.share) >= VISIBLE:
        return Message("effect.was_to_stay", effect=_effect(broken.name, broken.amount))
    if clipped >= CLIPPED_VISIBLE:
        return Message("effect.clips", percent=f"{100 * clipped:.1f}")
    side = max(loose, key=lambda c: abs(c.share), default=None)
    if side is not None and abs(side.share) >= VISIBLE:
        return Message("effect.too", effect=_effect(side.name, side.amount))
    if any(c.share < 0.05 for c in moved) and len(moved) > 1:
        missed = min(moved, key=lambda c: c.share)
        part = PARTS.get(missed.name, Message("part.some"))
        return Message("effect.part_stays", part=part)
    return REST_STAYS
