from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from inference.models.interrupt import between_layers
from inference.models.loaded import LoadedDiffusion


def interruptible(
    model: LoadedDiffusion, check: Callable[[], None]
) -> AbstractContextManager[None]:
    """Have every layer of the networks call `check` first: see `between_layers`.

    At real sizes a block of the UNet takes seconds on a CPU, a layer of it does not.
    """
    return between_layers(model.networks, check)
