"""A question for a next edit that a language model has room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inference.language.proposals import Context


def fitted_question(
    ask: Callable[[Sequence[str], Sequence[str]], str],
    context: Context,
    room: int,
    count: Callable[[str], int],
) -> str | None:
    """The question, its path cut from the beginning until it fits, then its refusals.

    Args:
        ask: the question from what was done and what was refused, oldest first.
        context: path and refusals.
        room: tokens the question may have.
        count: tokens of a text.

    Returns:
        None where even the bare question is too long.
    """
    done = [step.instruction for step in context.done if step.instruction]
    refused = list(context.unwanted)
    while count(question := ask(done, refused)) > room:
        if done:
            done.pop(0)
        elif refused:
            refused.pop(0)
        else:
            return None
    return question
