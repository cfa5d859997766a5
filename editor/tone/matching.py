from __future__ import annotations

from dataclasses import dataclass

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.tone.lexicon.lexicon import Term, lexicon, longest
from editor.tone.lexicon.vocabulary import UNITS_UNKNOWN
from editor.tone.spelling import corrected, nearest
from editor.tone.tokens import Token, tokens


@dataclass(frozen=True)
class Word:
    """A matched group of words with its part in the grammar.

    Attributes:
        text: the words as read.
        term: their meaning.
        token: the number, for kinds "number" and "pair".
    """

    text: str
    term: Term
    token: Token | None = None

    @property
    def kind(self) -> str:
        """The term's kind."""
        return self.term.kind


def match(text: str) -> tuple[list[Word], tuple[Message, ...]]:
    """Match a phrase against the lexicon, longest groups first.

    Returns:
        The words, and a message for every typing mistake that was corrected.

    Raises:
        NotUnderstood: naming every unknown word and the nearest known ones.
    """
    found = tokens(text)
    if not found:
        raise NotUnderstood(Message("tone.no_words"), Message("do.say_change_such_as"))
    corrections: list[Message] = []
    words, unknown = _match(found)
    if unknown:
        repaired = list(found)
        for index in unknown:
            better = corrected(found[index].text)
            if better is not None:
                repaired[index] = Token(better)
                corrections.append(Message("tone.corrected", words=found[index].text, other=better))
        words, unknown = _match(repaired)
        if unknown:
            raise _not_known([found[index].text for index in unknown])
    return words, tuple(corrections)


def _match(found: list[Token]) -> tuple[list[Word], list[int]]:
    table, most = lexicon(), longest()
    words: list[Word] = []
    unknown: list[int] = []
    at = 0
    while at < len(found):
        token = found[at]
        if token.pair is not None or token.value is not None:
            kind = "pair" if token.pair is not None else "number"
            words.append(Word(token.text, Term(kind), token))
            at += 1
            continue
        if token.text == ",":
            words.append(Word(",", Term("and", ",")))
            at += 1
            continue
        for length in range(min(most, len(found) - at), 0, -1):
            key = tuple(t.text for t in found[at : at + length])
            term = table.get(key)
            if term is not None:
                words.append(Word(" ".join(key), term))
                at += length
                break
        else:
            unknown.append(at)
            at += 1
    return words, unknown


def _not_known(unknown: list[str]) -> NotUnderstood:
    named = ", ".join(f"“{word}”" for word in dict.fromkeys(unknown))
    close = tuple(dict.fromkeys(near for word in unknown[:4] for near in nearest(word)))[:6]
    units = [word for word in unknown if word in UNITS_UNKNOWN]
    if units and len(units) == len(unknown):
        return NotUnderstood(
            Message("tone.not_a_unit", words=named),
            Message("do.say_units"),
            ("percent", "stops", "degrees"),
        )
    fix = (
        Message("do.nearest_words", words=", ".join(close))
        if close
        else Message("do.say_tone_words")
    )
    several = len(set(unknown)) > 1
    message = Message("tone.not_words" if several else "tone.not_a_word", words=named)
    return NotUnderstood(message, fix, close)
