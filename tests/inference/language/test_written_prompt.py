from __future__ import annotations

import pytest

from inference.language.written_prompt import tidy_prompt


@pytest.mark.parametrize(
    ("answer", "prompt"),
    [
        (' "a cup of  coffee, night"\n', "a cup of coffee, night"),
        ("a cup, night, Night, a cup, 8 k, night", "a cup, night, 8 k"),
        ("a cup of coffee, trending on art,", "a cup of coffee, trending on art"),
        ("an owl. It is red", "an owl. It is red"),
        (" , ", ""),
        ("", ""),
    ],
)
def test_a_prompt_says_everything_once(answer: str, prompt: str) -> None:
    assert tidy_prompt(answer) == prompt


@pytest.mark.parametrize(
    ("answer", "prompt"),
    [("an owl, night, by Ka", "an owl, night"), ("an owl at ni", "an owl at ni")],
)
def test_the_last_chunk_of_a_cut_answer_is_left_out(answer: str, prompt: str) -> None:
    assert tidy_prompt(answer, cut=True) == prompt
