from __future__ import annotations

import pytest

from editor.english.lexicon import every_lemma, lemma
from editor.english.tagger import tagged

SENTENCES = [
    "a/DET photo/NOUN of/ADP a/DET red/ADJ castle/NOUN on/ADP a/DET hill/NOUN",
    "a/DET man/NOUN holding/VERB a/DET cat/NOUN in/ADP his/DET arms/NOUN",
    "two/NUM running/ADJ dogs/NOUN in/ADP the/DET snow/NOUN",
    "oil/NOUN painting/NOUN ,/PUNCT cinematic/ADJ lighting/NOUN",
    "a/DET dog/NOUN runs/VERB on/ADP the/DET beach/NOUN",
    "castle/NOUN walls/NOUN of/ADP stone/NOUN",
    "a/DET painted/ADJ sign/NOUN stands/VERB beside/ADP the/DET road/NOUN",
    "the/DET house/NOUN is/AUX red/ADJ and/CONJ small/ADJ",
    "make/VERB the/DET castle/NOUN larger/ADJ",
    "she/PRON saw/VERB Anna/PROPN in/ADP Paris/PROPN",
    "Summer/NOUN Street/NOUN With/ADP Blooming/ADJ Flowers/NOUN",
    "a/DET steampunk/NOUN robot/NOUN ,/PUNCT 8k/NUM ,/PUNCT very/ADV mysterious/ADJ",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_parts_of_speech(sentence: str) -> None:
    pairs = [word.rpartition("/")[::2] for word in sentence.split()]
    text = " ".join(word for word, _ in pairs)
    assert [(word.text, word.part) for word in tagged(text)] == pairs
    assert all(text[word.start : word.end] == word.text for word in tagged(text))


@pytest.mark.parametrize(
    ("word", "part", "found"),
    [
        ("castles", "NOUN", "castle"),
        ("Mice", "NOUN", "mouse"),
        ("ran", "VERB", "run"),
        ("king's", "NOUN", "king"),
        ("cyborgoids", "NOUN", "cyborgoid"),
        ("xylobus", "NOUN", "xylobus"),
    ],
)
def test_lemmas(word: str, part: str, found: str) -> None:
    assert lemma(word, part) == found  # type: ignore[arg-type]  # parts come as texts
    assert found in every_lemma(word)


def test_nothing_has_no_words() -> None:
    assert tagged("") == ()
    assert [word.part for word in tagged(" ... ")] == ["PUNCT"] * 3
