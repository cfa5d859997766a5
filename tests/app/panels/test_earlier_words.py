from __future__ import annotations

from app.panels.earlier_words import EarlierWords


def test_walking_back_and_forth_ends_at_what_was_typed() -> None:
    words = EarlierWords(["warmer", "darker"])
    assert words.step(-1, "half a sen") == "darker"
    assert words.step(-1, "darker") == "warmer"
    assert words.step(-1, "warmer") == "warmer"
    assert words.step(+1, "warmer") == "darker"
    assert words.step(+1, "darker") == "half a sen"
    assert words.step(+1, "half a sen") == "half a sen"


def test_what_was_run_is_the_newest_and_stands_there_once() -> None:
    words = EarlierWords(["warmer"])
    words.step(-1, "")
    words.add("warmer")
    words.add("sepia")
    words.add("sepia")
    assert words.step(-1, "") == "sepia"
    assert words.step(-1, "") == "warmer"


def test_without_earlier_words_the_typed_ones_stay() -> None:
    assert EarlierWords().step(-1, "typed") == "typed"
