from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from inference.models.store import ModelStore
from tests.inference.vision.clip import clip_cases


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def learnt_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP that has learnt `clip_cases.COLOURS` by heart."""
    return clip_cases.learn(tmp_path_factory.mktemp("learnt") / "clip")


@pytest.fixture
def learnt(learnt_folder: Path) -> ModelStore:
    return ModelStore([learnt_folder], device="cpu")
