"""The action behind "Add a model": it opens the models with what is needed on top."""

from __future__ import annotations

from typing import Final

from editor.messages import Message
from inference.models.roles import ROLE_NAMES

SHOW_MODELS: Final = "show_models:"
"""Begins that action; the need follows: a role, or `REPAINT`."""

REPAINT: Final = "repaint"
"""The need of a picture that no painting model here knows."""


def show_models(need: str = "") -> str:
    """The id of the action for a need; without one the models are shown as they are."""
    return f"{SHOW_MODELS}{need}" if need else SHOW_MODELS.removesuffix(":")


def needed_role(message: Message) -> str:
    """The role that a message about a missing model names first; "" where it names none."""
    values = dict(message.values)
    named = (values.get("role"), *values.get("models", ()))
    return next((role for role, name in ROLE_NAMES.items() if name in named), "")
