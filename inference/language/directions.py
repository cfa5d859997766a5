"""The captions before and after an edit, from an instruction."""

from __future__ import annotations

from typing import Final

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language import chat
from inference.language.direction import Direction
from inference.language.generate import (
    Language,
    TextSampling,
    best_answers,
    context_of,
    sample_answers,
    token_count,
)
from inference.language.language_domain import LanguageDomain, domain_of_language
from inference.request.cancel import CancelCheck

_DRAWN: Final = 3
"""Answers sampled from a model without lines of its own, beside the likeliest."""


class DirectionUnknown(NotUnderstood):
    """The language model gave no usable caption for the picture after the edit."""


def directions(
    language: Language, caption: str, instruction: str, check: CancelCheck, seed: int = 0
) -> tuple[Direction, ...]:
    """The readings of an instruction, the likeliest first; more than one where they differ.

    Args:
        language: any causal language model; one that was trained on the lines of a
            `LanguageDomain` is asked in those.
        caption: of the picture before.
        instruction: what the artist asks.
        check: called before every token; what it raises ends the work.
        seed: of the further answers of models without lines of their own.

    Raises:
        DirectionUnknown: no answer can be used.
    """
    caption, instruction = " ".join(caption.split()), " ".join(instruction.split())
    if not key_of(caption):
        raise DirectionUnknown(Message("caption.missing"), Message("do.write_caption"))
    if not key_of(instruction):
        raise DirectionUnknown(Message("words.none"), Message("do.say_change"))
    domain = domain_of_language(language.model.config)
    if domain is not None:
        found = _of_domain(domain, language, caption, instruction, check)
    else:
        found = _of_any(language, caption, instruction, check, seed)
    if not found:
        raise DirectionUnknown(
            Message("caption.after_unknown"), Message("do.other_words_or_caption")
        )
    return found


def _of_domain(
    domain: LanguageDomain, language: Language, caption: str, instruction: str, check: CancelCheck
) -> tuple[Direction, ...]:
    """All questions of the domain in one batch."""
    prompts = domain.direction_questions(caption, instruction)
    room = context_of(language) - domain.direction_tokens
    if max(token_count(language, text) for text in prompts) > room:
        raise DirectionUnknown(Message("words.too_long"), Message("do.say_shorter"))
    return domain.read_directions(
        caption, best_answers(language, prompts, domain.direction_tokens, check)
    )


def _of_any(
    language: Language, caption: str, instruction: str, check: CancelCheck, seed: int
) -> tuple[Direction, ...]:
    messages = chat.after_messages(caption, instruction)
    prompt = chat.as_text(messages, language.tokenizer, template=language.has_template)
    if token_count(language, prompt) > context_of(language) - chat.ANSWER_TOKENS:
        raise DirectionUnknown(Message("words.too_long"), Message("do.say_shorter"))
    answers = best_answers(language, [prompt], chat.ANSWER_TOKENS, check)
    drawn = sample_answers(
        language, prompt, _DRAWN, chat.ANSWER_TOKENS, TextSampling(0.7, 0.9, seed), check
    )
    targets: dict[tuple[str, ...], list[str]] = {}
    for answer in (*answers, *drawn):
        target = chat.read_after(answer, caption)
        if target is not None:
            targets.setdefault(key_of(target), []).append(target)
    ranked = sorted(targets.values(), key=len, reverse=True)
    return tuple(Direction(caption, same[0], agreed=len(same) > 1) for same in ranked)
