"""Why an edit is proposed, from facts: words of the caption and steps of the path.

Reasons are never taken from a model: each sentence follows from what was looked up.
"""

from __future__ import annotations

from collections.abc import Sequence

from editor.messages import Message, verbatim
from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.model.prompt_edit.prompt_tokens import key_of, words
from inference.request.jobs import PathStep


def of_prompts(source: str, target: str, path: Sequence[PathStep]) -> Message:
    """The reason for any edit of a caption: what it does to which words."""
    changes = prompt_edit(source, target).changes
    if not changes:
        return verbatim("")
    change = changes[0]
    first, other = change.text, change.other
    fact = {
        "insert": Message("suggest.not_mentioned", words=first),
        "delete": Message("suggest.mentioned", words=first),
        "replace": Message("suggest.could_be", words=first, other=other),
        "swap": Message("suggest.could_swap", words=first, other=other),
    }[change.op]
    touched = {word.key for word in words(change.text) if not word.small}
    before = [step for step in path if step.accepted and step.instruction]
    known = touched and not any(touched & set(key_of(s.instruction)) for s in before)
    return sentence(fact, Message("suggest.no_step_about_it") if before and known else None)


def sentence(fact: Message, of_path: Message | None) -> Message:
    """One sentence of a fact of the caption and, where there is one, a fact of the path."""
    if of_path is None:
        return Message("suggest.one", reason=fact)
    return Message("suggest.two", reason=fact, and_also=of_path)
