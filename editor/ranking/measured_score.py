from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from editor.model.patch import settings_of
from editor.ranking.measures import Measures
from editor.ranking.rank import Score
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

WORDS: dict[str, tuple[str, str]] = {
    "lightness": ("brighter", "darker"),
    "contrast": ("more contrast", "less contrast"),
    "shadows": ("lighter shadows", "deeper shadows"),
    "highlights": ("brighter highlights", "calmer highlights"),
    "warmth": ("warmer", "cooler"),
    "tint": ("more magenta", "more green"),
    "chroma": ("more colour", "less colour"),
    "chroma_low": ("livelier dull colours", "quieter dull colours"),
    "hue_spread": ("more colour", "less colour"),
    "shadow_warmth": ("warmer shadows", "cooler shadows"),
    "highlight_warmth": ("warmer highlights", "cooler highlights"),
    "sharpness": ("sharper", "softer"),
    "fine_detail": ("more fine detail", "less fine detail"),
    "local_contrast": ("more local contrast", "less local contrast"),
    "noise": ("more grain", "less grain"),
    "edge_darkening": ("lighter corners", "darker corners"),
    **{f"chroma_{hue}": (f"stronger {hue}s", f"quieter {hue}s") for hue in HUES},
    **{f"lightness_{hue}": (f"brighter {hue}s", f"darker {hue}s") for hue in HUES},
}
"""A change of each quantity in words: up, down."""

TITLES: dict[str, str] = {
    "lightness": "brightness",
    "contrast": "contrast",
    "warmth": "warmth",
    "tint": "tint",
    "chroma": "colour",
    "local_contrast": "local contrast",
    "noise": "grain",
}

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
    """What a parametric candidate did, in figures and words.

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


def _did(moved: list[_Change], ways: dict[str, int], exact: list[str]) -> str:
    """For "A little warmer, lighter shadows"."""
    if not moved:
        return "exactly the shape asked for" if exact else ""
    wrong = [c for c in moved if c.share < 0.05]
    if len(wrong) == len(moved):
        return "hardly changes what was asked"
    best = sorted((c for c in moved if c.share >= 0.05), key=lambda c: -c.share)[:2]
    said = [WORDS[c.name][0 if ways[c.name] > 0 else 1] for c in best]
    strength = sum(min(c.share, 3.0) for c in moved) / len(moved)
    if any(c.name == "hue_spread" for c in best):
        return "all colour gone" if strength > 0.9 else "most colour gone"
    grade = "a little " if strength < 0.6 else "much " if strength > 1.6 else ""
    first = said[0]
    if grade == "much " and first.startswith(("more", "less", "darker", "lighter", "all")):
        grade = "clearly " if not first.startswith(("more", "less")) else "much "
    return f"{grade}{' and '.join(said)}"


def _costs(
    held: list[_Change],
    loose: list[_Change],
    clipped: float,
    measures: Measures,
    moved: list[_Change],
) -> str:
    """The highest cost in words: a fixed quantity that moved, clipping, an unwanted change."""
    broken = max(held, key=lambda c: abs(c.share), default=None)
    if broken is not None and abs(broken.share) >= VISIBLE:
        return f"but {WORDS[broken.name][0 if broken.amount > 0 else 1]}, which was to stay"
    if clipped >= CLIPPED_VISIBLE:
        return f"{100 * clipped:.1f} % of the picture clips"
    side = max(loose, key=lambda c: abs(c.share), default=None)
    if side is not None and abs(side.share) >= VISIBLE:
        return f"{WORDS[side.name][0 if side.amount > 0 else 1]} too"
    if any(c.share < 0.05 for c in moved) and len(moved) > 1:
        missed = min(moved, key=lambda c: c.share)
        return f"{TITLES.get(missed.name, 'one part')} stays as it was"
    return "the rest stays"
