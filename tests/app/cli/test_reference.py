"""`--reference` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.output import UsageError
from app.cli.reference import reference_settings
from editor.model.edit import EditRequest, Instruction
from editor.model.patch import settings_of
from inference.request.registry import method
from inference.request.settings import BadSetting


def test_files_become_the_setting_of_a_method_that_takes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = [Path("dog.png"), tmp_path / "sofa.jpg"]
    wanted = (str(tmp_path / "dog.png"), str(tmp_path / "sofa.jpg"))
    assert reference_settings([], ["adjust"]) == {}
    made = reference_settings(files, ["instruct_pix2pix", "qwen_image_edit"])
    assert made == {"references": wanted}
    setting = method("qwen_image_edit").setting("references")
    assert setting.parse("dog.png|sofa.jpg") == wanted
    request = EditRequest("d", None, Instruction("a"), "qwen_image_edit", 1, settings_of(made))
    assert EditRequest.from_json(request.to_json()) == request
    with pytest.raises(BadSetting, match="references cannot be"):
        reference_settings([*files, Path("third.png")], ["qwen_image_edit"])
    with pytest.raises(UsageError) as refused:
        reference_settings(files, ["instruct_pix2pix"])
    assert str(refused.value.fix) == "Give --method flux2_klein or qwen_image_edit."
