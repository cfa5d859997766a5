from __future__ import annotations

from editor.tone.clause import InstructionClause
from editor.tone.effects import hue_effect
from editor.tone.lexicon.lexicon import Term
from editor.tone.matching import Word
from editor.tone.strength import NEUTRAL

MOVING = (
    "lift",
    "lifted",
    "raise",
    "bring up",
    "open up",
    "open",
    "pull up",
    "push up",
    "tone down",
    "boost",
    "enhance",
    "increase",
    "strengthen",
    "improve",
    "reduce",
    "lower",
    "decrease",
    "bring down",
    "pull down",
    "tame",
    "cut",
    "rein in",
    "drop",
)

WHOLLY = ("completely", "totally", "fully", "entirely", "all the way", "utterly")

QUIETING = ("softness", "fade", "muted", "harshness", "matte")

FIRMER = (
    "stronger",
    "weaker",
    "strengthen",
    "intensify",
    "weaken",
    "heighten",
    "emphasise",
    "emphasize",
    "accentuate",
    "enhance",
)

DARK_EDGES = (
    "dark edges",
    "dark corners",
    "darkened edges",
    "darkened corners",
    "edge darkening",
)

VERBLIKE = ("warm", "cool", "dim", "chill", "blur", "smooth", "fade")


def chosen_effects(clause: InstructionClause, coloured: bool) -> list[Word]:
    """The effects of a clause without words that only describe ("dark picture brighter")."""
    _verbs_to_directions(clause)
    found = clause.of("effect")
    moved_by_verb = bool(clause.forms("verb"))
    strong = {(w.term.name, w.term.sign) for w in found if w.term.form in ("comp", "verb")}
    remaining = []
    for word in found:
        term = word.term
        company = len(found) > 1 or coloured
        lights = word.text in ("light", "lighting", "daylight", "illumination")
        if (
            lights
            and company
            and (
                not clause.has("raise", "lower", "too", "lack")
                or any(w.term.form != "noun" and w.text != "light" for w in found)
            )
        ):
            continue
        if (
            word.text in ("soft", "sharp")
            and any(w.term.form == "noun" for w in found)
            and len(found) == 2
        ):
            continue
        if term.form in ("adj", "noun") and (term.name, -term.sign) in strong:
            continue
        edged = any(w.text in DARK_EDGES for w in found)
        if edged and term.name == "lightness" and term.form in ("verb", "comp"):
            continue  # "lighten the dark corners" is about the corners alone
        if term.form == "adj" and not moved_by_verb and _only_describes(clause, word):
            continue
        if term.form in ("adj", "noun") and not _counts(found, word):
            continue
        if term.form == "noun" and term.name in ("warmth", "tint") and coloured:
            continue  # "nudge the white balance towards amber"
        twice = any(w.term.name == term.name and w.term.form != "noun" for w in found)
        if term.form == "noun" and twice:
            continue  # "set the white balance warmer": the noun only names the axis
        remaining.append(word)
    return remaining


def wash(clause: InstructionClause, effects: list[Word]) -> bool:
    """True where "blue tones" mean a colour over everything rather than what is blue already."""
    if effects:
        return all(hue_effect(w.term.name, "red") is None for w in effects)
    return clause.has("raise", "wish", "amount") or len(clause.words) == len(clause.of("hue"))


def complains(clause: InstructionClause) -> bool:
    """True if the clause says what is wrong rather than what to do."""
    return clause.has("too") or (clause.has("copula") and not clause.has("wish"))


def _counts(found: list[Word], word: Word) -> bool:
    """Which of two opposite states is meant, and which only describes.

    In "warm the cold tones" the first is the verb; in "make this flat photo contrasty" the last
    is the wish.
    """
    rivals = [w for w in found if w.term.name == word.term.name and w.term.form in ("adj", "noun")]
    if len({w.term.sign for w in rivals}) < 2:
        return True
    meant = rivals[0] if rivals[0].text in VERBLIKE else rivals[-1]
    return word.term.sign == meant.term.sign


def _only_describes(clause: InstructionClause, word: Word) -> bool:
    """True for "deep" in "lift the deep shadows": the direction comes from the verb."""
    at = clause.words.index(word)
    after = clause.words[at + 1].kind if at + 1 < len(clause.words) else ""
    if after not in ("region", "hue", "colour") or clause.has("copula", "too"):
        return False
    before = clause.words[:at]
    return any(
        w.kind == "recover" or w.term.name in MOVING
        for w in before
        if w.kind in ("raise", "lower", "recover")
    )


def brightens(clause: InstructionClause, word: Word) -> bool:
    """True if something besides `word` asks for light ("lift the dark corners")."""
    lifts = any(w.term.name in MOVING for w in clause.of("raise")) or clause.has("recover", "fix")
    return lifts or any(
        w.term.name == "lightness" and w.term.sign > 0 and w is not word
        for w in clause.of("effect")
    )


def _verbs_to_directions(clause: InstructionClause) -> None:
    """Make "soften the contrast" less of it: the verb says which way, the noun says what."""
    axes = clause.forms("noun")
    verbs = clause.forms("verb") or [w for w in clause.forms("adj") if w.text in VERBLIKE]
    if len(axes) != 1 or len(verbs) != 1 or clause.has("raise", "lower"):
        return
    name, verb = verbs[0].term.name, verbs[0]
    if name == axes[0].term.name:
        return
    if name == "lightness" and axes[0].text in NEUTRAL:
        quieter = verb.term.sign < 0
    elif name in QUIETING:
        quieter = verb.term.sign > 0
    elif name in ("depth", "richness", "punch", "sharpness"):
        quieter = verb.term.sign < 0
    else:
        return
    turned = Word(verb.text, Term("lower" if quieter else "raise", verb.text, -1 if quieter else 1))
    clause.words = [turned if word is verb else word for word in clause.words]
