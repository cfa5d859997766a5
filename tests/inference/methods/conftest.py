from __future__ import annotations

from pathlib import Path

import pytest

from inference.models.store import ModelStore
from tests.inference import tiny_models


@pytest.fixture(scope="session")
def model_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text-to-image and an InstructPix2Pix model of random weights."""
    import warnings

    root = tmp_path_factory.mktemp("diffusion-models")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        tiny_models.diffusion(root / "sd", edits=False)
        tiny_models.diffusion(root / "ip2p", edits=True)
    return root


@pytest.fixture
def store(model_tree: Path) -> ModelStore:
    return ModelStore([model_tree], device="cpu")
