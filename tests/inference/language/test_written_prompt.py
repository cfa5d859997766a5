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
