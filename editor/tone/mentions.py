from __future__ import annotations

from dataclasses import dataclass

from editor.tone.choice import chosen_effects, wash
from editor.tone.clause import InstructionClause
from editor.tone.lexicon.lexicon import Term
from editor.tone.matching import Word
from editor.tone.strength import sign_of, strength
from editor.tone.tokens import Token

TONES = ("shadows", "blacks", "highlights", "whites", "midtones")


@dataclass
class Mentions:
    """What a clause names, and how it asks for it.

    Attributes:
        effects: what is to be done.
        tones: the dark, middle or bright tones it is for.
        hues: the hues it is for: what is green in "the greens".
        colours: colours that something is to get, such as "blue" in "blue shadows".
        special: "colours" for all of them, "edges" for those of the picture.
        sign: direction of the clause without its effects; 0 where nothing says one.
        factor: strength by words, 1 is usual.
        number: strength by a figure, instead of `factor`.
    """

    effects: list[Word]
    tones: list[str]
    hues: list[str]
    colours: list[Word]
    special: list[str]
    sign: int
    factor: float
    number: Token | None

    @classmethod
    def of(cls, clause: InstructionClause) -> Mentions:
        """Find them; "soften" in "soften the contrast" becomes a direction word of the clause.

        Raises:
            NotUnderstood: the clause has two figures.
        """
        regions = [w.term.name for w in clause.of("region")]
        hues, colours = clause.of("hue"), clause.of("colour")
        factor, number = strength(clause)
        sign = sign_of(clause, None)  # before the effects: they may become direction words
        effects = chosen_effects(clause, bool(colours))
        if any(w.text.endswith(("tones", "hues")) for w in hues) and wash(clause, effects):
            hues, colours = [], [Word(w.text, Term("colour", w.term.name)) for w in hues]
        return cls(
            effects=effects,
            tones=[name for name in regions if name in TONES],
            hues=[w.term.name for w in hues],
            colours=colours,
            special=[name for name in regions if name in ("colours", "edges")],
            sign=sign,
            factor=factor,
            number=number,
        )
