"""The captions before and after an edit, from an instruction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.model.prompt_edit.prompt_tokens import key_of
from editor.tone.characters import meaningful
from inference.language import chat
from inference.language.chat_lines import rewrite_line, speaks_chat_lines
from inference.language.direction import AlreadyShown, Direction, WordsUnknown
from inference.language.generate import (
    Language,
    TextSampling,
    best_answers,
    context_of,
    sample_answers,
    token_count,
)
from inference.language.language_domain import LanguageDomain, domain_of_language
from inference.language.plain_reading import plain_reading
from inference.language.rewriter import rewriter
from inference.language.trace_lines import AFTER_TOKENS, after_line, speaks_trace_lines
from inference.language.verbs import contradicts
from inference.language.written_prompt import tidy_prompt
from inference.request.cancel import CancelCheck

_DRAWN: Final = 3
"""Answers sampled from a model without lines of its own, beside the likeliest."""

_REWRITTEN: Final = 6
"""The same of one that was trained to rewrite."""


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
        WordsUnknown: the model's domain is not sure enough what the words ask for.
        AlreadyShown: the caption says so already.
    """
    caption, instruction = " ".join(caption.split()), meaningful(instruction)
    if not key_of(caption):
        raise DirectionUnknown(Message("caption.missing"), Message("do.write_caption"))
    if not key_of(instruction):
        raise DirectionUnknown(Message("words.none"), Message("do.say_change"))
    domain = domain_of_language(language.model.config)
    if domain is not None:
        found = _of_domain(domain, language, caption, instruction, check)
    else:
        with rewriter(language):
            read = _of_rewriter if speaks_chat_lines(language.model.config) else _of_any
            found = read(language, caption, instruction, check, seed)
    if not found:
        raise DirectionUnknown(
            Message("caption.after_unknown"), Message("do.other_words_or_caption")
        )
    return found


def _of_domain(
    domain: LanguageDomain, language: Language, caption: str, instruction: str, check: CancelCheck
) -> tuple[Direction, ...]:
    """Each clause by itself, one after the other; the whole where a clause alone means nothing.

    Raises:
        AlreadyShown: nothing that is asked for changes the caption.
    """
    parts = domain.clauses(instruction)
    if len(parts) > 1:
        try:
            return _of_clauses(domain, language, caption, parts, check)
        except WordsUnknown:  # "a dull, grey day" is one thing: every word has a part in it
            return _of_clause(domain, language, caption, instruction, check, every_word=True)
    return _of_clause(domain, language, caption, instruction, check)


def _of_clauses(
    domain: LanguageDomain,
    language: Language,
    caption: str,
    parts: Sequence[str],
    check: CancelCheck,
) -> tuple[Direction, ...]:
    after, shown = caption, None
    for part in parts:
        try:
            found = _of_clause(domain, language, after, part, check)
        except AlreadyShown as error:
            shown = error
            continue
        if not found:
            return ()
        after = found[0].target_prompt
    if after != caption:
        return (Direction(caption, after, agreed=True),)
    if shown is not None:
        raise shown
    return ()


def _of_clause(
    domain: LanguageDomain,
    language: Language,
    caption: str,
    instruction: str,
    check: CancelCheck,
    *,
    every_word: bool = False,
) -> tuple[Direction, ...]:
    """All questions of the domain in one batch."""
    prompts = domain.direction_questions(caption, instruction)
    room = context_of(language) - domain.direction_tokens
    if max(token_count(language, text) for text in prompts) > room:
        raise DirectionUnknown(Message("words.too_long"), Message("do.say_shorter"))
    answers = best_answers(language, prompts, domain.direction_tokens, check)
    return domain.read_directions(caption, instruction, answers, every_word=every_word)


def _of_rewriter(
    language: Language, caption: str, instruction: str, check: CancelCheck, seed: int
) -> tuple[Direction, ...]:
    """One reading, by a model that was trained to rewrite prompts and says more than was asked."""
    question = rewrite_line(caption, instruction)
    if token_count(language, question) > context_of(language) - AFTER_TOKENS:
        raise DirectionUnknown(Message("words.too_long"), Message("do.say_shorter"))
    likeliest = best_answers(language, [question], AFTER_TOKENS, check)
    sampling = TextSampling(0.7, 0.9, seed)
    drawn = sample_answers(language, question, _REWRITTEN, AFTER_TOKENS, sampling, check)
    answers = [tidy_prompt(one) for one in (*(best.text for best in likeliest), *drawn)]
    fitting = [one for one in answers if not contradicts(instruction, caption, one)]
    plain = plain_reading(caption, instruction, fitting)
    return () if plain is None else (Direction(caption, plain, agreed=True),)


def _of_any(
    language: Language, caption: str, instruction: str, check: CancelCheck, seed: int
) -> tuple[Direction, ...]:
    tuned = speaks_trace_lines(language.model.config)
    if tuned:
        prompt, tokens = after_line(caption, instruction), AFTER_TOKENS
    else:
        messages = chat.after_messages(caption, instruction)
        prompt = chat.as_text(messages, language.tokenizer, template=language.has_template)
        tokens = chat.ANSWER_TOKENS
    if token_count(language, prompt) > context_of(language) - tokens:
        raise DirectionUnknown(Message("words.too_long"), Message("do.say_shorter"))
    ends = None if tuned else chat.answer_ends
    answers = best_answers(language, [prompt], tokens, check, ends)
    sampling = TextSampling(0.7, 0.9, seed)
    drawn = sample_answers(language, prompt, _DRAWN, tokens, sampling, check, ends)
    read = chat.checked_target if tuned else chat.read_after
    targets: dict[tuple[str, ...], list[str]] = {}
    for answer in (*(best.text for best in answers), *drawn):
        target = read(answer, caption)
        if target is not None:
            targets.setdefault(key_of(target), []).append(target)
    ranked = sorted(targets.values(), key=len, reverse=True)
    found = (Direction(caption, same[0], agreed=len(same) > 1) for same in ranked)
    return tuple(one for one in found if not contradicts(instruction, caption, one.target_prompt))
