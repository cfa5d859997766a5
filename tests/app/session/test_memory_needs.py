from __future__ import annotations

from pathlib import Path

import pytest

from app.runtime.settings import Settings
from app.session.memory_needs import MemoryNeeds, MethodModel
from inference.models.store import ModelStore
from inference.request.device_info import DeviceInfo
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

GB = 1_000_000_000


class OneModel:
    """Stands in for `ModelChoices`: one method has a model."""

    def __init__(self, folder: Path) -> None:
        store = ModelStore([folder])
        model = store.model("text_to_image")
        assert model is not None
        side = store.planner.prepare(model)
        assert side == 64
        self._found = MethodModel(model, side, store.planner)

    def memory_of(self, method: str) -> MethodModel | None:
        return self._found if method == "sdedit" else None


def test_what_an_edit_takes_is_said_before_it_is_run(tmp_path: Path) -> None:
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    device = DeviceInfo("cpu", "CPU", frozenset(), 8 * GB)
    settings = Settings(tmp_path / "settings.json")
    needs = MemoryNeeds(OneModel(tmp_path).memory_of, settings)
    assert str(needs.sentence("sdedit", None, device)) == "About 0.5 GB of memory at its peak"
    assert needs.sentence("upscale", None, device) is None
    large = str(needs.sentence("sdedit", 30_000, device))
    assert large.startswith("About ")
    assert "drawn in tiles" in large
    device = DeviceInfo("cpu", "CPU", frozenset(), GB // 4)
    assert str(needs.sentence("sdedit", 1024, device)).endswith(
        "more than this computer has for it"
    )
    assert needs.sentence("sdedit", None, None) is None, "the engine is starting"
