from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from inference.diffusion.sample import NotFinite
from inference.models.errors import ModelDamaged
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore

_Made = TypeVar("_Made")


def in_safe_precision(
    models: ModelStore, role: str, make: Callable[[LoadedDiffusion], _Made]
) -> _Made:
    """`make` with the model of a role; again in float32 where half precision ran over.

    From then on this session keeps the model in float32.

    Raises:
        ModelDamaged: there are no numbers in the result even then.
    """
    model = models.diffusion(role)
    try:
        return make(model)
    except NotFinite:
        model = models.widen(role)
        try:
            return make(model)
        except NotFinite:
            raise ModelDamaged(
                f"The model {model.found.id} makes no picture: its results are not numbers.",
                "Choose another model",
            ) from None
