from __future__ import annotations

from dataclasses import replace

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.render.adjustments.parameters import HUES
from editor.tone.clause import InstructionClause
from editor.tone.intent import ToneIntent, known
from editor.tone.lexicon.looks import LOOKS

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


def read_kept(clause: InstructionClause, intent: ToneIntent) -> bool:
    """Read a clause that says what must stay; True if it was one."""
    if not clause.keeps and not _negated(clause, intent):
        return False
    if (
        clause.keeps
        and any(w.term.name == "natural" for w in clause.of("effect"))
        and not clause.has("local", "region", "hue")
    ):
        intent.moves = [replace(move, factor=min(move.factor, 0.7)) for move in intent.moves]
        return True
    colourless = any(m.name == "colourless" for m in intent.moves)
    if (clause.has("spare_only") or colourless) and _spare_hues(clause, intent):
        return True
    if clause.has("spare_only") and len(clause.of("spare_only")) == len(clause.words):
        return True  # "selective colour: keep only the red": a heading
    if clause.has("lookish") and not clause.has("effect", "region", "hue", "colour", "local"):
        intent.moves = [replace(move, factor=min(move.factor, 0.7)) for move in intent.moves]
        return True  # "keep the mood": nothing to measure, so the change itself stays small
    quantities = _quantities(clause)
    skin = any(w.term.name == "skin" for w in clause.of("local"))
    others = [w for w in clause.of("local") if w.term.name != "skin"]
    if others and clause.has("except") and not intent.is_empty:
        intent.inverted = True  # "blur everything but the dog": the selection is the dog
        return True
    if others and intent.inverted:
        return True  # the selection is what stays
    if others:
        raise NotUnderstood(
            Message("tone.not_left_out", words=others[0].text), Message("do.select_change")
        )
    if skin:
        quantities = [q for q in quantities if q.endswith("orange")] + ["chroma_orange"]
    if not quantities and not clause.has("background") and not _everything(clause):
        words = " ".join(word.text for word in clause.words)
        raise NotUnderstood(Message("tone.no_stay", words=words), Message("do.name_stay"))
    intent.keep(*_still_free(quantities, clause, intent))
    return True


def _still_free(quantities: list[str], clause: InstructionClause, intent: ToneIntent) -> list[str]:
    """What can be kept; "warmer, but not too warm" asks for less of it instead."""
    free = []
    for quantity in quantities:
        movers = [m for m in intent.moves if quantity in dict(m.wanted_changes)]
        if movers and (
            clause.has("too") or clause.forms("flaw") or any(m.name not in LOOKS for m in movers)
        ):
            intent.moves = [
                replace(m, factor=min(m.factor, 0.6)) if m in movers else m for m in intent.moves
            ]
        else:
            free.append(quantity)
    return free


def _everything(clause: InstructionClause) -> bool:
    return clause.has("asis") and any(w.text == "everything" for w in clause.words)


def _negated(clause: InstructionClause, intent: ToneIntent) -> bool:
    """For "..., not the shadows", "... but no grain": kept, once something else is asked for."""
    if intent.is_empty or clause.has("enough", "toolittle"):
        return False
    if clause.has("no"):
        return True
    return clause.has("not") and not clause.has("copula", "lower")


def _quantities(clause: InstructionClause) -> list[str]:
    found: list[str] = []
    regions = clause.of("region")
    for word in regions:
        found.extend(REGION_QUANTITIES[word.term.name])
    for word in clause.of("hue", "colour"):
        found.extend((f"chroma_{word.term.name}", f"lightness_{word.term.name}"))
    if not regions and not clause.has("hue"):
        for word in clause.of("effect"):
            name = word.term.name
            moved = known(name).moves
            found.extend(EFFECT_QUANTITIES.get(name) or [quantity for quantity, _ in moved[:1]])
    if not found:
        # "without clipping" and "don't crush it" name no tones, but mean an end of them.
        words = " ".join(word.text for word in clause.of("keep"))
        if any(verb in words for verb in ("blow", "clip", "burn")):
            found.append("highlights")
        elif "crush" in words:
            found.append("shadows")
    return list(dict.fromkeys(found))


def _spare_hues(clause: InstructionClause, intent: ToneIntent) -> bool:
    """For "black and white except the reds": every other hue loses its colour."""
    from editor.tone.effects import Effect
    from editor.tone.intent import Move
    from editor.tone.recipes import EffectRecipe

    spared = [w.term.name for w in clause.of("hue", "colour")]
    if not spared:
        return False
    recipe = EffectRecipe(
        hues=tuple(("hue_saturation", i, -1.0) for i, hue in enumerate(HUES) if hue not in spared)
    )
    moved = tuple((f"chroma_{hue}", -1) for hue in HUES if hue not in spared)
    intent.moves = [m for m in intent.moves if m.name != "colourless"]
    intent.moves.append(Move("selective", Effect((recipe,), (), moved), 1))
    intent.keep(*(f"chroma_{hue}" for hue in spared))
    return True
