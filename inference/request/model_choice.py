from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ModelChoice:
    """The artist's choice of a model.

    Attributes:
        role: what it is to do, such as "text_to_image".
        id: the model's name.
        method: the only method it was chosen for; "" for all.
    """

    role: str
    id: str
    method: str = ""


def chosen_id(choices: Iterable[ModelChoice], role: str, method: str = "") -> str | None:
    """The model chosen for a role; what was chosen for the method itself goes first."""
    own = [one for one in choices if one.role == role and one.method in ("", method)]
    own.sort(key=lambda one: one.method == "")
    return own[0].id if own else None
