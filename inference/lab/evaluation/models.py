"""The models that a protocol runs on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from inference.ipc.domains import register_domains
from inference.lab.training.environment import starter_folder
from inference.models.libraries import prepare_libraries, quiet
from inference.models.store import ModelStore


def starter_models(folder: Path | None) -> ModelStore:
    """The models below a folder, None for the program's own; worlds and libraries are ready."""
    register_domains()
    prepare_libraries()
    quiet()
    return ModelStore([folder or starter_folder()])


def digests_of(models: ModelStore, roles: Iterable[str]) -> dict[str, str]:
    """Id and digest of the model that serves each role: what a run's values depend on."""
    found = {role: models.model(role) for role in sorted(set(roles))}
    return {
        role: f"{model.id} {models.digest(model)}"
        for role, model in found.items()
        if model is not None
    }
