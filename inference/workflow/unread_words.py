from __future__ import annotations

from typing import Final

from editor.messages import Message
from editor.model.edit import Instruction
from inference.models.model_domain import domain_of_model
from inference.models.prompt_length import unread_end
from inference.models.store import ModelStore
from inference.request.registry import MethodInfo

DESCRIBED: Final = frozenset({"text_to_image", "inpaint"})
"""Roles of models that are given what the result shows; all others are given the order itself."""

NAMED: Final = 6
"""Words of the unread end that are named: enough to find the place."""


def unread_words(info: MethodInfo, instruction: Instruction, models: ModelStore) -> Message | None:
    """What to say where the words are longer than the model of a method reads; None otherwise.

    Args:
        info: the method that would run.
        instruction: with the prompts filled in where the method needs them.
        models: for the folder of its model, with the tokenizer.
    """
    for role in info.roles:
        model = models.model(role, info.name)
        if model is None:
            continue
        domain = domain_of_model(model)
        if role in DESCRIBED:
            text = instruction.target_prompt or instruction.text
        else:
            text = domain.rewrite(instruction) if domain is not None else instruction.text
        words = unread_end(model.configs, text).split()
        if words:
            return Message("words.beyond_context", rest=" ".join(words[:NAMED]))
    return None
