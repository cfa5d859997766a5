from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from inference.models_loaded import LoadedDiffusion


@contextmanager
def interruptible(model: LoadedDiffusion, check: Callable[[], None]) -> Iterator[None]:
    """Have every block of the networks call `check` first, so that a cancel never waits a step.

    What `check` raises leaves the forward pass; the hooks go in any case.
    """

    def before(*_: Any) -> None:
        check()

    blocks = [
        *model.unet.down_blocks,
        *([model.unet.mid_block] if model.unet.mid_block is not None else []),
        *model.unet.up_blocks,
        *model.vae.encoder.down_blocks,
        *model.vae.decoder.up_blocks,
    ]
    handles = [block.register_forward_pre_hook(before) for block in blocks]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
