"""What is said of the models that serve some methods."""

from __future__ import annotations

from collections.abc import Sequence

from editor.messages import Message
from inference.models.roles import role_name
from inference.models.store import ModelStore
from inference.request.registry import MethodInfo


def served_lines(
    models: ModelStore, methods: Sequence[MethodInfo], factor: float | None = None
) -> tuple[Message, ...]:
    """Which model serves each role of some methods, and why, where several could.

    Args:
        models: of this computer.
        methods: whose roles are asked about.
        factor: how many times longer a side is to become, where one of them enlarges.
    """
    lines = []
    for info in methods:
        for role in info.roles:
            found = models.serving(role, info.name, factor)
            if found is not None and found.others:
                lines.append(
                    Message(
                        "serving.line",
                        model=found.model.id,
                        role=role_name(role),
                        reason=found.reason,
                    )
                )
    return tuple(dict.fromkeys(lines))


def lost_choices(models: ModelStore, methods: Sequence[MethodInfo]) -> tuple[Message, ...]:
    """What is said of models that the artist chose for some methods and that are not here."""
    lines = []
    for info in methods:
        for role in info.roles:
            lost, other = models.lost_choice(role, info.name), models.model(role, info.name)
            if lost is not None and other is not None:
                lines.append(Message("serving.lost", model=lost, other=other.id))
    return tuple(lines)
