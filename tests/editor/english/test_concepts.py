from __future__ import annotations

import math

import pytest

from editor.english.concepts import concept_score, concepts
from editor.english.noun_phrases import content_lemmas, names, noun_phrases
from editor.english.sentences import sentences, summary

STORY = """# The tower

Dr. Grey lived in a golden tower by the sea. Every night the Lady of Shalott sang to the sea.
"Who sings?" asked the old king. The sea was silent!

The golden tower fell into the sea, and Dr. Grey wept.
"""


def test_noun_phrases_stand_without_determiners() -> None:
    found = noun_phrases("The two old castles of  a red  king, and very  slowly")
    assert [(p.text, p.head, p.words) for p in found] == [
        ("two old castles", "castle", 3),
        ("red king", "king", 2),
    ]


def test_names_may_have_small_words_inside() -> None:
    found = names("In Camelot the Lady of Shalott met King Arthur of the Round Table of England.")
    assert [name.text for name in found] == [
        "Camelot",
        "Lady of Shalott",
        "King Arthur of the Round Table of England",
    ]


def test_content_is_nouns_names_adjectives_and_numbers() -> None:
    assert content_lemmas("Two white horses gallop through snow") == (
        "two",
        "white",
        "horse",
        "snow",
    )
    assert content_lemmas("add a hat to the man and another hat") == ("hat", "man")
    assert content_lemmas("of the and") == ()


@pytest.mark.parametrize(
    ("count", "senses", "words", "score"),
    [
        (1, 1, 1, math.log(2) - 0.5 * math.log(2)),
        (3, 1, 3, math.log(4) - 0.5 * math.log(2)),
        (3, 7, 5, math.log(4) - 0.5 * math.log(8) - 0.6),
    ],
)
def test_score_by_hand(count: int, senses: int, words: int, score: float) -> None:
    assert concept_score(count, senses, words) == pytest.approx(score, abs=1e-12)


def test_concepts_of_a_story() -> None:
    found = concepts(STORY, sentences=2)
    assert [(c.text, c.kind, c.count) for c in found][:3] == [
        ("sea", "phrase", 4),
        ("Grey", "name", 2),
        ("golden tower", "phrase", 2),
    ]
    assert "Lady of Shalott" in {c.text for c in found if c.kind == "name"}
    assert [c.kind for c in found[-2:]] == ["sentence", "sentence"]
    ambiguous = concepts(STORY, senses=lambda head: 50 if head == "sea" else 1)
    assert ambiguous[0].text != "sea"


def test_equal_concepts_stand_in_the_order_of_the_text() -> None:
    found = concepts("a zebra beside an apple under a moon")
    assert [one.text for one in found] == ["zebra", "apple", "moon"]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("They met Old Mara. Then Mara slept and Mara woke.", ("Mara", 3)),
        ("They met King Arthur. They saw King Arthur, for Arthur was tall.", ("King Arthur", 3)),
    ],
)
def test_a_name_with_more_before_it_is_the_same_name(story: str, expected: tuple[str, int]) -> None:
    found = [(one.text, one.count) for one in concepts(story) if one.kind == "name"]
    assert found == [expected]


def test_a_name_inside_another_name_is_another() -> None:
    found = concepts("She sang to Shalott. Nobody saw the Lady of Shalott.")
    assert {one.text for one in found if one.kind == "name"} == {"Shalott", "Lady of Shalott"}


def test_a_word_is_a_concept_itself() -> None:
    assert [(c.text, c.kind) for c in concepts("a steampunk owl")] == [("steampunk owl", "phrase")]
    assert concepts("") == ()
    assert concepts("of it") == ()


def test_sentences_end_where_they_end() -> None:
    assert sentences(STORY) == (
        "The tower",
        "Dr. Grey lived in a golden tower by the sea.",
        "Every night the Lady of Shalott sang to the sea.",
        '"Who sings?"',
        "asked the old king.",
        "The sea was silent!",
        "The golden tower fell into the sea, and Dr. Grey wept.",
    )


def test_a_summary_speaks_of_what_is_frequent_and_not_twice() -> None:
    text = "The sea is a wide sea. The sea was a wide sea. A green bird sang a song at noon."
    # The second sentence repeats the first, whose words count squared after it was chosen.
    assert summary(text, 2) == ("The sea is a wide sea.", "A green bird sang a song at noon.")
    assert summary(text, 9) == sentences(text)
    assert summary("", 3) == ()
