from __future__ import annotations

import dataclasses

import pytest

from editor.model.edit import Instruction
from editor.render.adjustments.parameters import Adjustments
from inference.request import registry
from inference.request.analysis import Variant
from inference.request.jobs import InstructionReady
from inference.request.registry import ADJUST, METHODS, UnknownMethod, method, plan_requests
from inference.request.settings import BadSetting


def test_settings_of_adjust_are_its_parameters() -> None:
    names = {f.name for f in dataclasses.fields(Adjustments)} - {"seed"}
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


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(BadSetting) as setting:
        ADJUST.setting("magic")
    assert "exposure" in str(setting.value.fix)
    with pytest.raises(UnknownMethod) as unknown:
        method("magic")
    assert "adjust" in str(unknown.value.fix)


def _ready(*variants: dict[str, float], name: str = "adjust") -> InstructionReady:
    made = tuple(Variant(tuple(sorted(v.items())), f"way {i}") for i, v in enumerate(variants))
    return InstructionReady("job", Instruction("x"), (name,), {name: made})


def test_plan_gives_one_request_per_variant() -> None:
    ready = _ready({"exposure": 1.0}, {"exposure": 0.5}, {"exposure": 2.0})
    requests = plan_requests(ready, source_digest="s", selection_digest="m", count=2, seed=7)
    assert [dict(r.settings) for r in requests] == [{"exposure": 1.0}, {"exposure": 0.5}]
    assert {(r.source_digest, r.selection_digest, r.seed) for r in requests} == {("s", "m", 7)}
    assert len(plan_requests(ready, source_digest="s", count=8)) == 3
    assert ready.sentence_of(requests[1]) == "way 1"


def test_settings_fixed_by_hand_win_and_equal_requests_fall_together() -> None:
    ready = _ready({"exposure": 1.0}, {"exposure": 0.5})
    requests = plan_requests(ready, source_digest="s", settings=(("exposure", 0.1),))
    assert [dict(r.settings) for r in requests] == [{"exposure": 0.1}]


def test_sampling_methods_count_seeds_and_share(monkeypatch: pytest.MonkeyPatch) -> None:
    sampler = dataclasses.replace(ADJUST, name="sampler", variety="seeds", cost=5.0)
    monkeypatch.setattr(registry, "METHODS", {**METHODS, "sampler": sampler})
    ready = _ready({"exposure": 1.0}, {"exposure": 0.5}, {"exposure": 0.2})
    requests = plan_requests(
        ready, source_digest="s", methods=("sampler", "adjust"), count=5, seed=3
    )
    assert [(r.method, r.seed) for r in requests] == [
        ("adjust", 3), ("adjust", 3), ("adjust", 3), ("sampler", 3), ("sampler", 4),
    ]  # fmt: skip


def test_planning_is_pure() -> None:
    ready = _ready({"exposure": 1.0})
    assert plan_requests(ready, source_digest="s") == plan_requests(ready, source_digest="s")
