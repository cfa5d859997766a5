"""Reads checkpoints that are pickles, as tables of tensors; no code of theirs is run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

_PARAMETERS: Final = ("params_ema", "params", "state_dict", "model_state_dict", "model", "module")
"""Under which checkpoints hold their weights (names of BasicSR, Lightning, timm and others)."""

_EMBEDDING: Final = "string_to_param"
"""Under which the authors' code of textual inversion (Gal et al. 2023) holds its vectors."""

_LEFT_OUT: Final = ("pytorch_lightning.", "lightning.", "omegaconf.", "numpy.")
"""Modules of the training, whose objects lie beside the weights of older checkpoints."""


class _LeftOut:
    """Stands for an object of the training; it takes everything and does nothing."""

    def __init__(self, *arguments: object) -> None: ...

    def __setstate__(self, state: object) -> None: ...

    def append(self, item: object) -> None: ...

    def __setitem__(self, key: object, value: object) -> None: ...


def read_pickle(file: Path) -> dict[str, Any]:
    """The tensors of a checkpoint by name.

    torch's restricted reader builds tensors and plain containers. Objects of a training framework
    become `_LeftOut`; whatever else a file asks for ends the reading.

    Raises:
        ValueError: it is damaged, asks for code, or holds no table of tensors.
    """
    import torch
    from torch.serialization import get_unsafe_globals_in_checkpoint, safe_globals

    try:
        asked = get_unsafe_globals_in_checkpoint(str(file))
    except (RuntimeError, ValueError):  # the older form without a zip: the reader decides alone
        asked = []
    left_out: list[Any] = [(_LeftOut, name) for name in asked if name.startswith(_LEFT_OUT)]
    code = [name for name in asked if not name.startswith(_LEFT_OUT)]
    if code:
        raise ValueError(f"it asks for code ({code[0]})")
    try:
        with safe_globals(left_out):
            state = torch.load(file, map_location="cpu", weights_only=True)
    except MemoryError:
        raise
    except Exception:  # anything on damaged files, and torch's words say how to run the code
        raise ValueError("it is damaged or holds more than weights") from None
    if not isinstance(state, Mapping):
        raise ValueError("it holds no table of weights")
    vectors = state.get(_EMBEDDING)
    if isinstance(vectors, Mapping) and vectors:
        state = {"emb_params": next(iter(vectors.values()))}
    for name in _PARAMETERS:
        if isinstance(state.get(name), Mapping):
            state = state[name]
            break
    return _tensors(state)


def _tensors(state: Mapping[Any, Any]) -> dict[str, Any]:
    import torch

    found = {str(name): value for name, value in state.items() if isinstance(value, torch.Tensor)}
    beside = (torch.Tensor, _LeftOut, int, float, type(None))  # counters of steps
    more = [value for value in state.values() if not isinstance(value, beside)]
    if not found or more:
        raise ValueError("it holds more than weights" if found else "it holds no weights")
    # Cloned: a file may hold views of one tensor, which safetensors does not keep.
    return {name: value.detach().clone().contiguous() for name, value in found.items()}
