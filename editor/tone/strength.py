from __future__ import annotations

from dataclasses import replace

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.tone.clause import InstructionClause
from editor.tone.intent import ToneIntent
from editor.tone.matching import Word
from editor.tone.tokens import Token

COMPLAINTS = ("low", "high", "weaker", "stronger")


def strength(clause: InstructionClause) -> tuple[float, Token | None]:
    """How strongly a clause asks: a factor by words, or a figure."""
    factors = [w.term.factor for w in clause.of("amount")]
    for word in clause.of("too"):
        if word.text.startswith(("way", "far", "much too", "excess")):
            factors.append(1.6)
        elif word.text.startswith(("a bit", "a little", "slightly", "a tad")):
            factors.append(0.5)
    small = [factor for factor in factors if factor < 1]
    factor = min(small) if small else max(factors, default=1.0)
    numbers = [w.token for w in clause.of("number") if w.token is not None]
    if len(numbers) > 1:
        raise NotUnderstood(
            Message("tone.two_figures", words=" ".join(w.text for w in clause.of("number"))),
            Message("do.say_one_figure"),
        )
    return factor, numbers[0] if numbers else None


def sign_of(clause: InstructionClause, word: Word | None) -> int:
    """The direction of an effect in its clause, or of the clause alone if `word` is None.

    Returns:
        +1, −1, or 0 where nothing says a direction.
    """
    form, state = (word.term.form, word.term.sign) if word is not None else ("", 1)
    if form == "flaw":
        wished = clause.has("wish") and not clause.has("fix", "lower", "too", "not")
        return state if wished else -state
    number = next((w.token for w in clause.of("number") if w.token is not None), None)
    direction = _direction(clause, form)
    if number is not None and number.unit == "times":
        direction = (direction or 1) if number.value and number.value >= 1 else -1
    elif number is not None and number.signed and not clause.has("raise", "lower"):
        return number.signed * (1 if form in ("noun", "") else state)
    if form == "comp" and word is not None and _compared(clause, word):
        return -state
    if clause.has("no"):
        if clause.has("copula", "lack") and form == "noun":
            return state  # "there is no contrast" misses it
        direction = -1
    way = _negated(clause, form, direction) or _complained(clause, word, direction) or direction
    return state * way if way else _implied_direction(clause, word)


def _negated(clause: InstructionClause, form: str, direction: int) -> int:
    """What "too", "too little" and "not" make of a direction.

    Returns:
        +1 for more of what the words say, −1 for less of it, 0 without such a word.
    """
    if clause.has("toolittle"):
        return 1
    if clause.has("too") and form != "verb":
        return (direction or 1) if form == "comp" else -(direction or 1)
    if clause.has("not"):
        if clause.has("enough") or (form == "adj" and _states(clause)):
            return 1  # "it looks not sharp", "it is not sharp" want it sharp
        return -(direction or 1)
    return 0


def _states(clause: InstructionClause) -> bool:
    """True where a clause says how the picture is, not how it is to be."""
    stated = ("is not", "are not", "was not")
    return clause.has("copula") or any(w.text in stated for w in clause.of("not"))


def _complained(clause: InstructionClause, word: Word | None, direction: int) -> int:
    """−1 for a state to be corrected: "the picture is flat", "fix the dark corners".

    Returns:
        −1, +1 where a direction word turns it round, or 0 where nothing is complained of.
    """
    form = word.term.form if word is not None else ""
    if form in ("adj", "noun") and clause.has("fix") and not clause.has("raise", "lower"):
        return -1
    if form == "adj" and word is not None and _describes(clause, word):
        return -1
    if clause.has("wish") or not clause.has("copula"):
        return 0
    if form == "noun" and word is not None and word.term.name in FLAWS and not direction:
        return -1
    if clause.has("lack", "enough") or form not in ("adj", "noun", ""):
        return 0
    if direction:
        judged = any(w.term.name in COMPLAINTS for w in clause.of("raise", "lower"))
        return -direction if judged else 0  # "the contrast is low" wants more
    return -1 if form == "adj" else 0


def _implied_direction(clause: InstructionClause, word: Word | None) -> int:
    """The direction where no word says one: that of the effect itself.

    Raises:
        NotUnderstood: the effect is an axis, of which one can want more or less.
    """
    if word is None:
        soft = clause.has("lack", "amount", "cast", "number", "wish") and not clause.has("verb")
        return 1 if soft or clause.has("enough") else 0
    if word.term.form == "noun" and word.text in NEUTRAL and not _wanted(clause):
        raise NotUnderstood(
            Message("tone.no_way", words=word.text),
            Message("do.say_more_or_less", words=word.text),
            (f"more {word.text}", f"less {word.text}"),
        )
    return word.term.sign


FLAWS = ("noise", "haze", "vignette", "blur", "harshness", "fade", "softness")
"""Things that a picture "has" only when somebody complains of them."""

NEUTRAL = (
    "brightness",
    "exposure",
    "luminosity",
    "luminance",
    "lightness",
    "contrast",
    "contrasts",
    "temperature",
    "temp",
    "colour temperature",
    "color temperature",
    "white balance",
    "saturation",
    "chroma",
    "colour saturation",
    "color saturation",
    "light",
    "lighting",
    "dynamic range",
    "gamma",
)
"""Nouns that are an axis rather than a thing to add."""


def _wanted(clause: InstructionClause) -> bool:
    return clause.has("lack", "amount", "number", "wish", "lookish", "enough")


def _direction(clause: InstructionClause, form: str) -> int:
    """The product of the direction words of a clause; 0 without any."""
    found = [w.term.sign for w in clause.of("raise", "lower")]
    particles = [w.term.sign for w in clause.of("particle")]
    if form in ("verb", "adj", "comp"):
        particles = []  # "brighten up", "cool it down": a particle without a direction of its own
    verbs = clause.of("verb")
    if any(w.term.name == "take" for w in verbs) and any(w.text == "out" for w in clause.words):
        return -1
    if not found and not particles and form in ("noun", ""):
        pushed = {"push": 1, "pull": -1}
        for verb in verbs:
            if verb.term.name in pushed:
                return pushed[verb.term.name]
    if not found and not particles:
        return 1 if clause.has("recover") and form in ("noun", "") else 0
    back = any(w.text == "back" for w in clause.of("particle"))
    if back and not found and any(w.term.name in ("bring", "put", "come") for w in verbs):
        return 1  # "bring the colour back"
    if particles and not found:
        return particles[0]
    return -1 if -1 in found else 1


def _compared(clause: InstructionClause, word: Word) -> bool:
    """True for "darker" in "the corners are darker than the middle": that is a complaint."""
    at = clause.words.index(word)
    before = any(w.kind == "copula" for w in clause.words[:at])
    return before and any("than" in w.text.split() for w in clause.words[at:])


def _describes(clause: InstructionClause, word: Word) -> bool:
    """For "brighten this dark picture": a state after a verb describes what is to be corrected."""
    at = clause.words.index(word)
    return any(w.kind == "effect" and w.term.form == "verb" for w in clause.words[:at])


def attenuate(intent: ToneIntent, clause: InstructionClause) -> None:
    """For "... but not too much", "... by 20 %": the strength of everything asked so far."""
    factor, number = strength(clause)
    if clause.has("not", "too", "toolittle", "keep", "no"):
        factor = min(factor, 0.5)
    intent.moves = [
        replace(
            move,
            factor=factor if move.factor == 1.0 else move.factor,
            number=move.number or number,
        )
        for move in intent.moves
    ]
