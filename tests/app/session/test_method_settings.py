"""What is set for a method is remembered, checked, and given to every job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.runtime.settings import Settings
from app.session.method_settings import MethodSettings
from inference.request.method_options import MethodOptions
from inference.request.settings import BadSetting

METHOD = "instruct_pix2pix"


def test_values_are_remembered_per_method_and_set_back(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = MethodSettings(Settings(file))
    heard: list[str] = []
    settings.changed.connect(heard.append)
    settings.set(METHOD, "num_inference_steps", 12)
    settings.set(METHOD, "negative_prompt", "fog")
    settings.set_seed(METHOD, 4021)
    settings.set_work_side(METHOD, 512)
    settings.set("sdedit", "strength", 0.4)
    again = MethodSettings(Settings(file))
    expected = MethodOptions((("negative_prompt", "fog"), ("num_inference_steps", 12)), 4021, 512)
    assert again.options(METHOD) == expected
    assert dict(again.for_job()) == {
        METHOD: expected,
        "sdedit": MethodOptions((("strength", 0.4),)),
    }
    again.reset(METHOD)
    assert not again.is_changed(METHOD)
    assert again.is_changed("sdedit")
    assert heard == [METHOD] * 4 + ["sdedit"]


def test_the_default_is_not_stored(tmp_path: Path) -> None:
    settings = MethodSettings(Settings(tmp_path / "settings.json"))
    settings.set(METHOD, "num_inference_steps", 12)
    settings.set(METHOD, "num_inference_steps", 20)
    settings.set(METHOD, "negative_prompt", "")
    assert settings.for_job() == ()


def test_what_a_method_cannot_take_is_refused(tmp_path: Path) -> None:
    settings = MethodSettings(Settings(tmp_path / "settings.json"))
    with pytest.raises(BadSetting):
        settings.set(METHOD, "num_inference_steps", 0)
    with pytest.raises(BadSetting):
        settings.set(METHOD, "strength", 0.5)


def test_a_file_edited_by_hand_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    stored = {METHOD: {"num_inference_steps": "many", "guidance_scale": 5, "seed": True,
                       "work_side": 7, "magic": 1}, "sdedit": 3, "gone": {"x": 1}}  # fmt: skip
    file.write_text(json.dumps({"method_settings": stored}), "utf-8")
    settings = MethodSettings(Settings(file))
    assert settings.for_job() == ((METHOD, MethodOptions((("guidance_scale", 5.0),))),)


def test_the_time_in_which_auto_tries_several_methods(tmp_path: Path) -> None:
    file = Settings(tmp_path / "settings.json")
    settings = MethodSettings(file)
    assert settings.time_limit() is None, "the best fitting one alone"
    file.set("time_limit", 40)
    assert settings.time_limit() == 40.0
    with pytest.raises(ValueError, match="time_limit"):
        file.set("time_limit", -1)


def test_reference_pictures_are_taken_away_and_nothing_else(tmp_path: Path) -> None:
    settings = MethodSettings(Settings(tmp_path / "settings.json"))
    settings.set("flux2_klein", "references", ("/pictures/dog.png",))
    settings.set("flux2_klein", "num_inference_steps", 6)
    settings.set("qwen_image_edit", "references", ("/pictures/sofa.png",))
    heard: list[str] = []
    settings.changed.connect(heard.append)
    settings.clear_references()
    assert settings.for_job() == (("flux2_klein", MethodOptions((("num_inference_steps", 6),))),)
    assert sorted(heard) == ["flux2_klein", "qwen_image_edit"]
    settings.clear_references()
    assert len(heard) == 2, "nothing was there"
