from __future__ import annotations

from dataclasses import replace

from editor.render.adjustments.parameters import HUES, Adjustments
from editor.tone.effects import WantedChanges
from editor.tone.recipes import add_tones


def settle(
    wanted: Adjustments,
    fixed_quantities: list[str],
    wanted_changes: WantedChanges,
    hold: float = 1.0,
) -> Adjustments:
    """Reconcile the settings of several wishes.

    Args:
        wanted: the sum of all recipes.
        fixed_quantities: quantities that must stay; settings change as little as possible for them.
        wanted_changes: quantities that must move; never weakened for a fixed quantity.
        hold: how firmly kept tones are held. Pictures differ in what holds them (measured on
            photographs: 0 to twice the usual), so the readings differ in it and the ranking,
            which sees the picture, picks.
    """
    ways = dict(wanted_changes)
    held = wanted
    if ways.get("warmth", 0) > 0 and ways.get("chroma", 0) < 0:
        held = _warm_but_quiet(held)
    if held.black_and_white >= 1.0 and (held.temperature or held.tint):
        held = _toned_print(held)
    for quantity in fixed_quantities:
        if quantity not in ways:
            held = _held(held, quantity, set(ways), hold)
    return held


def _warm_but_quiet(w: Adjustments) -> Adjustments:
    """Less saturation takes the warmth along, so part of it comes back as toning."""
    return replace(
        w,
        saturation=_within(0.9 * w.saturation),
        vibrance=_within(0.9 * w.vibrance),
        shadow_tone=add_tones(w.shadow_tone, (42.0, 0.2)),
        highlight_tone=add_tones(w.highlight_tone, (45.0, 0.25)),
    )


def _toned_print(w: Adjustments) -> Adjustments:
    """A cast on black and white is a toned print: the colour comes after the colours are gone."""
    tone = (0.0, 0.0)
    if w.temperature:
        tone = add_tones(tone, (42.0 if w.temperature > 0 else 222.0, min(1.0, abs(w.temperature))))
    if w.tint:
        tone = add_tones(tone, (320.0 if w.tint > 0 else 130.0, min(1.0, abs(w.tint))))
    return replace(
        w,
        temperature=0.0,
        tint=0.0,
        shadow_tone=add_tones(w.shadow_tone, tone),
        highlight_tone=add_tones(w.highlight_tone, tone),
    )


def _held(w: Adjustments, quantity: str, moving: set[str], hold: float) -> Adjustments:
    if quantity == "highlights":
        return _hold_highlights(w, hold)
    if quantity == "shadows":
        return _hold_shadows(w, hold)
    if quantity == "contrast":
        lost = 0.3 * w.shadows - 0.3 * w.highlights + 0.3 * w.blacks
        bent = w.contrast if "chroma" not in moving else 0.0
        given = max(-0.3, min(0.35, hold * lost)) if bent == 0.0 else 0.0
        return replace(
            w, contrast=_within(given), clarity=0.0 if "local_contrast" not in moving else w.clarity
        )
    if quantity == "lightness" and w.contrast and "contrast" in moving:
        # Contrast pivots about middle grey; dark and bright pictures need different corrections.
        push = {0.4: -0.3, 1.8: 0.3, 2.6: -0.6}.get(hold, 0.0)
        return replace(w, exposure=_within(push * w.contrast))
    if quantity == "lightness" and not {"shadows", "highlights"} & moving:
        return replace(w, exposure=0.0)
    if quantity == "lightness":
        return replace(w, exposure=_within(-0.45 * hold * (w.shadows + 0.6 * w.highlights)))
    if quantity == "chroma":
        return replace(w, saturation=0.0, vibrance=0.0)
    plain: dict[str, tuple[str, ...]] = {
        "warmth": ("temperature",),
        "tint": ("tint",),
        "sharpness": ("blur", "sharpen"),
        "fine_detail": ("blur", "sharpen"),
        "local_contrast": ("clarity",),
        "noise": ("grain", "noise_reduction")
        if {"sharpness", "fine_detail"} & moving
        else ("grain", "noise_reduction", "sharpen"),
        "edge_darkening": ("vignette",),
    }
    if quantity in plain:
        return replace(w, **dict.fromkeys(plain[quantity], 0.0))  # type: ignore[arg-type]  # floats
    family, _, hue = quantity.partition("_")
    if hue in HUES and family in ("chroma", "lightness"):
        return _hold_hue(w, HUES.index(hue), family)
    return w


def _hold_highlights(w: Adjustments, hold: float) -> Adjustments:
    """Brightness and contrast move into the dark and middle tones.

    On photographs lifted blacks leave the highlights alone best; the shadow slider reaches far,
    so only loosely held readings use it.
    """
    lift, up = w.exposure, max(0.0, w.shadows)
    pulled = 0.1 * (hold - 1.0) * max(0.0, lift + up) + hold * 0.85 * max(0.0, w.contrast)
    return replace(
        w,
        exposure=0.0,
        shadows=_within(0.12 * (w.shadows + lift) / hold),
        blacks=_within(w.blacks + 1.0 * lift + 0.3 * up),
        highlights=_within(-pulled - 0.2 * min(0.0, lift)),
        whites=0.0,
    )


def _hold_shadows(w: Adjustments, hold: float) -> Adjustments:
    """Darkness and contrast move into the bright and middle tones."""
    lift = w.exposure
    return replace(
        w,
        exposure=0.0,
        highlights=_within(w.highlights + 1.2 * lift),
        whites=_within(w.whites + 0.5 * lift),
        shadows=_within(hold * 0.85 * max(0.0, w.contrast)),
        blacks=0.0,
    )


def _hold_hue(w: Adjustments, index: int, family: str) -> Adjustments:
    if family == "lightness":
        values = list(w.hue_lightness)
        values[index] = 0.0
        return replace(w, hue_lightness=tuple(values))
    total = w.saturation + 0.6 * w.vibrance
    values = list(w.hue_saturation)
    # The hue's factor has to undo the factor that everything gets.
    values[index] = _within(1.0 / max(0.25, 1.0 + total) - 1.0) if total else 0.0
    return replace(w, hue_saturation=tuple(values))


def _within(value: float) -> float:
    return round(max(-1.0, min(1.0, value)), 3) + 0.0
