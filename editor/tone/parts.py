from __future__ import annotations

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.tone.clause import InstructionClause
from editor.tone.effects import EFFECTS
from editor.tone.intent import Move, ToneIntent, unclear
from editor.tone.lexicon.lexicon import Term
from editor.tone.matching import Word
from editor.tone.strength import strength

SCENES = {
    "sunset_scene": "sunset",
    "night_scene": "moonlight",
    "night_out": "blue_hour",
    "winter_scene": "wintry",
    "autumn_scene": "autumnal",
    "summer_scene": "sunny",
    "spring_scene": "fresh",
    "mist_scene": "misty",
    "storm_scene": "stormy",
}

BRIGHT_PLACES = ("sky", "cloud", "clouds", "window", "windows", "sun", "snow", "lamp", "candle")

TONAL = (
    "lift", "raise", "bring up", "bring down", "lower", "pull down", "pull up", "open up", "drop",
    "push up", "take down", "knock back", "knock down", "pull back", "dial back", "dial down",
    "turn down", "turn up", "hold back", "raise up", "dim",
)  # fmt: skip

MIDDLES = ("centre", "center", "middle")

DETERMINERS = ("the", "her", "his", "their", "its", "my", "this", "that", "these", "those", "our")


def places_of(clause: InstructionClause) -> list[Word]:
    """Parts of the picture that are meant, without those of a comparison ("like a beach day")."""
    compared = [w for w in clause.of("local") if _compares(clause, w)]
    clause.words = [w for w in clause.words if not any(w is other for other in compared)]
    return clause.of("local", "background", "defocus")


def _compares(clause: InstructionClause, word: Word) -> bool:
    """True if a thing only describes the look: "forest mood", "as dark as a cave"."""
    if not clause.has("effect", "sunset_scene", *SCENES):
        return False
    at = next(i for i, other in enumerate(clause.words) if other is word)
    before = [w.text for w in clause.words[:at]]
    if any(w.term.name == "edges" for w in clause.of("region")) and word.text in MIDDLES:
        return True  # "brighten the corners to match the centre"
    if any(text in ("like", "as if", "as though", "as") for text in before):
        return True
    after = clause.words[at + 1 :]
    styled = any(w.kind == "lookish" for w in after[:2])
    return styled and not (before and before[-1] in DETERMINERS)


def heals(clause: InstructionClause, intent: ToneIntent, places: list[Word]) -> bool:
    """Read "remove this spot" into the intent; True if the clause was about that."""
    spots, heal = clause.of("spot"), clause.of("heal")
    if not spots and not heal:
        return False
    removing = any(
        word.term.factor >= 2 or word.text in ("fix", "remove", "cut")
        for word in clause.of("lower", "fix")
    )
    if spots and not (heal or removing):
        if clause.has("effect", "raise", "lower", "region"):
            places.extend(spots)  # "darken the sign": a place like any other
            clause.words = [
                Word(w.text, Term("local", w.text)) if w.kind == "spot" else w for w in clause.words
            ]
            return False
        raise unclear(clause)
    things = clause.of("local")
    if things and not spots and clause.has("heal") and clause.has("effect"):
        return False
    intent.heal = True
    intent.acts_inside = True
    places.extend(spots or things or heal)
    extra = clause.of("effect", "region", "hue", "colour", "background")
    if extra:
        raise NotUnderstood(
            Message("tone.not_with_spot", words=extra[0].text), Message("do.say_one_by_one")
        )
    return True


def read_scenes(clause: InstructionClause) -> None:
    """For "a sunset mood" is a look; "make it sunset" asks for another picture."""
    if clause.has("effect"):
        hours = ("morning", "afternoon", "evening", "night", "dawn", "dusk")
        clause.words = [w for w in clause.words if w.kind not in SCENES or w.text not in hours]
    for index, word in enumerate(clause.words):
        if word.kind not in SCENES:
            continue
        if word.kind == "mist_scene" and (clause.has("lower") or clause.forms("verb")):
            clause.words[index] = Word(word.text, Term("effect", "haze", 1, 1.0, "noun"))
            continue
        alike = any(w.text in ("like", "as if", "as though") for w in clause.words)
        styled = (
            alike
            or clause.has("lookish", "cast")
            or any(
                w.term.name in ("warmth", "glow", "lightness") for w in clause.forms("noun", "adj")
            )
        )
        region = any(w.term.name == "colours" for w in clause.of("region"))
        if not styled and not region:
            raise NotUnderstood(
                Message("tone.scene", words=word.text),
                Message("do.say_mood", words=word.text),
                (f"{word.text} mood",),
            )
        clause.words[index] = Word(
            word.text, Term("effect", SCENES[word.kind], 1, 1.0, "noun_look")
        )
        clause.words = [
            w for w in clause.words if not (w.kind == "region" and w.term.name == "colours")
        ]


def lift_place(clause: InstructionClause, intent: ToneIntent) -> None:
    """For "lift the face": of a thing, up and down can only mean its light."""
    words = clause.of("raise", "lower", "particle")
    if clause.has("colour"):
        return
    if clause.has("recover") and any(w.term.name in BRIGHT_PLACES for w in clause.of("local")):
        intent.add(Move("highlights", EFFECTS["highlights"], -1, *strength(clause)))
        return
    tonal = [w for w in words if w.kind == "particle" or w.term.name in TONAL]
    if not tonal:
        text = " ".join(w.text for w in clause.words)
        raise NotUnderstood(
            Message("tone.more_than_tone", words=text), Message("do.say_light_and_colour")
        )
    intent.add(Move("lightness", EFFECTS["lightness"], tonal[0].term.sign, *strength(clause)))
