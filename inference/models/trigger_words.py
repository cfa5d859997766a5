"""Words that a LoRA was trained with, which bring out what it does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Final

_PHRASES: Final = ("modelspec.trigger_phrase", "ss_trigger_words", "trigger_words", "trigger_word")
"""Where files say them outright: the ModelSpec standard, then the habits of several programs."""

_TAGS: Final = "ss_tag_frequency"
"""Where kohya's trainer writes how often each tag of its captions occurs, by folder of pictures."""

_MOST: Final = 3
_LONGEST: Final = 60
_PERCENT: Final = 90
"""Of the most frequent tag's count: tags of nearly every picture belong to what was trained."""


def trigger_words(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The words of a LoRA file, at most three; () where its metadata name none.

    Args:
        metadata: of the safetensors file. Its writer may have put anything there.
    """
    for name in _PHRASES:
        words = [part.strip() for part in metadata.get(name, "").split(",")]
        found = tuple(dict.fromkeys(filter(_is_short, words)))
        if found:
            return found[:_MOST]
    return _frequent_tags(metadata.get(_TAGS, ""))


def _frequent_tags(text: str) -> tuple[str, ...]:
    try:
        folders = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return ()
    counts: Counter[str] = Counter()
    for tags in folders.values() if isinstance(folders, dict) else ():
        for tag, count in tags.items() if isinstance(tags, dict) else ():
            if type(count) is int and count > 0 and _is_short(tag.strip()):
                counts[tag.strip()] += count
    if not counts:
        return ()
    ((_, most), *_) = found = counts.most_common(_MOST)
    # In whole numbers: a foreign file may hold some that no float takes.
    return tuple(tag for tag, count in found if 100 * count >= _PERCENT * most)


def _is_short(word: str) -> bool:
    """True for words that can stand in a prompt."""
    return 0 < len(word) <= _LONGEST and word.isprintable()
