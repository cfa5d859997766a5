"""The words of two captions, as the caption page shows and changes them."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal

from app.session.caption_draft import EditCaptions, bare
from app.widgets.prompt.word_tokens import WordKind, WordToken

Side = Literal["before", "after"]
SIDES: tuple[Side, Side] = ("before", "after")


def caption_of(captions: EditCaptions, side: Side) -> str:
    """The caption before or after."""
    return captions.before if side == "before" else captions.after


def word_tokens(captions: EditCaptions, side: Side) -> tuple[WordToken, ...]:
    """The words of a caption; those that the other one lacks are marked."""
    words = caption_of(captions, side).split()
    changed = _changed(captions, side) if captions.differ else set()
    mark: WordKind = "delete" if side == "before" else "insert"
    weights = captions.weights if side == "after" else {}
    return tuple(
        WordToken(
            word,
            mark if place in changed else "plain",
            weights.get(bare(word), 1.0),
            bare(word) in captions.locked,
        )
        for place, word in enumerate(words)
    )


def _changed(captions: EditCaptions, side: Side) -> set[int]:
    """Places of the words of a caption that the other one lacks there.

    Word by word: `prompt_edit` takes long captions apart at commas, so that a chunk would be marked
    as a whole.
    """
    before, after = ([bare(word) for word in caption_of(captions, one).split()] for one in SIDES)
    opcodes = SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    spans = [(a, b) if side == "before" else (c, d) for kind, a, b, c, d in opcodes
             if kind != "equal"]  # fmt: skip
    return {place for start, end in spans for place in range(start, end)}


def with_word(caption: str, index: int, word: str) -> str:
    """A caption with other words in the place of one; "" takes it out.

    Marks that stood behind the word stay: they part the caption, not the word.
    """
    words = caption.split()
    old = words[index]
    mark = old[len(old.rstrip(",.;:")) :]
    if word:
        words[index] = word if word[-1:] in ",.;:" else word + mark
    else:
        del words[index]
        if mark and index and not words[index - 1].endswith(mark):
            words[index - 1] += mark
    return " ".join(words)
