from __future__ import annotations

import pytest

from inference.language.extension_words import SIDES, ExtensionWords, read_extension


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("extend to the left", ExtensionWords(("left",))),
        ("Extend the picture to the left and right.", ExtensionWords(("left", "right"))),
        ("extend upwards by 40 %", ExtensionWords(("top",), 40.0)),
        ("extend down by 200 px", ExtensionWords(("bottom",), 200.0, "pixels")),
        ("extend the canvas on all sides by 12,5 percent", ExtensionWords(SIDES, 12.5)),
        ("zoom out", ExtensionWords(SIDES)),
        ("make it wider", ExtensionWords(("left", "right"))),
        ("wider, 16:9", ExtensionWords(("left", "right"), ratio=(16.0, 9.0))),
        ("make it taller by 1 pixel", ExtensionWords(("top", "bottom"), 1.0, "pixels")),
        ("expand to square", ExtensionWords(SIDES, ratio=(1.0, 1.0))),
        ("add space above", ExtensionWords(("top",))),
        ("add more space to the right", ExtensionWords(("right",))),
        ("more room on the left side", ExtensionWords(("left",))),
        ("uncrop", ExtensionWords(SIDES)),
        ("extend to the right with a lake and hills",
         ExtensionWords(("right",), content="a lake and hills")),
    ],
)  # fmt: skip
def test_words_for_a_larger_canvas(text: str, expected: ExtensionWords) -> None:
    assert read_extension(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "16:9",
        "left",
        "crop to 16:9",
        "extend the roof",
        "add more trees",
        "make the road wider",
        "expand the shadows",
        "make the tree taller",
        "extend to the left and make it night",
        "warmer",
        "zoom in",
        "enlarge the sun by 20 %",
    ],
)
def test_other_words_are_left_to_others(text: str) -> None:
    assert read_extension(text) is None
