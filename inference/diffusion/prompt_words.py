"""Which tokens of two prompts correspond (Prompt-to-Prompt; Hertz et al. 2022, section 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True)
class PromptWords:
    """A prompt as a text encoder sees it.

    Attributes:
        words: separated by blanks, as written.
        tokens: the ids, start and end included, cut to the context.
        places: for each word the indices of its tokens; () for words behind the cut.
        context: how many tokens the encoder takes.
    """

    words: tuple[str, ...]
    tokens: tuple[int, ...]
    places: tuple[tuple[int, ...], ...]
    context: int

    @property
    def cut(self) -> tuple[str, ...]:
        """The words that the encoder does not see."""
        return tuple(w for w, place in zip(self.words, self.places, strict=True) if not place)

    def tokens_of(self, words: Sequence[str]) -> tuple[int, ...]:
        """The indices of all tokens of some words, wherever they stand; case is ignored."""
        wanted = {bare(word) for word in words}
        found = zip(self.words, self.places, strict=True)
        return tuple(index for word, place in found if bare(word) in wanted for index in place)


def bare(word: str) -> str:
    """A word without the marks around it, in small letters."""
    return word.strip(".,;:!?\"'()").casefold()


def prompt_words(tokenizer: Any, prompt: str) -> PromptWords:
    """Read a prompt with a fast tokenizer of transformers."""
    context = int(tokenizer.model_max_length)
    text = " ".join(prompt.split())
    encoded = tokenizer(text, max_length=context, truncation=True, return_offsets_mapping=True)
    words = tuple(text.split())
    places: list[tuple[int, ...]] = []
    begin = 0
    for word in words:
        end = begin + len(word)
        spans = enumerate(encoded.offset_mapping)
        places.append(tuple(i for i, (a, b) in spans if a < end and b > begin))
        begin = end + 1
    return PromptWords(words, tuple(encoded.input_ids), tuple(places), context)


def replacement(source: PromptWords, target: PromptWords) -> Tensor:
    """How the source's maps are shared out where words are replaced one by one.

    A word of several tokens is paired with the whole word in its place: token by token where both
    have as many, else each token of the new word gets an even share of the old word's maps.

    Args:
        source: as many words as `target`.
        target: the edited prompt.

    Returns:
        (context, context) float32; row: token of the source, column: token of the target.

    Raises:
        ValueError: the prompts have different numbers of words.
    """
    if len(source.words) != len(target.words):
        raise ValueError("words can only be replaced one by one")
    context = source.context
    mapper = torch.zeros(context, context)
    old = new = 0
    pairs = zip(source.words, target.words, source.places, target.places, strict=True)
    for before, after, own, other in pairs:
        if before == after or not own or not other:
            continue
        while old < own[0] and new < other[0]:  # words that are the same
            mapper[old, new] = 1
            old, new = old + 1, new + 1
        if len(own) == len(other):
            mapper[list(own), list(other)] = 1
        else:
            for index in other:
                mapper[list(own), index] = 1 / len(other)
        old, new = own[-1] + 1, other[-1] + 1
    # The authors' code goes on along the diagonal here, which pairs words with padding where the
    # replaced words have different numbers of tokens.
    while new < context:
        mapper[min(old, context - 1), new] = 1
        old, new = old + 1, new + 1
    return mapper


def refinement(source: PromptWords, target: PromptWords) -> tuple[NDArray[np.int64], Tensor]:
    """Which token of the source each token of an edited prompt takes its map from.

    By global alignment of the token ids (Needleman & Wunsch 1970; gap 0, equal 1, different −1).

    Returns:
        (context,) int64 tokens of the source, and (context,) float32: 1 where there is one, 0 where
        the token is new and keeps its own map.
    """
    steps = _alignment(source.tokens, target.tokens)
    context, length = source.context, len(target.tokens)
    taken = np.arange(context, dtype=np.int64)  # padding behind the end: its own place
    taken[:length] = steps
    has = np.ones(context, np.float32)
    has[:length] = taken[:length] >= 0
    return np.maximum(taken, 0), torch.from_numpy(has)


def _alignment(source: Sequence[int], target: Sequence[int]) -> NDArray[np.int64]:
    """For each token of the target its token of the source, −1 where there is none."""
    rows, columns = len(source), len(target)
    best = np.zeros((rows + 1, columns + 1), np.int64)
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            together = best[i - 1, j - 1] + (1 if source[i - 1] == target[j - 1] else -1)
            best[i, j] = max(best[i, j - 1], best[i - 1, j], together)
    found = np.full(columns, -1, np.int64)
    i, j = rows, columns
    while i > 0 and j > 0:
        if best[i, j] == best[i, j - 1]:
            j -= 1
        elif best[i, j] == best[i - 1, j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            found[j] = i
    return found
