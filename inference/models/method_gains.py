"""How much better than doing nothing each method was, where somebody measured it with a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from editor.messages import Message
from inference.models.errors import ModelDamaged
from inference.models.store import ModelStore
from inference.request.registry import MethodInfo

GAINS_FILE: Final = "gains.json"
"""Beside a model: ``{"command": …, "gains": {method: {kind: number}}}``; kinds are those of
`inference.language.edit_kind`."""


def gains(models: ModelStore, info: MethodInfo) -> Mapping[str, float]:
    """For each kind of edit, what a method with its serving model gained over doing nothing.

    Zero or less is no better; a kind that is not there was not measured. The file says with which
    command it was measured, and so on how many edits: of the starter models on twenty of a kind.
    Auto asks for the sign only.

    Raises:
        ModelDamaged: the file is no such thing.
    """
    found: dict[str, float] = {}
    for role in info.roles:
        model = models.model(role, info.name)
        if model is None or not (model.folder / GAINS_FILE).is_file():
            continue
        try:
            stored = json.loads((model.folder / GAINS_FILE).read_text("utf-8"))["gains"]
            found |= {str(k): float(v) for k, v in dict(stored.get(info.name, {})).items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ModelDamaged(
                Message("model.bad_settings", model=model.id, file=GAINS_FILE),
                Message("do.correct_file"),
            ) from error
    return found
