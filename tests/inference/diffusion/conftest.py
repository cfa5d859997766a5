from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from tests.inference import tiny_models


@pytest.fixture(scope="session")
def text_to_image_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text-to-image model of random weights."""
    folder = tmp_path_factory.mktemp("sampling") / "sd"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return tiny_models.diffusion(folder, edits=False)


@pytest.fixture
def model(text_to_image_folder: Path) -> LoadedDiffusion:
    return ModelStore([text_to_image_folder], device="cpu").diffusion("text_to_image")
