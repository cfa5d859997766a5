from __future__ import annotations

from collections.abc import Iterable, Sequence

from editor.model.patch import settings_of
from editor.model.score import MeasuredPart, Score
from editor.ranking.measures import Measures
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


def measured_score(
    key: str,
    measures: Measures,
    wanted_changes: Iterable[tuple[str, int]],
    fixed_quantities: Iterable[str] = (),
    outside: float | None = None,
    parts: Sequence[Sequence[str]] = (),
    noted: Iterable[str] = (),
) -> Score:
    """What a candidate did to the quantities that the words name, in figures.

    Args:
        key: the candidate's.
        measures: before and after.
        wanted_changes: (quantity, direction) that the words ask for; 0 for figures set exactly.
        fixed_quantities: quantities named with a negation.
        outside: largest change outside the selection, 0..1, or None.
        parts: the quantities of each part of the words ("warmer", "lift the shadows"); without
            them all wanted quantities are one part.
        noted: quantities that nobody asked for and whose change is noted all the same.

    Returns:
        `asked`: mean share of the asked changes achieved (1 is a usual change; negative is the
        wrong way); `unasked`: sum of changes nobody asked for, in usual changes, kept quantities
        counted threefold; `clipped`: share of pixels newly clipped; `parts`: each named quantity.
    """
    fixed = [name for name in fixed_quantities if name in measures]
    wanted = [(name, way) for name, way in wanted_changes if name in measures and way]
    number = {name: i for i, names in enumerate(parts) for name in names}
    shares = [_wanted_share(measures, name, way) for name, way in wanted]
    moved = [
        MeasuredPart(name, way, round(share, 4), number.get(name, 0))
        for (name, way), share in zip(wanted, shares, strict=True)
    ]
    first_held = max((one.part for one in moved), default=-1) + 1
    held = [abs(_share(measures, name)) for name in fixed]
    stayed = [
        MeasuredPart(name, 0, round(share, 4), first_held + i)
        for i, (name, share) in enumerate(zip(fixed, held, strict=True))
    ]
    loose = [
        abs(_share(measures, name))
        for name in _watched({name for name, _ in wanted}, measures)
        if name not in fixed
    ]
    achieved = sum(shares) / len(shares) if shares else 1.0
    unasked = sum(loose) + 3.0 * sum(max(0.0, share - 0.1) for share in held)
    return Score(
        key,
        outside=outside,
        asked=round(achieved, 4),
        unasked=round(unasked, 4),
        clipped=round(measures.clipped, 6),
        extra=settings_of(
            {
                name: round(measures.change(name), 3)
                for name in (*(name for name, _ in wanted), *noted)
                if name in measures
            }
        ),
        parts=(*moved, *stayed),
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


def _wanted_share(measures: Measures, name: str, way: int) -> float:
    if name == "noise" and way < 0:
        # No more noise can go than there is: a quarter of it is done.
        before, after = measures[name]
        return (before - after) / min(USUAL[name], max(0.25 * before, 1e-3))
    return way * _share(measures, name)


def _share(measures: Measures, name: str) -> float:
    before, after = measures[name]
    usual = USUAL.get(name, 0.0) or max(0.25 * abs(before), 1e-3)
    if name == "hue_spread":
        # Black and white is done when no colour is left, however much there was.
        usual = max(0.9 * abs(before), 0.5)
    return (after - before) / usual
