"""`--lora` on the command line, with the starter model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.cli.lora import lora_settings
from app.cli.output import UsageError
from editor.model.edit import EditRequest, Instruction
from editor.model.model_ref import ModelRef
from inference.models.store import ModelStore
from inference.request.settings import BadSetting
from tests.app.cli.cli_cases import Run, check
from tests.inference import lora_files, tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def test_the_starter_model_draws_otherwise_and_weight_zero_gives_the_old_bytes(
    run: Run, starter_models: Path, tmp_path: Path
) -> None:
    model = ModelStore([starter_models], device="cpu").diffusion("text_to_image")
    matrices = lora_files.drawn(model, {"unet": ("to_q", "to_v"), "text_encoder": ("q_proj",)})
    file = lora_files.written(tmp_path / "ink.safetensors", matrices, "kohya")
    made: dict[str, Any] = {}
    pixels = {}
    for name, options in (
        ("plain", ()),
        ("none", ("--lora", f"{file}:0")),
        ("full", ("--lora", file)),
    ):
        code, result = run(
            "generate", "a red house in snow", "-o", tmp_path / name, "--models", starter_models,
            "--count", 1, "--seed", 3, "--set", "num_inference_steps=3", *options,
        )  # fmt: skip
        assert code == 0, result
        check("generate", result)
        made[name] = result["candidates"][0]
        pixels[name] = (tmp_path / name / made[name]["file"]).read_bytes()
    assert pixels["none"] == pixels["plain"]
    before, after = (
        np.asarray(Image.open(tmp_path / name / made[name]["file"]), float)
        for name in ("plain", "full")
    )
    assert np.abs(after - before).mean() > 2
    assert "lora" not in made["plain"]["settings"]
    assert made["full"]["settings"]["lora"] == [[str(file), 1.0]]
    assert len(made["full"]["model"]) == len(made["plain"]["model"]) + 1


def test_files_and_weights_as_typed(tmp_path: Path) -> None:
    given = [f"{tmp_path}/a.safetensors:0.5", f"{tmp_path}/b:c.safetensors"]
    assert lora_settings(given, ["sdedit"]) == {
        "lora": ((f"{tmp_path}/a.safetensors", 0.5), (f"{tmp_path}/b:c.safetensors", 1.0))
    }
    (loras,) = lora_settings(["ink.safetensors"], ["sdedit"]).values()
    assert loras == ((str(Path("ink.safetensors").absolute()), 1.0),)
    assert lora_settings([], ["adjust"]) == {}
    with pytest.raises(UsageError, match="--lora"):
        lora_settings(given, ["adjust"])
    with pytest.raises(BadSetting):
        lora_settings(["a.safetensors:9"], ["sdedit"])


def test_a_request_names_the_file_beside_the_model(tmp_path: Path) -> None:
    from app.panels.wording import model_names
    from inference.models.lora_file import lora_ref

    file = tmp_path / "ink.safetensors"
    file.write_bytes(b"weights")
    ref = lora_ref(file, lambda: None)
    model = ModelRef("text_to_image", "sd", "stable-diffusion", "0" * 40)
    helper = ModelRef("captioner", "blip", "blip", "1" * 40)
    request = EditRequest(
        "0" * 40, None, Instruction("a boat"), "generate", 1, models=(model, ref, helper)
    )
    assert model_names(request) == ["sd", "ink"]
    with ModelStore([tmp_path]).using((ref,)):
        pass  # it is no model that has to be found
