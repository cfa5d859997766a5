from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # tiny_models
sys.path.insert(0, str(Path(__file__).resolve().parent))  # clip_cases

import clip_cases

from inference.models.store import ModelStore


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
