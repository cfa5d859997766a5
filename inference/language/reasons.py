"""Why an edit is proposed, from facts: words of the caption and steps of the path.

Reasons are never taken from a model: each sentence follows from what was looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.model.prompt_edit.prompt_tokens import key_of, words
from inference.request.jobs import PathStep

FROM_LIST: Final = "From the program's own list, not from the language model."


def of_prompts(source: str, target: str, path: Sequence[PathStep]) -> str:
    """The reason for any edit of a caption: what it does to which words."""
    changes = prompt_edit(source, target).changes
    if not changes:
        return ""
    change = changes[0]
    said = {
        "insert": f"The caption does not mention “{change.text}”",
        "delete": f"The caption mentions “{change.text}”",
        "replace": f"“{change.text}” of the caption could be “{change.other}”",
        "swap": f"“{change.text}” and “{change.other}” of the caption could change places",
    }[change.op]
    touched = {word.key for word in words(change.text) if not word.small}
    before = [step for step in path if step.accepted and step.instruction]
    known = touched and not any(touched & set(key_of(s.instruction)) for s in before)
    return sentence(said, "no step so far was about it" if before and known else "")


def sentence(*parts: str) -> str:
    """The parts that say something, joined and ended; "" where none does."""
    joined = "; ".join(part for part in parts if part)
    return f"{joined}." if joined else ""
