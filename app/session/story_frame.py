"""A concept of a text with the prompts about it and their pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.session.story_look import StoryLook
from editor.english.concepts import Concept, concepts
from editor.english.sentences import sentences
from editor.model.edit import Candidate
from editor.model.prompt_edit.prompt_tokens import key_of
from editor.ranking.prompt_order import RankedPrompt, faithful_words, ordered, polished_words

MOST_CONCEPTS: Final = 12
MOST_FRAMES: Final = 6
"""Ticked at first."""


@dataclass(frozen=True, eq=False)
class StoryFrame:
    """One concept.

    Attributes:
        concept: the concept.
        sentence: of the text that has it first; "" where the text is the concept itself.
        place: of that sentence in the text.
        ticked: it is to be drawn.
        prompts: about it, as they were written; its own words are one of them.
        turn: how many times another prompt was asked for.
        words: its prompt on a storyboard as the artist wrote it; "" for one of `prompts`.
        locked: the prompt that its picture on a storyboard keeps; "" for none.
        unknown: what it names and the language model cannot know, so that it writes no prompts.
    """

    concept: Concept
    sentence: str
    place: int
    ticked: bool
    prompts: tuple[RankedPrompt, ...]
    turn: int = 0
    words: str = ""
    locked: str = ""
    unknown: tuple[str, ...] = ()

    def ordered(self, balance: float) -> tuple[RankedPrompt, ...]:
        """The prompts, best first; at "faithful" its own words alone come first."""
        found = ordered(self.prompts, balance)
        if balance == 0:
            own = [one for one in found if key_of(one.prompt) == key_of(self.concept.text)]
            found = (*own, *(one for one in found if one not in own))
        return found

    def prompt(self, balance: float) -> RankedPrompt:
        """The prompt whose picture stands for the concept."""
        found = self.ordered(balance)
        return found[self.turn % len(found)]

    def told(self, balance: float, look: StoryLook) -> RankedPrompt:
        """The prompt of its picture on a storyboard, with what all of them have in common."""
        fixed = self.locked or self.words
        if fixed:
            kept = faithful_words(self.concept.text, fixed)
            return RankedPrompt(fixed, kept, polished_words(fixed))
        prompt = self.prompt(balance)
        return replace(prompt, prompt=look.of(prompt.prompt))


@dataclass(frozen=True, eq=False)
class SheetCell:
    """One picture of the sheet.

    Attributes:
        number: from 1.
        frame: what it is about.
        prompt: what it is drawn from.
        drawn: the result, None before it is there.
        preview: (h, w, 3) `uint8` while it is being drawn.
        failed: why it could not be drawn, "" while it may be.
    """

    number: int
    frame: StoryFrame
    prompt: RankedPrompt
    drawn: Candidate | None = None
    preview: NDArray[np.uint8] | None = field(default=None, repr=False)
    failed: str = ""


def frames_of(text: str) -> tuple[StoryFrame, ...]:
    """The concepts of a text: those of a story are its moments, the first ones are ticked."""
    found = concepts(text)
    moments = [one for one in found if one.kind == "sentence"]
    things = [one for one in found if one.kind != "sentence"][: MOST_CONCEPTS - len(moments)]
    first = moments or things
    every = sentences(text)
    return tuple(
        frame_of(one, every, ticked=one in first[:MOST_FRAMES]) for one in (*moments, *things)
    )


def frame_of(concept: Concept, every: Sequence[str], *, ticked: bool) -> StoryFrame:
    """A concept with its own words as its first prompt.

    Args:
        concept: the concept.
        every: the sentences of the text.
        ticked: whether it is to be drawn.
    """
    word = concept.text.casefold()
    place = next((n for n, one in enumerate(every) if word in one.casefold()), len(every))
    sentence = every[place] if place < len(every) and len(every) > 1 else ""
    own = RankedPrompt(concept.text, 1.0, polished_words(concept.text))
    return StoryFrame(concept, sentence, place, ticked, (own,))


def cells_of(
    frames: Sequence[StoryFrame],
    balance: float,
    drawn: Mapping[str, Candidate],
    previews: Mapping[str, NDArray[np.uint8]],
    failed: Mapping[str, str],
    *,
    story: bool,
    each: int,
    look: StoryLook,
) -> tuple[SheetCell, ...]:
    """The pictures of the sheet.

    Args:
        frames: all concepts.
        balance: 0 faithful .. 1 polished.
        drawn: results, by the text of their prompt.
        previews: pictures of those that are being drawn.
        failed: by prompt, why it could not be drawn.
        story: one picture for each concept, in the order of the text; else the best prompts of each
            concept, one concept after the other.
        each: most prompts of a concept where it is no story.
        look: what all pictures of a story have in common.
    """
    ticked = [frame for frame in frames if frame.ticked]
    if story:
        ticked.sort(key=lambda frame: frame.place)
        pairs = [(frame, frame.told(balance, look)) for frame in ticked]
    else:
        pairs = [(frame, one) for frame in ticked for one in frame.ordered(balance)[:each]]
    return tuple(
        SheetCell(
            number, frame, one, drawn.get(one.prompt), previews.get(one.prompt),
            failed.get(one.prompt, ""),
        )
        for number, (frame, one) in enumerate(pairs, 1)
    )  # fmt: skip
