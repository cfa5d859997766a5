from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from editor.errors import ExpectedError, NotUnderstood, SelectionNeeded
from editor.tone import asks_recolour, read
from editor.tone.colours import colour_of, hex_of, shaded
from editor.tone.lexicon.colour_names import COLOUR_NAMES, OTHER_SPELLINGS

SENTENCES = Path(__file__).resolve().parents[2] / "data" / "recolour_phrases.jsonl"


def sentences() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SENTENCES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("line", sentences(), ids=lambda line: line["phrase"])
def test_sentences(line: dict[str, Any]) -> None:
    try:
        found = read(line["phrase"], has_selection=line["selected"], count=1)[0].adjustments
    except ExpectedError:
        assert line["target"] is None
        return
    if line["target"] is None:
        assert found.recolour is None
        return
    assert found.recolour == colour_of(line["target"])
    source = line["source"]
    assert found.recolour_from == (colour_of(source) if source else None)
    assert found.invert_selection == line["outside"]


def test_there_are_sixty_names_and_each_is_a_colour() -> None:
    assert len(COLOUR_NAMES) >= 60
    for name in (*COLOUR_NAMES, *OTHER_SPELLINGS):
        assert all(0 <= channel <= 1 for channel in colour_of(name)), name


def test_hex_is_taken_as_it_stands() -> None:
    assert hex_of(colour_of("#3a7bd5")) == "#3a7bd5"
    assert colour_of("#0af") == colour_of("#00aaff")


def test_shades_are_darker_lighter_and_quieter() -> None:
    blue = colour_of("#3a7bd5")
    assert sum(shaded(blue, 0.7, 1.0)) < sum(blue) < sum(shaded(blue, -0.4, 1.0))
    quiet = shaded(blue, 1.0, 0.3)
    assert max(quiet) - min(quiet) < max(blue) - min(blue)
    assert colour_of("dark green") != colour_of("green")


def test_readings_are_shades_of_the_colour() -> None:
    found = read("make the car red", has_selection=True, count=4)
    colours = [one.adjustments.recolour for one in found]
    assert len(set(colours)) == 4
    assert colours[0] == colour_of("red")


def test_metals_shine() -> None:
    assert read("make the ring gold", has_selection=True)[0].adjustments.recolour_metallic
    assert not read("make the ring red", has_selection=True)[0].adjustments.recolour_metallic


def test_a_thing_needs_a_selection() -> None:
    with pytest.raises(SelectionNeeded, match="the house"):
        read("paint the house blue", has_selection=False)
    with pytest.raises(SelectionNeeded):
        read("#3a7bd5", has_selection=False)


def test_it_alone_is_the_whole_picture_without_a_selection() -> None:
    cast = read("make it blue", has_selection=False)[0].adjustments
    assert cast.recolour is None
    assert cast.temperature < 0
    assert read("make it blue", has_selection=True)[0].adjustments.recolour is not None


def test_tone_may_be_asked_for_as_well() -> None:
    found = read("make the car red and a bit darker", has_selection=True)[0].adjustments
    assert found.recolour == colour_of("red")
    assert found.exposure < 0


def test_two_recolours_are_refused() -> None:
    with pytest.raises(NotUnderstood):
        read("make the cat black and the wall white", has_selection=True)
    assert not asks_recolour("make the cat black and the wall white")


def test_an_orange_is_a_fruit() -> None:
    assert not asks_recolour("turn the ball into an orange")
    assert not asks_recolour("turn water into wine")
    assert asks_recolour("turn the ball into an orange one")


@pytest.mark.parametrize(
    ("words", "selected", "target", "source"),
    [
        ("change the dress colour to dark red", True, "dark red", None),
        ("swap the pink flowers to white", False, "white", "pink"),
        ("teal instead of red", False, "teal", "red"),
        ("any green should become gold", False, "gold", "green"),
        ("i wish the couch was mint green", True, "mint green", None),
    ],
)
def test_more_sentences(words: str, selected: bool, target: str, source: str | None) -> None:
    found = read(words, has_selection=selected)[0].adjustments
    assert found.recolour == colour_of(target)
    assert found.recolour_from == (colour_of(source) if source else None)


def test_what_was_read_is_said() -> None:
    sentence = str(read("turn all reds into teal", has_selection=False)[0].sentence)
    assert sentence.startswith("Red recoloured to teal (#")
    assert "white" in str(read("make the wall white", has_selection=True)[0].sentence)
    assert "brown" in str(read("make the wall brown", has_selection=True)[0].sentence)
