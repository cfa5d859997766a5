"""What some tests need and not every machine has."""

from __future__ import annotations

from pathlib import Path

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Public test files that are too large for the repository, beside the checkout."""

NO_SHARED_DATA = "needs the public test files in ../shared/data"
NO_GPU = "needs a GPU that torch can compute on (CUDA)"


def has_gpu() -> bool:
    """True if torch finds a CUDA device."""
    import torch

    return torch.cuda.is_available()
