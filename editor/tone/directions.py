from __future__ import annotations

from editor.tone.choice import MOVING
from editor.tone.clause import InstructionClause
from editor.tone.effects import EFFECTS, hue_effect
from editor.tone.lexicon.looks import LOOKS
from editor.tone.plan import Move, TonePlan, unclear
from editor.tone.strength import strength


def read_directions(
    clause: InstructionClause,
    plan: TonePlan,
    tones: list[str],
    hues: list[str],
    special: list[str],
    sign: int,
) -> None:
    """Directions without an effect: "lift the shadows", "reduce the greens"."""
    factor, number = strength(clause)
    _tone_directions(clause, plan, tones, sign)
    _hue_directions(clause, plan, hues, sign)
    _special_directions(clause, plan, special, sign)
    lifted = [
        w
        for w in clause.of("raise")
        if w.term.name in ("lift", "bring up", "push", "raise", "plus", "up")
    ]
    pushed = lifted or clause.of("lower", "particle", "number")
    stops = number is not None and number.unit == "stops"
    if not (
        tones
        or hues
        or special
        or clause.has("colour", "splitpair", "local", "background", "split", "defocus")
    ):
        if stops or any(w.term.name in WHOLE_LIGHT for w in clause.of("raise", "lower")):
            way = sign or (1 if pushed else 0)
            plan.add(Move("lightness", EFFECTS["lightness"], way or 1, factor, number))
        elif any(w.term.name in OVERALL for w in clause.of("raise", "lower")):
            # "tone it down" of a picture as a whole: its contrast and its colour.
            plan.add(Move("bold", LOOKS["bold"], sign, factor, number))
        elif not clause.is_empty:
            raise unclear(clause)


def _tone_directions(
    clause: InstructionClause, plan: TonePlan, tones: list[str], sign: int
) -> None:
    factor, number = strength(clause)
    for place in tones:
        way = sign
        if (
            clause.has("too")
            and place in ("shadows", "blacks")
            and not clause.has("raise", "lower")
        ):
            way = 1  # shadows that are too strong are too dark
        back = any(w.text == "back" for w in clause.of("particle"))
        brought = back and any(w.term.name in ("bring", "put", "get") for w in clause.of("verb"))
        if clause.has("recover", "fix") or brought:
            way = 1 if place in ("shadows", "blacks") else -1
        if way == 0:
            raise unclear(clause)
        plan.add(Move(place, EFFECTS[place], way, factor, number))


def _hue_directions(clause: InstructionClause, plan: TonePlan, hues: list[str], sign: int) -> None:
    factor, number = strength(clause)
    for hue in hues:
        one = hue_effect("chroma", hue)
        if sign == 0 or one is None:
            raise unclear(clause)
        if any(w.term.name in ("lift", "lifted", "bring up") for w in clause.of("raise")):
            one = hue_effect("lightness", hue) or one
        removed = sign < 0 and any(w.term.factor >= 2 for w in clause.of("lower"))
        if removed or clause.has("no"):
            one = hue_effect("colourless", hue) or one
            plan.add(Move(f"{hue} gone", one, 1, 1.0, None))
        else:
            plan.add(Move(f"chroma {hue}", one, sign, factor, number))


def _special_directions(
    clause: InstructionClause, plan: TonePlan, special: list[str], sign: int
) -> None:
    factor, number = strength(clause)
    for name in special:
        if name == "edges" and clause.has("recover", "fix"):
            plan.add(Move("vignette", EFFECTS["vignette"], -1, factor, number))
            continue
        if sign == 0:
            raise unclear(clause)
        gone = (
            clause.has("no")
            or any(w.term.factor >= 2 for w in clause.of("lower"))
            or _taken_out(clause)
        )
        if name == "colours" and gone and not clause.has("number"):
            plan.add(Move("colourless", EFFECTS["colourless"], 1, 1.0, None))
        elif name == "colours":
            plan.add(Move("chroma", EFFECTS["chroma"], sign, factor, number))
        elif name == "edges" and (
            clause.has("particle")
            or any(w.term.name in MOVING for w in clause.of("raise", "lower"))
        ):
            plan.add(Move("vignette", EFFECTS["vignette"], -sign, factor, number))
        else:
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
