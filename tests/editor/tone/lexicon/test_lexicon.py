from __future__ import annotations

import pytest

from editor.tone.lexicon.lexicon import Term, lexicon, longest, put


def test_entries_are_groups_of_plain_words() -> None:
    table = lexicon()
    assert len(table) > 1000
    for key in table:
        assert key
        assert all(word == word.strip().lower() and " " not in word for word in key), key
    assert longest() == max(map(len, table))


@pytest.mark.parametrize(
    ("words", "kind", "name", "sign"),
    [
        ("brighter", "effect", "lightness", 1),
        ("darker", "effect", "lightness", -1),
        ("shadows", "region", "shadows", 1),
        ("more", "raise", "more", 1),
        ("less", "lower", "less", -1),
        ("blues", "hue", "blue", 1),
    ],
)
def test_what_words_mean(words: str, kind: str, name: str, sign: int) -> None:
    term = lexicon()[tuple(words.split())]
    assert (term.kind, term.name, term.sign) == (kind, name, sign)


def test_generated_forms_never_replace_written_ones() -> None:
    table: dict[tuple[str, ...], Term] = {}
    written, generated = Term("amount", "much"), Term("verb", "much")
    put(table, "very much", written)
    put(table, "very much", generated, weak=True)
    assert table == {("very", "much"): written}
    put(table, "very much", generated)
    assert table == {("very", "much"): generated}
