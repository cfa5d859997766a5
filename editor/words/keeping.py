from __future__ import annotations

from dataclasses import replace

from editor.adjustments.parameters import HUES, Adjustments
from editor.words.clause import Clause
from editor.words.plan import Plan, known, not_possible

REGION_QUANTITIES = {
    "shadows": ("shadows",),
    "blacks": ("shadows",),
    "highlights": ("highlights",),
    "whites": ("highlights",),
    "midtones": ("lightness",),
    "colours": ("chroma", "warmth", "tint"),
    "edges": ("edge_darkening",),
}
EFFECT_QUANTITIES = {
    "clip": ("highlights",),
    "softness": ("sharpness",),
    "blur": ("sharpness",),
    "detail": ("fine_detail",),
    "punch": ("contrast",),
    "pop": ("contrast",),
    "haze": ("contrast",),
    "fade": ("contrast",),
    "colourless": ("chroma",),
    "harshness": ("contrast",),
    "whiten": ("highlights",),
    "blacken": ("shadows",),
}


def read_kept(clause: Clause, plan: Plan) -> bool:
    """Read a clause that says what must stay; True if it was one."""
    if not clause.keeps and not _negated(clause, plan):
        return False
    if (
        clause.keeps
        and any(w.term.name == "natural" for w in clause.of("effect"))
        and not clause.has("local", "region", "hue")
    ):
        plan.moves = [replace(move, factor=min(move.factor, 0.7)) for move in plan.moves]
        return True
    if (
        clause.has("except")
        and any(m.name == "colourless" for m in plan.moves)
        and _spare_hues(clause, plan)
    ):
        return True
    quantities = _quantities(clause)
    skin = any(w.term.name == "skin" for w in clause.of("local"))
    others = [w for w in clause.of("local") if w.term.name != "skin"]
    if others:
        raise not_possible(
            others[0].text, "cannot be left out by words alone.", "Select only what should change."
        )
    if skin:
        quantities = [q for q in quantities if q.endswith("orange")] + ["chroma_orange"]
    if not quantities and not clause.has("background") and not _everything(clause):
        said = " ".join(word.text for word in clause.words)
        raise not_possible(
            said, "does not say what should stay.", "Name it, such as “keep the shadows”."
        )
    plan.keep(*quantities)
    return True


def _everything(clause: Clause) -> bool:
    return clause.has("asis") and any(w.text == "everything" for w in clause.words)


def _negated(clause: Clause, plan: Plan) -> bool:
    """ "..., not the shadows", "... but no grain": kept, once something else is asked for."""
    if plan.is_empty or clause.has("enough", "toolittle"):
        return False
    if clause.has("no"):
        return True
    return clause.has("not") and not clause.has("copula", "lower")


def _quantities(clause: Clause) -> list[str]:
    found: list[str] = []
    regions = clause.of("region")
    for word in regions:
        found.extend(REGION_QUANTITIES[word.term.name])
    for word in clause.of("hue", "colour"):
        found.extend((f"chroma_{word.term.name}", f"lightness_{word.term.name}"))
    if not regions and not clause.has("hue"):
        for word in clause.of("effect"):
            name = word.term.name
            asked = known(name).asked
            found.extend(EFFECT_QUANTITIES.get(name) or [quantity for quantity, _ in asked[:1]])
    return list(dict.fromkeys(found))


def _spare_hues(clause: Clause, plan: Plan) -> bool:
    """ "black and white except the reds": every other hue loses its colour."""
    from editor.words.effects import Effect
    from editor.words.plan import Move
    from editor.words.recipes import Recipe

    spared = [w.term.name for w in clause.of("hue", "colour")]
    if not spared:
        return False
    recipe = Recipe(
        hues=tuple(("hue_saturation", i, -1.0) for i, hue in enumerate(HUES) if hue not in spared)
    )
    asked = tuple((f"chroma_{hue}", -1) for hue in HUES if hue not in spared)
    plan.moves = [m for m in plan.moves if m.name != "colourless"]
    plan.moves.append(Move("selective", Effect((recipe,), (), asked), 1))
    plan.keep(*(f"chroma_{hue}" for hue in spared))
    return True


def protect(wanted: Adjustments, kept: list[str], asked: set[str]) -> Adjustments:
    """Change settings as little as possible so that the kept quantities stay.

    What is asked for itself is never weakened for the sake of something kept.
    """
    held = wanted
    for quantity in kept:
        if quantity in asked:
            continue
        held = _held(held, quantity, asked)
    return held


def _held(w: Adjustments, quantity: str, asked: set[str]) -> Adjustments:
    if quantity == "highlights":
        return _hold_highlights(w, asked)
    if quantity == "shadows":
        return _hold_shadows(w, asked)
    if quantity == "contrast" and w.contrast == 0:
        faded = min(0.0, w.blacks) if "shadows" not in asked else w.blacks
        return replace(w, contrast=round(_contrast_lost(w), 3), blacks=faded)
    if quantity == "contrast":
        return replace(w, contrast=0.0, clarity=0.0)
    if quantity == "lightness" and not {"shadows", "highlights"} & asked:
        return replace(w, exposure=0.0)
    if quantity == "chroma":
        return replace(w, saturation=_saturation_lost(w), vibrance=0.0)
    if quantity == "warmth":
        return replace(w, temperature=0.0)
    if quantity == "tint":
        return replace(w, tint=0.0)
    if quantity in ("sharpness", "fine_detail"):
        return replace(w, blur=0.0, sharpen=0.0, clarity=0.0)
    if quantity == "local_contrast":
        return replace(w, clarity=0.0)
    if quantity == "noise":
        return replace(w, grain=0.0, sharpen=0.0)
    if quantity == "edge_darkening":
        return replace(w, vignette=0.0)
    family, _, hue = quantity.partition("_")
    if hue in HUES and family in ("chroma", "lightness"):
        return _hold_hue(w, HUES.index(hue), family)
    return w


def _hold_highlights(w: Adjustments, asked: set[str]) -> Adjustments:
    """Brightness and contrast move to the dark and middle tones."""
    lifted = w.exposure
    return replace(
        w,
        exposure=round(0.3 * lifted, 3) if lifted else 0.0,
        shadows=_within(w.shadows + 0.6 * lifted),
        blacks=_within(w.blacks + 0.2 * lifted),
        highlights=_within(-0.45 * lifted - 0.6 * max(0.0, w.contrast)),
        whites=0.0,
    )


def _hold_shadows(w: Adjustments, asked: set[str]) -> Adjustments:
    """Darkness and contrast move to the bright and middle tones."""
    lifted = w.exposure
    return replace(
        w,
        exposure=round(0.4 * lifted, 3) if lifted else 0.0,
        highlights=_within(w.highlights + 0.6 * lifted),
        whites=_within(w.whites + 0.25 * lifted),
        shadows=_within(-0.45 * lifted + 0.6 * max(0.0, w.contrast)),
        blacks=0.0,
    )


def _contrast_lost(w: Adjustments) -> float:
    return max(0.0, min(0.35, 0.35 * w.shadows - 0.35 * w.highlights + 0.3 * w.blacks))


def _saturation_lost(w: Adjustments) -> float:
    return 0.0


def _hold_hue(w: Adjustments, index: int, family: str) -> Adjustments:
    if family == "lightness":
        values = list(w.hue_lightness)
        values[index] = 0.0
        return replace(w, hue_lightness=tuple(values))
    total = w.saturation + 0.8 * w.vibrance
    values = list(w.hue_saturation)
    # The hue's factor has to undo the factor that everything gets.
    values[index] = _within(1.0 / max(0.25, 1.0 + total) - 1.0) if total else 0.0
    return replace(w, hue_saturation=tuple(values))


def _within(value: float) -> float:
    return round(max(-1.0, min(1.0, value)), 3)
