from __future__ import annotations

import dataclasses

import pytest

from editor.render.adjustments.parameters import Adjustments
from inference.methods.adjust import INFO as ADJUST
from inference.request.registry import METHODS, UnknownMethod, check_settings, method
from inference.request.settings import BadSetting


def test_settings_of_adjust_are_its_parameters() -> None:
    names = {f.name for f in dataclasses.fields(Adjustments)} - {"seed", "recolour_paint"}  # found
    assert {s.name for s in ADJUST.settings} == names
    neutral = Adjustments()
    for info in ADJUST.settings:
        assert info.default == getattr(neutral, info.name), info.name
        assert info.help
        assert info.title


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("exposure", "1.5", 1.5),
        ("exposure", "-5", -5.0),
        ("crop_ratio", "16,9", (16.0, 9.0)),
        ("crop_ratio", "none", None),
        ("remove_spot", "yes", True),
        ("invert_selection", "off", False),
        ("hue_saturation", "1,0,0,0,0,0,0,-1", (1.0, *([0.0] * 6), -1.0)),
    ],
)
def test_parsing(name: str, text: str, value: object) -> None:
    assert ADJUST.setting(name).parse(text) == value
    assert ADJUST.setting(name).check(value) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("exposure", "6"), ("exposure", "nan"), ("exposure", "bright"), ("remove_spot", "maybe"),
     ("hue_saturation", "1,2"), ("crop_ratio", "16"), ("crop_ratio", "0,9"), ("exposure", "")],
)  # fmt: skip
def test_bad_values_are_refused_with_what_is_wanted(name: str, text: str) -> None:
    with pytest.raises(BadSetting) as caught:
        ADJUST.setting(name).parse(text)
    assert name in str(caught.value.message)
    assert str(caught.value.fix).startswith("Give it")


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("nan"), True])
def test_numbers_of_json_that_no_float_takes_are_refused(value: object) -> None:
    for name in ("exposure", "blur"):
        with pytest.raises(BadSetting):
            ADJUST.setting(name).check(value)


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(BadSetting) as setting:
        ADJUST.setting("magic")
    assert "exposure" in str(setting.value.fix)
    with pytest.raises(UnknownMethod) as unknown:
        method("magic")
    assert "adjust" in str(unknown.value.fix)


def test_a_setting_of_other_methods_is_refused_with_those_that_have_it() -> None:
    with pytest.raises(BadSetting) as caught:
        check_settings(["adjust"], (("num_inference_steps", 4),))
    assert "instruct_pix2pix" in str(caught.value.fix)
    assert "generate" not in str(caught.value.fix), "it begins a picture and edits none"
    with pytest.raises(BadSetting) as begins:
        check_settings(["generate"], (("exposure", 1.0),))
    assert "num_inference_steps" in str(begins.value.fix)


def test_a_setting_means_the_same_in_every_method() -> None:
    """`--set` reads a value before it is known which method Auto takes."""
    kinds: dict[str, tuple[object, ...]] = {}
    for info in METHODS.values():
        for one in info.settings:
            facts = (one.kind, one.parts, one.unit, one.optional)
            assert kinds.setdefault(one.name, facts) == facts, one.name
