from __future__ import annotations

from pathlib import Path

import pytest

from app.runtime.settings import Settings
from app.session.memory_needs import MemoryNeeds, MethodModel
from inference.models.store import ModelStore
from inference.request.device_info import DeviceInfo
from inference.request.method_options import MethodOptions
from tests.inference import tiny_models, tiny_pipelines

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

GB = 1_000_000_000
OWN = MethodOptions()
"""Nothing is set."""


class OneModel:
    """Stands in for `ModelChoices`: one method has a model."""

    def __init__(self, folder: Path, method: str = "sdedit", role: str = "text_to_image") -> None:
        self._method = method
        store = ModelStore([folder])
        model = store.model(role)
        assert model is not None
        side = store.planner.prepare(model)
        assert side is not None
        self._found = MethodModel(model, side, store.planner)

    def memory_of(self, method: str) -> MethodModel | None:
        return self._found if method == self._method else None


def test_what_an_edit_takes_is_said_before_it_is_run(tmp_path: Path) -> None:
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    device = DeviceInfo("cpu", "CPU", frozenset(), 8 * GB)
    settings = Settings(tmp_path / "settings.json")
    needs = MemoryNeeds(OneModel(tmp_path).memory_of, settings)
    assert str(needs.sentence("sdedit", OWN, device)) == "About 0.5 GB of memory at its peak"
    assert needs.sentence("upscale", OWN, device) is None
    large = str(needs.sentence("sdedit", MethodOptions(work_side=30_000), device))
    assert large.startswith("About ")
    assert "drawn in tiles" in large
    device = DeviceInfo("cpu", "CPU", frozenset(), GB // 4)
    assert str(needs.sentence("sdedit", MethodOptions(work_side=1024), device)).endswith(
        "more than this computer has for it"
    )
    assert needs.sentence("sdedit", OWN, None) is None, "the engine is starting"


def test_reference_pictures_count(tmp_path: Path) -> None:
    tiny_pipelines.flux2_klein(tmp_path / "klein")
    device = DeviceInfo("cpu", "CPU", frozenset(), 8 * GB)
    klein = OneModel(tmp_path, "flux2_klein", "flux2_klein")
    needs = MemoryNeeds(klein.memory_of, Settings(tmp_path / "settings.json"))

    def peak(*files: str) -> str:
        set_so = MethodOptions((("references", files),), work_side=30_000)
        return str(needs.sentence("flux2_klein", set_so, device))

    assert peak() == str(needs.sentence("flux2_klein", MethodOptions(work_side=30_000), device))
    assert peak() != peak("dog.png") != peak("dog.png", "sofa.png")
