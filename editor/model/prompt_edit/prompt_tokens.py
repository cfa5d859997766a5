"""Prompts cut into the pieces that are compared: words, or chunks between commas."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_CHUNK_COMMAS: Final = 3
_HEAD_END: Final = re.compile(r",|\b(?:in\s+the\s+style\s+of|by|with)\b", re.IGNORECASE)
_SMALL_WORDS: Final = frozenset(
    {"a", "an", "the", "and", "or", "of", "in", "on", "at", "to", "from", "for", "with", "by"}
    | {"as", "is", "are", "its", "it", "this", "that"}
)


@dataclass(frozen=True)
class PromptToken:
    """A piece of a prompt.

    Attributes:
        key: what is compared: case-folded, in composed form, without punctuation.
        start, end: character span in the prompt.
    """

    key: str
    start: int
    end: int

    @property
    def small(self) -> bool:
        """Whether it is an article, a preposition or the like."""
        return self.key in _SMALL_WORDS


def words(text: str) -> tuple[PromptToken, ...]:
    """Runs of Unicode word characters (letters, digits, marks, "_"); an inner apostrophe stays."""
    found: list[PromptToken] = []
    start = -1
    for i, character in enumerate(text + " "):
        inside = _is_word(character) or (
            start >= 0 and character in "'’" and i + 1 < len(text) and _is_word(text[i + 1])
        )
        if inside and start < 0:
            start = i
        elif not inside and start >= 0:
            found.append(PromptToken(_key(text[start:i]), start, i))
            start = -1
    return tuple(found)


def key_of(text: str) -> tuple[str, ...]:
    """What makes two instructions or prompts the same: their words, case and signs aside."""
    return tuple(word.key for word in words(text))


def chunks(text: str) -> tuple[PromptToken, ...]:
    """The texts between commas, without the punctuation at their ends; empty ones are dropped."""
    found: list[PromptToken] = []
    start = 0
    for part in text.split(","):
        inner = words(part)
        if inner:
            key = " ".join(word.key for word in inner)
            found.append(PromptToken(key, start + inner[0].start, start + inner[-1].end))
        start += len(part) + 1
    return tuple(found)


def prompt_tokens(
    source: str, target: str
) -> tuple[tuple[PromptToken, ...], tuple[PromptToken, ...], bool]:
    """The tokens of both prompts, and whether they are chunks.

    Chunks between commas where both prompts hold at least three commas, else words.
    """
    if min(source.count(","), target.count(",")) >= _CHUNK_COMMAS:
        return chunks(source), chunks(target), True
    return words(source), words(target), False


def head_end(text: str) -> int:
    """Where the head noun phrase ends.

    It reaches to the first comma or the first "in the style of", "by" or "with"; one that opens
    the prompt ends nothing.
    """
    for match in _HEAD_END.finditer(text):
        if text[: match.start()].strip():
            return match.start()
    return len(text)


def _is_word(character: str) -> bool:
    return (
        character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")
    )


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().replace("’", "'")
