from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from editor.render.heap import give_back_memory

if TYPE_CHECKING:
    from inference.models.devices import Device


def give_back_models(device: Device | None) -> None:
    """Give the memory of models that were dropped back to the system.

    Networks hold themselves in cycles, and torch and the C library keep what was freed.

    Args:
        device: where they were; None where none was loaded yet.
    """
    gc.collect()
    give_back_memory()
    if device is not None and device.kind != "cpu":
        import torch

        getattr(torch, device.kind).empty_cache()
