from __future__ import annotations

from editor.tone.choice import MOVING
from editor.tone.clause import InstructionClause
from editor.tone.effects import EFFECTS, hue_effect
from editor.tone.intent import Move, ToneIntent, unclear
from editor.tone.lexicon.looks import LOOKS
from editor.tone.mentions import Mentions

DARK_TONES = ("shadows", "blacks")


def read_directions(clause: InstructionClause, named: Mentions, intent: ToneIntent) -> None:
    """Directions without an effect: "lift the shadows", "reduce the greens".

    Raises:
        NotUnderstood: nothing says which way, or a direction alone says too little.
    """
    tones = [] if named.colours else named.tones  # with colours they are tinted
    for place in tones:
        way = _way_of_tones(place, clause, named.sign)
        intent.add(Move(place, EFFECTS[place], way, named.factor, named.number))
    for hue in named.hues:
        intent.add(_on_hue(hue, clause, named))
    for name in named.special:
        intent.add(_on_edges(clause, named) if name == "edges" else _on_colours(clause, named))
    elsewhere = clause.has("colour", "splitpair", "local", "background", "split", "defocus")
    if not (tones or named.hues or named.special or elsewhere):
        _on_whole_picture(clause, named, intent)


def _way_of_tones(place: str, clause: InstructionClause, sign: int) -> int:
    """Which way dark, middle or bright tones are to go."""
    dark = place in DARK_TONES
    back = any(w.text == "back" for w in clause.of("particle"))
    brought = back and any(w.term.name in ("bring", "put", "get") for w in clause.of("verb"))
    if brought or clause.has("recover", "fix"):
        return 1 if dark else -1
    if dark and clause.has("too") and not clause.has("raise", "lower"):
        return 1  # shadows that are too strong are too dark
    if sign == 0:
        raise unclear(clause)
    return sign


def _on_hue(hue: str, clause: InstructionClause, named: Mentions) -> Move:
    """More or less of a hue, or nothing of it."""
    one = hue_effect("chroma", hue)
    if named.sign == 0 or one is None:
        raise unclear(clause)
    if clause.has("no") or (named.sign < 0 and clause.removes):
        return Move(f"{hue} gone", hue_effect("colourless", hue) or one, 1, 1.0, None)
    if any(w.term.name in ("lift", "lifted", "bring up") for w in clause.of("raise")):
        one = hue_effect("lightness", hue) or one
    return Move(f"chroma {hue}", one, named.sign, named.factor, named.number)


def _on_edges(clause: InstructionClause, named: Mentions) -> Move:
    """Darker or brighter edges of the picture."""
    way = -1 if clause.has("recover", "fix") else -named.sign
    moved = clause.has("recover", "fix", "particle") or any(
        w.term.name in MOVING for w in clause.of("raise", "lower")
    )
    if way == 0 or not moved:
        raise unclear(clause)
    return Move("vignette", EFFECTS["vignette"], way, named.factor, named.number)


def _on_colours(clause: InstructionClause, named: Mentions) -> Move:
    """More or less of all colours, or none."""
    if named.sign == 0:
        raise unclear(clause)
    gone = clause.has("no") or clause.removes or _taken_out(clause)
    if gone and not clause.has("number"):
        return Move("colourless", EFFECTS["colourless"], 1, 1.0, None)
    return Move("chroma", EFFECTS["chroma"], named.sign, named.factor, named.number)


def _on_whole_picture(clause: InstructionClause, named: Mentions, intent: ToneIntent) -> None:
    """For "+1 stop", "lift it", "tone it down", which name no part of the picture."""
    directions = {w.term.name for w in clause.of("raise", "lower")}
    stops = named.number is not None and named.number.unit == "stops"
    if stops or not directions.isdisjoint(WHOLE_LIGHT):
        light = EFFECTS["lightness"]
        intent.add(Move("lightness", light, named.sign or 1, named.factor, named.number))
    elif not directions.isdisjoint(OVERALL):
        # "tone it down" of a picture as a whole: its contrast and its colour.
        intent.add(Move("bold", LOOKS["bold"], named.sign, named.factor, named.number))
    elif not clause.is_empty:
        raise unclear(clause)


WHOLE_LIGHT = (
    "lift",
    "lift it",
    "lift it up",
    "raise it",
    "bring it up",
    "bring it down",
    "take it down",
    "pull it up",
    "pull it down",
    "push it",
    "push it up",
    "drop it",
    "lower it",
)
OVERALL = (
    "tone it down",
    "dial it back",
    "dial it down",
    "calm it down",
    "turn it down",
    "knock it back",
    "knock it down",
    "ease it off",
    "rein it in",
    "scale it back",
    "play it down",
    "tone this down",
    "tone that down",
    "tone everything down",
    "cut it back",
    "pull it back",
    "hold it back",
    "turn it up",
    "crank it up",
    "amp it up",
    "pump it up",
    "dial it up",
    "ramp it up",
    "beef it up",
    "step it up",
    "boost it up",
    "boost",
    "boost it",
    "kick",
    "pump up",
    "tone down",
    "calm down",
)


def _taken_out(clause: InstructionClause) -> bool:
    return any(w.term.name == "take" for w in clause.of("verb")) and any(
        w.text == "out" for w in clause.words
    )
