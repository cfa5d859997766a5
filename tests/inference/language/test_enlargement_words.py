from __future__ import annotations

import pytest

from inference.language.enlargement_words import read_enlargement
from inference.language.extension_words import read_extension


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("upscale", 2.0),
        ("Upscale this picture.", 2.0),
        ("upscale 2x", 2.0),
        ("upscale it by 3 times", 3.0),
        ("upscale x4", 4.0),
        ("upscale 1.5×", 1.5),
        ("upscale to 150 %", 1.5),
        ("upscale by 50 percent", 1.5),
        ("scale up twice", 2.0),
        ("increase the resolution", 2.0),
        ("super-resolution 4x", 4.0),
        ("make it twice as large", 2.0),
        ("make the photo three times as big", 3.0),
        ("double the size of the picture", 2.0),
        ("quadruple the resolution", 4.0),
        ("enlarge 2x", 2.0),
        ("2x larger please", 2.0),
    ],
)
def test_words_for_more_pixels(text: str, factor: float) -> None:
    assert read_enlargement(text) == factor
    assert read_extension(text) is None, "nothing is drawn around it"


@pytest.mark.parametrize(
    "text",
    [
        "", "warmer", "make it bigger", "make the car twice as large", "larger", "2x",
        "upscale the sky", "twice as bright", "double the contrast", "make it large",
    ],
)  # fmt: skip
def test_other_words(text: str) -> None:
    assert read_enlargement(text) is None
