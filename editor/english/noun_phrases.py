"""Noun phrases and names of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from editor.english.lexicon import PartOfSpeech, lemma, listed
from editor.english.tagger import TaggedWord, tagged

_INNER: Final = frozenset[PartOfSpeech]({"ADJ", "NUM", "NOUN", "PROPN"})
_HEADS: Final = frozenset[PartOfSpeech]({"NOUN", "PROPN"})
_CONTENT: Final = frozenset[PartOfSpeech]({"NOUN", "PROPN", "ADJ", "NUM"})
_WITHIN_NAMES: Final = (("of",), ("of", "the"), ("de",), ("de", "la"), ("van",), ("von",))


@dataclass(frozen=True)
class NounPhrase:
    """A noun with what describes it, without a determiner.

    Attributes:
        text: as written.
        head: the lemma of its last noun.
        words: how many.
        name: whether it is a name of someone or something.
        start: place of its first character in the text.
    """

    text: str
    head: str
    words: int
    name: bool = False
    start: int = 0


def noun_phrases(text: str) -> tuple[NounPhrase, ...]:
    """Runs of adjectives, numbers and nouns that end in a noun, in the order of the text."""
    words = tagged(text)
    found = []
    for whole in _runs(words):
        heads = [place for place, word in enumerate(whole) if word.part in _HEADS]
        run = whole[: heads[-1] + 1] if heads else ()
        if run:
            name = all(word.part == "PROPN" for word in run)
            head = lemma(run[-1].text, run[-1].part)
            written = " ".join(text[run[0].start : run[-1].end].split())
            found.append(NounPhrase(written, head, len(run), name, run[0].start))
    return tuple(found)


def names(text: str) -> tuple[NounPhrase, ...]:
    """Names of people, places and things, also with small words inside ("Lady of Shalott")."""
    words = tagged(text)
    found, place = [], 0
    while place < len(words):
        if words[place].part != "PROPN":
            place += 1
            continue
        end = _end_of_name(words, place)
        written = " ".join(text[words[place].start : words[end - 1].end].split())
        head = lemma(words[end - 1].text, "PROPN")
        found.append(NounPhrase(written, head, end - place, True, words[place].start))
        place = end
    return tuple(found)


def content_lemmas(text: str) -> tuple[str, ...]:
    """Lemmas of the nouns, names, adjectives and numbers of a text, each once, in order.

    Verbs that instructions begin with ("add", "make") are none, also where they could be nouns.
    """
    instructing = listed("instruction")
    found = [
        lemma(word.text, word.part)
        for place, word in enumerate(tagged(text))
        if word.part in _CONTENT and not (place == 0 and word.text.casefold() in instructing)
    ]
    return tuple(dict.fromkeys(found))


def _runs(words: Sequence[TaggedWord]) -> Iterator[tuple[TaggedWord, ...]]:
    run: list[TaggedWord] = []
    for word in words:
        if word.part in _INNER:
            run.append(word)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _end_of_name(words: Sequence[TaggedWord], start: int) -> int:
    """The index after a name that begins at `start`."""
    end = start + 1
    while end < len(words):
        joining: list[tuple[str, ...]] = [
            (),
            *(one for one in _WITHIN_NAMES if _follow(words, end, one)),
        ]
        after = end + len(joining[-1])
        if after >= len(words) or words[after].part != "PROPN":
            return end
        end = after + 1
    return end


def _follow(words: Sequence[TaggedWord], place: int, wanted: Sequence[str]) -> bool:
    return [word.text for word in words[place : place + len(wanted)]] == list(wanted)
