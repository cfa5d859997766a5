from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.errors import ExpectedError, NotUnderstood, SelectionNeeded
from editor.messages import Catalogue
from editor.render.adjustments.parameters import HUES, Adjustments
from editor.tone import STARTERS, describe_settings, diff_label, known_words, read


def first(text: str, *, selected: bool = False) -> Adjustments:
    return read(text, has_selection=selected, count=1)[0].adjustments


def asked(text: str, *, selected: bool = False) -> dict[str, int]:
    return dict(read(text, has_selection=selected, count=1)[0].wanted_changes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("warmer, and lift the shadows a little", {"warmth": 1, "shadows": 1}),
        ("could you please make it a bit warmer?", {"warmth": 1}),
        ("it's too dark", {"lightness": 1}),
        ("not so dark", {"lightness": 1}),
        ("the picture looks flat", {"contrast": 1}),
        ("make it look flat", {"contrast": -1}),
        ("there is no contrast", {"contrast": 1}),
        ("slightly warmer and a lot less saturated", {"warmth": 1, "chroma": -1}),
        ("less contrast and saturation", {"contrast": -1, "chroma": -1}),
        ("the whites are blown out", {"highlights": -1}),
        ("brighten this dark picture", {"lightness": 1}),
        ("warm the cold tones", {"warmth": 1}),
        ("lift the deep shadows", {"shadows": 1}),
        ("the highlights are too strong, bring them down", {"highlights": -1}),
        ("there's a green cast, get rid of it", {"tint": 1}),
        ("the corners are darker than the middle", {"edge_darkening": 1}),
        ("blue shadows and orange highlights", {"shadow_warmth": -1, "highlight_warmth": 1}),
        ("the greens are too green", {"chroma_green": -1}),
        ("soften the contrast", {"contrast": -1}),
        ("lift the haze", {"contrast": 1}),
        ("colour grade: teal and orange", {"shadow_warmth": -1, "highlight_warmth": 1}),
        ("B&W", {"hue_spread": -1}),
        ("it is not sharp", {"sharpness": 1, "fine_detail": 1}),
        ("the picture isn't bright", {"lightness": 1}),
        ("don't make it so warm", {"warmth": -1}),
        ("warmer 🌅", {"warmth": 1}),
        ("war\u200bmer", {"warmth": 1}),
        ("\u202ewarmer\u202c ❤\ufe0f", {"warmth": 1}),
        ("ｗａｒｍｅｒ", {"warmth": 1}),
    ],
)  # fmt: skip
def test_what_is_asked(text: str, expected: dict[str, int]) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("+1 stop", {"exposure": 1.0}),
        ("exposure 1,5", {"exposure": 1.5}),
        ("rotate 1,5 degrees clockwise", {"straighten": 1.5}),
        ("crop to 1,85:1", {"crop_ratio": [1.85, 1.0]}),
        ("saturation 1.1", {"saturation": pytest.approx(0.1)}),
        ("contrast 1.05", {"contrast": pytest.approx(0.05)}),
        ("contrast 20", {"contrast": 0.2}),
        ("half a stop darker", {"exposure": -0.5}),
        ("a stop and a half brighter", {"exposure": 1.5}),
        ("twice as bright", {"exposure": 1.0}),
        ("exposure -1/3", {"exposure": -0.333}),
        ("contrast +25, saturation -10", {"contrast": 0.25, "saturation": -0.1}),
        ("increase saturation by 20 %", {"saturation": 0.2}),
        ("raise shadows 25", {"shadows": 0.25}),
        ("crop to 16:9", {"crop_ratio": [16.0, 9.0]}),
        ("crop to a 4 by 5 portrait", {"crop_ratio": [4.0, 5.0]}),
        ("portrait crop, 3:2", {"crop_ratio": [2.0, 3.0]}),
        ("square please", {"crop_ratio": [1.0, 1.0]}),
        ("rotate left by 1.5 degrees", {"straighten": -1.5}),
        ("2° clockwise", {"straighten": 2.0}),
        ("black and white", {"black_and_white": 1.0}),
    ],
)  # fmt: skip
def test_figures_are_taken_exactly(text: str, settings: dict[str, Any]) -> None:
    assert first(text).to_settings() == settings


def test_an_unnamed_sense_offers_both() -> None:
    turns = [r.adjustments.straighten for r in read("straighten by 2 degrees", has_selection=False)]
    assert turns == [2.0, -2.0]


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("rotate left", [{"quarter_turns": 3}]),
        ("turn it to the right", [{"quarter_turns": 1}]),
        ("a quarter turn left", [{"quarter_turns": 3}]),
        ("rotate 90 degrees", [{"quarter_turns": 1}, {"quarter_turns": 3}]),
        ("rotate by -90°", [{"quarter_turns": 3}]),
        ("rotate 180 degrees", [{"quarter_turns": 2}]),
        ("the picture is upside down", [{"quarter_turns": 2}]),
        ("it is turned 90 degrees to the left", [{"quarter_turns": 1}]),
        ("rotate 100 degrees clockwise", [{"quarter_turns": 1, "straighten": 10.0}]),
        ("flip horizontally", [{"flip_horizontal": True}]),
        ("mirror it vertically", [{"flip_horizontal": True, "quarter_turns": 2}]),
        ("mirror the picture", [{"flip_horizontal": True},
                                {"flip_horizontal": True, "quarter_turns": 2}]),
        ("flip horizontally and vertically", [{"quarter_turns": 2}]),
        ("rotate left and flip horizontally", [{"flip_horizontal": True, "quarter_turns": 1}]),
        ("flip horizontally and rotate left", [{"flip_horizontal": True, "quarter_turns": 3}]),
        ("rotate 3 degrees clockwise and flip horizontally", [{"flip_horizontal": True,
                                                               "straighten": -3.0}]),
    ],
)  # fmt: skip
def test_turns_and_flips(text: str, settings: list[dict[str, Any]]) -> None:
    found = [r.adjustments.to_settings() for r in read(text, has_selection=False)]
    assert found == settings


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_readings_differ_and_the_first_is_plain(count: int) -> None:
    readings = read("warmer", has_selection=False, count=count)
    assert len(readings) == count
    assert len({r.adjustments for r in readings}) == count
    assert readings[0].adjustments.to_settings() == {"temperature": 0.35}


def test_amounts_are_graded() -> None:
    amounts = [
        first(text).temperature
        for text in ("slightly warmer", "a bit warmer", "warmer", "much warmer", "way warmer")
    ]
    assert amounts == sorted(amounts)
    assert len(set(amounts)) == 5
    assert first("warmer, but not too much").temperature < first("warmer").temperature
    assert first("warmer, but not too warm").temperature < first("warmer").temperature


def test_kept_quantities_are_named_and_spared() -> None:
    reading = read("brighter, but keep the highlights", has_selection=False)[0]
    assert reading.fixed_quantities == ("highlights",)
    assert reading.adjustments.exposure == 0.0
    assert read("warmer without changing the brightness", has_selection=False)[
        0
    ].fixed_quantities == ("lightness",)
    assert first("cinematic but no vignette").vignette == 0.0
    skin = read("more colour but leave the skin alone", has_selection=False)[0]
    assert skin.fixed_quantities == ("chroma_orange",)


def test_selective_colour() -> None:
    kept = first("everything black and white except the reds").hue_saturation
    assert kept == tuple(0.0 if hue == "red" else -1.0 for hue in HUES)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("darken the sky", "sky"),
        ("brighten her face", "face"),
        ("whiten the teeth", "teeth"),
        ("make the grass greener", "grass"),
        ("blur the background", "background"),
        ("remove this spot", "spot"),
        ("make the dress red", "dress"),
    ],
)
def test_parts_need_a_selection(text: str, part: str) -> None:
    with pytest.raises(SelectionNeeded) as refusal:
        read(text, has_selection=False)
    assert part in str(refusal.value.message)
    assert "selection" in str(refusal.value.message)
    assert read(text, has_selection=True)


def test_parts_with_a_selection() -> None:
    behind = first("blur the background", selected=True)
    assert behind.invert_selection
    assert behind.blur > 0
    assert first("remove this", selected=True).remove_spot
    assert not first("darken the sky", selected=True).invert_selection
    spared = first("blur everything but the dog", selected=True)
    assert spared.invert_selection


@pytest.mark.parametrize(
    "text",
    [
        "turn the boat into a swan",
        "make it sunset",
        "make it night",
        "add a rainbow",
        "make the flimflam brighter",
        "warmer and more zorblax",
        "remove the car",
        "straighten the horizon",
        "crop it",
        "blur by 10 px",
        "keep the shadows",
        "make it nice",
        "brighter and darker",
        "contrast",
        "rotate",
        "rotate by 360 degrees",
        "straighten by 60 degrees",
        "rotate the cat by 90 degrees",
        "flip the house",
        "flip the colours",
        "flip horizontally and flip horizontally",
        "",
        "?!",
    ],
)
def test_what_is_not_known_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        read(text, has_selection=False)
    assert refusal.value.message
    assert refusal.value.fix


def test_unknown_words_are_named_with_their_neighbours() -> None:
    with pytest.raises(NotUnderstood) as refusal:
        read("more contrazzzt", has_selection=False)
    assert "contrazzzt" in str(refusal.value.message)
    assert "contrast" in refusal.value.nearest


def test_typing_mistakes_are_corrected_and_said() -> None:
    reading = read("warmr, more contarst", has_selection=False)[0]
    assert dict(reading.wanted_changes) == {"warmth": 1, "contrast": 1}
    assert len(reading.corrections) == 2
    assert "“contarst” read as “contrast”" in map(str, reading.corrections)
    for word in ("fighter", "horse", "matter", "paint", "castle", "whale"):
        with pytest.raises(ExpectedError):
            read(f"{word}", has_selection=False)


def test_spelling_of_both_sides_of_the_ocean() -> None:
    for one, other in (("more colour", "more color"), ("greyscale", "grayscale"), ("cosy", "cozy")):
        assert first(one) == first(other)


def test_sentences() -> None:
    assert str(read("warmer", has_selection=False)[0].sentence) == "Warmer"
    sentence = describe_settings(Adjustments(temperature=0.3, shadows=0.2))
    assert str(sentence) == "Warmer, shadows lifted a little"
    german = Catalogue(
        {
            "done.temperature.more": "wärmer",
            "done.shadows.more": "Tiefen heller",
            "done.a_little": "{what}, ein wenig",
        }
    )
    assert german.text(sentence) == "Wärmer, Tiefen heller, ein wenig"
    assert str(describe_settings(Adjustments())) == "No change"
    outside = describe_settings(Adjustments(exposure=-2.0, invert_selection=True))
    assert str(outside) == "Outside the selection: darker a lot"


def test_labels_are_plain() -> None:
    assert diff_label("Could you please make it warmer?") == "warmer"
    assert diff_label("  I'd like  more contrast, please. ") == "more contrast"
    assert diff_label("please") == "please"
    assert len(diff_label("warmer and " * 30)) <= 60


def test_help_and_starters() -> None:
    words = known_words()
    assert "warmer" in words["what"]
    assert "shadows" in words["where"]
    for phrase in STARTERS:
        assert read(phrase, has_selection=False)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        readings = read(text, has_selection=False)
    except (NotUnderstood, SelectionNeeded) as refusal:
        assert refusal.message  # noqa: PT017 -- both ways out are fine
    else:
        assert all(not r.adjustments.is_neutral for r in readings)


SAID = [
    "warmer",
    "much",
    "the shadows",
    "darker",
    "not",
    "too",
    "and",
    ",",
    "but",
    "blue",
    "less",
    "contrast",
    "keep",
    "sky",
    "a bit",
    "20 %",
    "moody",
    "reds",
    "is",
    "remove",
    "crop",
    "16:9",
    "them",
    "without",
    "like",
    "back",
    "more",
    "grain",
    "no",
    "edges",
    "it",
    "soft",
    "rotate",
    "left",
    "flip",
    "vertically",
    "upside down",
]


@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=8), st.booleans())
def test_any_order_of_known_words_is_read_or_refused(words: list[str], selected: bool) -> None:
    try:
        readings = read(" ".join(words), has_selection=selected, count=8)
    except (NotUnderstood, SelectionNeeded) as refusal:
        assert refusal.message  # noqa: PT017 -- both ways out are fine
    else:
        assert len({r.adjustments for r in readings}) == len(readings)


def test_black_and_white_is_not_done_by_halves() -> None:
    for reading in read("black and white", has_selection=False, count=6):
        assert reading.adjustments.black_and_white == 1.0
    slightly = read("slightly black and white", has_selection=False, count=1)[0]
    assert slightly.adjustments.black_and_white < 1.0


@pytest.mark.parametrize(
    "text",
    [
        "don't make it warmer", "please don't make it warmer", "dont make it warmer",
        "never make it darker", "don't sharpen it", "i don't want it brighter",
        "do not increase the contrast", "don't make it any darker please",
    ],
)  # fmt: skip
def test_what_is_forbidden_is_never_done(text: str) -> None:
    with pytest.raises(NotUnderstood, match="only says what should stay"):
        read(text, has_selection=False)


def test_a_weight_of_a_prompt_is_refused_by_name() -> None:
    for text in ("(warmer:1.3)", "brighter, (warmer: 0,8)"):
        with pytest.raises(NotUnderstood, match="weight") as refused:
            read(text, has_selection=False)
        assert "(warmer:" in str(refused.value)


@given(st.sampled_from(["warmer", "more contrast", "+0.5 stops"]), st.data())
def test_characters_without_meaning_change_nothing(text: str, data: st.DataObject) -> None:
    silent = st.sampled_from("\u200b\u200d\u2060\ufeff\u202a\u202e\u2066\ufe0f🌅☀🎨")
    ends = data.draw(st.lists(silent, max_size=4)), data.draw(st.lists(silent, max_size=4))
    decorated = f"{''.join(ends[0])}{text}{''.join(ends[1])}"
    assert first(decorated) == first(text)
