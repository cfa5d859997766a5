"""Captions as one writes them."""

from __future__ import annotations

import pytest

from inference.vision.captioner import tidy


@pytest.mark.parametrize(
    ("generated", "written"),
    [
        ("a red house , in a meadow , at noon", "a red house, in a meadow, at noon"),
        ("a woman ' s hat , seen close - up", "a woman's hat, seen close-up"),
        ("the dog 's   bowl .", "the dog's bowl."),
        ("they aren ' t here !", "they aren't here!"),
        ("already fine, isn't it?", "already fine, isn't it?"),
        ("", ""),
    ],
)
def test_tidy(generated: str, written: str) -> None:
    assert tidy(generated) == written
    assert tidy(written) == written
