"""Edits of captions, written by a language model that was taught to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from inference.lab.finetune.edit_texts.edit_lines import edit_question, is_complete, parse_answer
from inference.lab.finetune.edit_texts.text_triple import TextTriple
from inference.lab.finetune.word_filter import WordFilter
from inference.language.generate import (
    Language,
    TextSampling,
    context_of,
    sample_answers,
    token_count,
)

TRIES: Final = 4
"""One answer and three more, as published."""

_NEW_TOKENS: Final = 256
_TEMPERATURE: Final = 0.7


def written_triple(
    language: Language, caption: str, seed: int, words: WordFilter | None = None
) -> TextTriple | None:
    """An edit of a caption: temperature 0.7, no nucleus, at most 256 tokens and four tries.

    The published frequency penalty of 0.1 is left out: transformers has none.

    Args:
        language: fine-tuned on `edit_lines`.
        caption: to edit.
        seed: of the answers.
        words: an answer with a listed word is no answer; None for no such check.

    Returns:
        None where no try gave two parts that change the caption.
    """
    question = edit_question(caption)
    room = min(_NEW_TOKENS, context_of(language) - token_count(language, question))
    if room < 1:
        return None
    for attempt in range(TRIES):
        sampling = TextSampling(_TEMPERATURE, 1.0, seed * TRIES + attempt)
        answers = sample_answers(
            language, question, 1, room, sampling, lambda: None, until=is_complete
        )
        triple = parse_answer(caption, answers[0])
        if triple is None or (words and (words.finds(triple.edit) or words.finds(triple.output))):
            continue
        return triple
    return None


def written_triples(
    language: Language,
    captions: Sequence[str],
    seed: int,
    words: WordFilter | None = None,
    on_progress: Callable[[float], None] = lambda share: None,
) -> Iterator[TextTriple]:
    """An edit of each caption that one can be written of; caption i depends on seed and i only."""
    for index, caption in enumerate(captions):
        on_progress(index / len(captions))
        triple = written_triple(language, caption, seed * 1_000_003 + index, words)
        if triple is not None:
            yield triple
