"""Captions as examples: plain, between tags, or after their topic."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from editor.english.noun_phrases import noun_phrases
from editor.errors import ExpectedError
from inference.lab.finetune.suggest_examples import LearntExample
from inference.lab.finetune.word_filter import WordFilter
from inference.language.caption_tags import (
    CAPTION_END,
    CAPTION_START,
    CaptionForm,
    caption_prefix,
    has_tags,
    has_topic,
)

HELD_OUT: Final = 0.1
_KEYS: Final = ("caption", "prompt", "text")


class NoCaptions(ExpectedError):
    """A file holds no captions that can be learnt."""

    kind = "bad_captions"


@dataclass(frozen=True)
class CaptionSplit:
    """Captions for training and for measuring.

    Attributes:
        train, held_out: nine tenths and one tenth, by a seeded order.
        filtered: how many captions fell for a listed word.
    """

    train: tuple[str, ...]
    held_out: tuple[str, ...]
    filtered: int


def read_captions(file: Path) -> list[str]:
    """The captions of a text file, one a line, or of a jsonl file ("caption", "prompt" or "text").

    Empty ones are left out, and of equal ones all but the first.

    Raises:
        NoCaptions: the file cannot be read, or holds none.
    """
    return list(read_topics(file))


def read_topics(file: Path) -> dict[str, str]:
    """The captions of a file, as `read_captions` gives them, each with its topic.

    The topic is the text of "topic" in a row of a jsonl file, "" where there is none.

    Raises:
        NoCaptions: the file cannot be read, or holds fewer than two.
    """
    try:
        lines = file.read_text("utf-8-sig").split("\n")
        rows = [(line, "") for line in lines]
        if file.suffix.lower() == ".jsonl":
            rows = [_row(json.loads(line)) for line in lines if line.strip()]
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise NoCaptions(f"{file.name} cannot be read.", "Give .txt, or .jsonl.") from error
    found: dict[str, str] = {}
    for caption, topic in rows:
        if text := " ".join(caption.split()):
            found.setdefault(text, " ".join(topic.split()))
    if len(found) < 2:
        raise NoCaptions(f"{file.name} holds no captions.", "Give one caption a line.")
    return found


def _row(row: Mapping[str, object]) -> tuple[str, str]:
    caption = next((row[key] for key in _KEYS if row.get(key)), "")
    return str(caption), str(row.get("topic") or "")


def split_captions(captions: Sequence[str], words: WordFilter, seed: int) -> CaptionSplit:
    """Nine tenths to train on and one to measure on, without those that have a listed word.

    Raises:
        NoCaptions: fewer than two are left.
    """
    kept, filtered = words.kept(captions)
    if len(kept) < 2:
        raise NoCaptions("The word filter leaves no captions.", "Give another list.")
    order = np.random.default_rng(seed).permutation(len(kept))
    count = max(1, round(HELD_OUT * len(kept)))
    held_out = tuple(kept[place] for place in order[:count])
    return CaptionSplit(tuple(kept[place] for place in order[count:]), held_out, filtered)


def caption_example(
    caption: str, form: CaptionForm, end: str, topic: str = ""
) -> LearntExample | None:
    """What is given and what is learnt of a caption; None for a topic form without a noun phrase.

    Args:
        caption: the text.
        form: plain, between tags, or after its topic.
        end: the tokenizer's end of text, which plain captions begin after.
        topic: of the caption; "" for its first noun phrase.
    """
    answer = f"{caption} {CAPTION_END}" if has_tags(form) else caption
    if has_topic(form):
        phrases = [topic] if topic else [one.text for one in noun_phrases(caption)[:1]]
        return (caption_prefix(phrases[0], form, end), answer) if phrases else None
    return (CAPTION_START if has_tags(form) else end), answer


@dataclass(frozen=True)
class CaptionExamples:
    """Captions that are learnt in passes, each in an order of its own."""

    examples: tuple[LearntExample, ...]

    @classmethod
    def of(
        cls,
        captions: Sequence[str],
        form: CaptionForm,
        end: str,
        topics: Mapping[str, str] | None = None,
    ) -> CaptionExamples:
        """Of some captions in a form; those without a topic are left out where one is needed.

        Args:
            captions: the texts.
            form: of the examples.
            end: see `caption_example`.
            topics: of captions that have one of their own.
        """
        named = topics or {}
        made = (caption_example(one, form, end, named.get(one, "")) for one in captions)
        return cls(tuple(one for one in made if one is not None))

    def take(self, begin: int, count: int, seed: int) -> list[LearntExample]:
        """Some examples out of endless passes over all of them.

        Args:
            begin: how many were taken before.
            count: how many are wanted.
            seed: of the orders.
        """
        places = (divmod(begin + number, len(self.examples)) for number in range(count))
        return [
            self.examples[_order(len(self.examples), seed, one_pass)[place]]
            for one_pass, place in places
        ]


@lru_cache(maxsize=2)  # a batch may end one pass and begin the next
def _order(count: int, seed: int, one_pass: int) -> tuple[int, ...]:
    return tuple(np.random.default_rng((seed, one_pass)).permutation(count).tolist())
