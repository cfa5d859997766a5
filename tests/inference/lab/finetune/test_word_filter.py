from __future__ import annotations

from pathlib import Path

import pytest

from inference.lab.finetune.word_filter import BadWordFilter, WordFilter


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a Nude figure", "nude"),
        ("nude", "nude"),
        ("denuded hills, nudel soup", None),  # whole words alone
        ("NUDE", "nude"),
        ("\uff4e\uff55\uff44\uff45 figure", "nude"),  # full-width letters, NFKC
        ("stra\u00dfe", "strasse"),  # case folding
        ("a blood  red\nmoon", "blood red"),
        ("blood-red moon", None),
        ("nude, calm", "nude"),
        ("(nude)", "nude"),
        ("nude_figure", None),
        ("", None),
    ],
)
def test_words_are_found_whole_and_folded(text: str, found: str | None) -> None:
    assert WordFilter(["nude", "blood red", "STRASSE", " "]).finds(text) == found


def test_signs_in_a_list_are_signs() -> None:
    assert WordFilter(["c++"]).finds("c++ code") == "c++"
    assert WordFilter(["."]).finds("abc") is None


def test_a_list_is_a_file_that_can_be_edited(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("# mine\n\nCat\n", "utf-8")
    assert WordFilter.read(file).kept(["a cat", "a dog", "cats"]) == (["a dog", "cats"], 1)
    file.write_text("", "utf-8")
    assert WordFilter.read(file).kept(["a cat"]) == (["a cat"], 0)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BadWordFilter):
        WordFilter.read(file)
    assert WordFilter.read().finds("an NSFW picture") == "nsfw"
