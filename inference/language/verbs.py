"""What the verb of an instruction asks for, and captions that do the opposite."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Final

from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.model.prompt_edit.prompt_tokens import key_of, words

ADDING: Final = re.compile(r"\b(?:add|insert|include|put in|draw in)\b", re.IGNORECASE)
REMOVING: Final = re.compile(
    r"\b(?:remove|delete|erase|eliminate|get rid of|do away with|take away|take out|without"
    r"|lose)\b",
    re.IGNORECASE,
)

_SHORT: Final = 4
"""Captions of fewer words are all said by a good instruction."""


def contradicts(instruction: str, before: str, after: str) -> bool:
    """Whether the difference of two captions does what an instruction's verb does not ask for.

    What is added never takes something away, and what is removed brings nothing.

    Args:
        instruction: what the artist asks.
        before: caption of the picture.
        after: caption of the picture after the edit.
    """
    adds, removes = ADDING.search(instruction), REMOVING.search(instruction)
    if (adds is None) == (removes is None):
        return False
    forbidden = {"delete", "replace"} if adds else {"insert"}
    return any(change.op in forbidden for change in prompt_edit(before, after).changes)


def brings_unsaid(instruction: str, before: str, after: str) -> bool:
    """Whether the second of two captions has words that neither the first nor the instruction says.

    Endings aside ("fog", "foggy"), and without articles and prepositions. A good caption may do so
    ("let it snow": "a white street"); one that a small model made up does so more often.

    Args:
        instruction: what the artist asks.
        before: caption of the picture.
        after: caption of the picture after the edit.
    """
    said = _content(instruction) | _content(before)
    return any(
        not any(word.startswith(one) or one.startswith(word) for one in said)
        for word in _content(after)
    )


def repeats(instruction: str, caption: str) -> bool:
    """Whether an instruction says most of what the caption says, instead of what is to change."""
    known = _content(caption)
    return len(known) >= _SHORT and len(known & _content(instruction)) > len(known) / 2


def stutters(before: str, after: str) -> bool:
    """Whether the second of two captions says two words in a row more often than once anew."""
    was, now = (Counter(itertools.pairwise(key_of(text))) for text in (before, after))
    return any(count > max(1, was[pair]) for pair, count in now.items())


def _content(text: str) -> set[str]:
    return {word.key for word in words(text) if not word.small}
