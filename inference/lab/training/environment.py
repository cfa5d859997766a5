"""What must happen before torch's friends are imported, and where training keeps things."""

from __future__ import annotations

import os
from pathlib import Path

from inference.models.libraries import prepare_libraries, quiet

__all__ = ["give_way", "prepare_libraries", "quiet", "starter_folder", "training_folder"]


def training_folder() -> Path:
    """``$PENTIMENTO_TRAINING``, else the user's cache folder; holds gigabytes, never committed."""
    named = os.environ.get("PENTIMENTO_TRAINING")
    return Path(named) if named else Path.home() / ".cache" / "pentimento-training"


def starter_folder() -> Path:
    """Where the program's own models lie, and training installs finished ones."""
    return Path(__file__).resolve().parents[3] / "resources" / "models" / "starter"


def give_way() -> None:
    """Training gives way to everything else on the machine; before torch is first imported.

    Idle threads must not spin, which OpenMP decides when torch is imported.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if hasattr(os, "nice"):
        os.nice(max(0, 19 - os.nice(0)))
