"""Every method that draws takes LoRA files, request by request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Selection
from inference.models.store import ModelStore
from inference.request.registry import METHODS, method
from tests.inference import lora_files, tiny_models
from tests.inference.methods.diffusion_cases import request

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

DRAWING = [
    info.name
    for info in METHODS.values()
    if info.has("lora") and set(info.roles) & {"text_to_image", "inpaint", "instruct_pix2pix"}
]
"""Those of stock pipelines: `test_pipeline_editors.py`."""


@pytest.mark.parametrize("name", DRAWING)
def test_weights_of_each_request(name: str, store: ModelStore, tmp_path: Path) -> None:
    model = store.diffusion(method(name).roles[0])
    files = []
    for seed in (1, 2):
        matrices = lora_files.drawn(model, {"unet": ("to_q", "to_v", "ff.net.2")}, seed)
        file = tmp_path / f"{seed}.safetensors"
        files.append(str(lora_files.written(file, matrices, "diffusers")))
    source = Image.from_array(tiny_models.scene(64, 64))

    def asked(*loras: tuple[str, float]) -> EditRequest:
        settings: dict[str, Any] = {"lora": loras} if loras else {}
        words = Instruction("turn it into a boat", "a house", "a boat")
        return replace(request(name, seed=4, **settings), instruction=words)

    plain, none, one, two = (
        asked(), asked((files[0], 0.0)), asked((files[0], 1.0)), asked((files[1], 0.5)),
    )  # fmt: skip

    def edit(*requests: EditRequest) -> list[Any]:
        fresh = method(name).load()(store)
        selected = Selection.from_rect(Rect(8, 8, 40, 40), 64, 64)
        where = selected if method(name).needs_selection else None
        return [patch.pixels for patch in fresh.edit(requests, source, where, lambda step: None)]

    (before,), (nothing,), (alone,) = edit(plain), edit(none), edit(two)
    assert np.array_equal(nothing, before)
    together = edit(one, plain, none, two)
    for pixels, expected in ((1, before), (2, before), (3, alone)):
        assert np.abs(together[pixels] - expected).max() <= 1 / 255
    for place, other in ((0, 1), (3, 1), (0, 3)):
        assert np.abs(together[place] - together[other]).max() > 4 / 255


def test_requests_with_files_come_back_from_json() -> None:
    asked = request("sdedit", lora=(("a.safetensors", 0.5), ("b.safetensors", -1.0)))
    again = EditRequest.from_json(asked.to_json())
    assert again == asked
    assert again.key == asked.key
