"""Prompts for a concept, ordered between faithful to it and polished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from editor.english.noun_phrases import content_lemmas
from editor.model.prompt_edit.prompt_tokens import chunks
from editor.ranking.content_integrity import WantedContent, content_integrity


@dataclass(frozen=True)
class RankedPrompt:
    """A prompt with what its place follows from.

    Attributes:
        prompt: the text.
        faithful: how much of the concept it keeps, 0..1; larger is better.
        polished: how many modifiers of style and quality it has.
    """

    prompt: str
    faithful: float
    polished: float


def faithful_words(concept: str, prompt: str) -> float:
    """Share of the concept's content lemmas that the prompt has, 0..1."""
    return content_integrity(prompt, WantedContent(content_lemmas(concept), ())).score


def polished_words(prompt: str) -> int:
    """How many of the prompt's chunks between commas are, or begin or end with, a modifier.

    The modifiers are those of `resources/language/modifiers.txt`.
    """
    return sum(_is_modifier(chunk.key) for chunk in chunks(prompt))


def ordered(prompts: Sequence[RankedPrompt], balance: float = 0.5) -> tuple[RankedPrompt, ...]:
    """The prompts, best first: by the product of both ranks, weighted.

    The product is rank_faithful^(1 − b) · rank_polished^b, with equal values on equal ranks; ties
    are broken by faithfulness, then stay as they are.

    Args:
        prompts: in any order.
        balance: b; 0 for faithfulness alone, 1 for polish alone.
    """
    faithful = _ranks([one.faithful for one in prompts])
    polished = _ranks([one.polished for one in prompts])
    keys = [
        (f ** (1 - balance) * p**balance, f, place)
        for place, (f, p) in enumerate(zip(faithful, polished, strict=True))
    ]
    return tuple(prompts[place] for _, _, place in sorted(keys))


def _ranks(values: Sequence[float]) -> list[int]:
    """1 for the largest; equal values share the better rank."""
    return [1 + sum(other > value for other in values) for value in values]


def _is_modifier(chunk: str) -> bool:
    return any(
        chunk == one or chunk.startswith(f"{one} ") or chunk.endswith(f" {one}")
        for one in _modifiers()
    )


@cache
def _modifiers() -> tuple[str, ...]:
    text = (resources.files("resources") / "language" / "modifiers.txt").read_text("utf-8")
    return tuple(text.split("\n")[:-1])
