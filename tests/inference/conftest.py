from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inference.ipc.client import EngineClient


@pytest.fixture(params=["lean", "diffusers"])
def lean(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Small UNets are computed by `LeanUNet`, then by diffusers, as large ones are."""
    if request.param == "diffusers":
        monkeypatch.setattr("inference.diffusion.lean.choice.can_be_lean", lambda unet: False)
    return bool(request.param == "lean")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that answers late, on a busy machine, is not ended for it."""
    monkeypatch.setattr("inference.ipc.client.CANCEL_LIMIT", 1e6)
    monkeypatch.setattr("inference.ipc.client.UNASKED_LIMIT", 1e6)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[EngineClient]:
    """A client whose child also knows the method `slow`."""
    from tests.inference.engine_cases import slow_client

    with slow_client(tmp_path / "home") as running:
        yield running
