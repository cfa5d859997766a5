"""The lines in which a language model trained on them is asked for a rewritten prompt."""

from __future__ import annotations

from typing import Any, Final

CHAT_LINES: Final = "rewrite-1"
"""Names this form in the config of a model, or beside a LoRA."""

LINES_KEY: Final = "chat_lines"


def rewrite_line(prompt: str, instruction: str) -> str:
    """The question for the full prompt after an instruction; the answer is one line."""
    return f"Prompt: {' '.join(prompt.split())}\nAsked: {' '.join(instruction.split())}\nRewritten:"


def speaks_chat_lines(config: Any) -> bool:
    """Whether a model was trained to rewrite prompts, as a whole or by the LoRA over it."""
    return getattr(config, LINES_KEY, None) == CHAT_LINES
