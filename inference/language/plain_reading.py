"""Which of several rewritten prompts does what is asked and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from editor.english.noun_phrases import content_lemmas
from editor.model.prompt_edit.prompt_tokens import key_of
from editor.ranking.content_integrity import lemmas


def asked_words(prompt: str, instruction: str) -> frozenset[str]:
    """Content lemmas of an instruction that the prompt before lacks: what it brings in."""
    return frozenset(content_lemmas(instruction)) - lemmas(prompt)


def plain_reading(prompt: str, instruction: str, answers: Sequence[str]) -> str | None:
    """The answer with most of what the instruction brings in, and of those the one nearest.

    A model that was trained to rewrite prompts mostly says more than was asked; of several
    answers the shortest change is the plain one.

    Args:
        prompt: before.
        instruction: what the artist asks.
        answers: rewritten prompts; those that change nothing are passed over.

    Returns:
        One of the answers; None if all leave the prompt as it is.
    """
    before, new = key_of(prompt), asked_words(prompt, instruction)

    def rank(answer: str) -> tuple[int, int]:
        after = key_of(answer)
        blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        same = sum(block.size for block in blocks)
        return -len(new & lemmas(answer)), len(before) + len(after) - 2 * same

    usable = [one for one in answers if key_of(one) not in ((), before)]
    return min(usable, key=rank, default=None)
