from __future__ import annotations

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.tone.clause import InstructionClause
from editor.tone.effects import EFFECTS, Effect, effect, hue_effect, region_effect, tone_effect
from editor.tone.intent import known, selection_needed
from editor.tone.lexicon.looks import LOOKS
from editor.tone.matching import Word


def targeted(
    word: Word, tones: list[str], hues: list[str], special: list[str], clause: InstructionClause
) -> list[tuple[str, Effect]]:
    """The effect where it is asked for: on tones, hues, colours, edges or everywhere."""
    name = word.term.name
    if word.text == "hot" and tones:
        name = "lightness"  # highlights that are too hot are too bright
    if tones or hues:
        on_tones = [(f"{name} {place}", _on_tones(word, name, place)) for place in tones]
        on_hues = [(f"{name} {hue}", _on_hue(word, name, hue)) for hue in hues]
        return on_tones + on_hues
    if "edges" in special:
        return [_on_edges(name, clause)]
    if "colours" in special:
        return [_on_colours(name)]
    if clause.has("local") and name == "whiten":
        whiter = effect("lightness+ chroma-", "exposure 0.3 saturation -0.5", "exposure -0.3")
        return [("whiten", whiter)]
    return [(name, known(name))]


def _on_tones(word: Word, name: str, place: str) -> Effect:
    """An effect on dark, middle or bright tones alone.

    Raises:
        NotUnderstood: the effect cannot be had of these tones apart.
    """
    found = region_effect(name, place)
    if found is None and name in ("golden_hour", "glow", "sunset", "cosy", "sunny"):
        found = EFFECTS["shadow_warmth" if place in ("shadows", "blacks") else "highlight_warmth"]
    if found is None:
        found = region_effect(_alike(name), place)
    if found is None and name == "tint":
        found = tone_effect(place, "magenta")
    if found is None:
        raise NotUnderstood(
            Message("tone.not_apart", words=f"{word.text} {place}"),
            Message("do.say_whole_or_place", place=place),
            (f"brighter {place}", f"darker {place}", f"warmer {place}"),
        )
    return found


def _on_hue(word: Word, name: str, hue: str) -> Effect:
    """An effect on what has one hue alone.

    Raises:
        NotUnderstood: the effect cannot be had of one hue.
    """
    found = hue_effect(name, hue)
    if found is None:
        found = hue_effect(_alike(name), hue)
    if found is None:
        raise NotUnderstood(
            Message("tone.not_of_hue", words=f"{word.text} {hue}s"),
            Message("do.say_of_this_hue", hue=hue),
            (f"brighter {hue}s", f"darker {hue}s", f"more vivid {hue}s"),
        )
    return found


def _on_edges(name: str, clause: InstructionClause) -> tuple[str, Effect]:
    """For "brighter corners" the vignette goes back.

    Raises:
        SelectionNeeded: another effect at the edges needs them selected.
    """
    whitened = any(w.term.name == "whiten" for w in clause.of("effect"))
    if name in ("harshness", "whiten") or (whitened and name == "fade"):
        name = "lightness"
    if name not in ("lightness", "vignette", "fade", "blacken", "depth"):
        raise selection_needed("edges")
    edge = EFFECTS["vignette"]
    flipped = Effect(edge.less, edge.more, edge.quantities(-1), edge.moves, edge.control)
    return ("vignette", flipped if name == "lightness" else edge)


def _alike(name: str) -> str:
    """The simpler effect that a look comes down to where a look cannot go (one hue, dark tones)."""
    if name not in LOOKS:
        return ""
    moved = dict(LOOKS[name].moves)
    for quantity, up, down in (
        ("chroma", "chroma", "fade"),
        ("contrast", "punch", "fade"),
        ("lightness", "lightness", ""),
        ("local_contrast", "detail", "softness"),
        ("warmth", "warmth", ""),
    ):
        if quantity in moved:
            return up if moved[quantity] > 0 else down
    return ""


def _on_colours(name: str) -> tuple[str, Effect]:
    """For "brighter colours" are more vivid ones, "softer colours" muted ones."""
    if name in (
        "lightness",
        "chroma",
        "pop",
        "punch",
        "depth",
        "richness",
        "bold",
        "lively",
        "fresh",
    ):
        one = EFFECTS["chroma"]
        darker = effect("lightness-", "exposure -0.3 saturation 0.1").more
        return (name, Effect(one.more, darker if name == "lightness" else one.less, one.moves,
                             (("lightness", -1),) if name == "lightness" else None))  # fmt: skip
    if name in ("softness", "fade", "matte", "muted", "contrast", "calm", "dreamy", "washed_out"):
        one = EFFECTS["chroma"]
        if name == "contrast":
            return (name, one)
        return ("muted", Effect(one.less, one.more, one.quantities(-1)))
    return (name, known(name))


def repaint(hue: str) -> Effect:
    """Colour a selected thing: both ends of its tones tinted."""
    dark, bright = tone_effect("shadows", hue).more[0], tone_effect("highlights", hue).more[0]
    angle = dark.tones[0][1]
    text = f"shadow_tone {angle:g}/0.6 highlight_tone {bright.tones[0][1]:g}/0.6"
    return effect("", f"{text}|{text} saturation -0.4", "saturation -0.4")
