from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from editor.messages import Message
from inference.diffusion.finite import NotFinite
from inference.models.errors import ModelDamaged
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore

_Made = TypeVar("_Made")


def in_safe_precision(
    models: ModelStore, role: str, make: Callable[[LoadedDiffusion], _Made]
) -> _Made:
    """Call `make` with the model of a role; again in float32 if half precision overflowed.

    After an overflow the model stays in float32 for this session.

    Raises:
        ModelDamaged: the result is not finite in float32 either.
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
                Message("model.not_finite", model=model.found.id),
                Message("do.other_model"),
            ) from None
