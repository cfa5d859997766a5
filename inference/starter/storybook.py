from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from editor.messages import Message
from editor.model.edit import Instruction
from inference.language.direction import Direction, ModelAnswer
from inference.language.proposals import Context, Proposal
from inference.language.verbs import REMOVING
from inference.models.model_domain import Route, Speaker
from inference.request.analysis import Domain
from inference.starter import concepts, language, open_topics, picture_domain
from inference.starter.grammar import from_world
from inference.starter.known_words import (
    COLOURS_NAMED,
    absent_thing,
    clauses,
    mentions_world,
    words_of,
)
from inference.starter.plain import in_storybook_words
from inference.starter.understanding import understood
from inference.starter.world_captions import names_whole, read_caption

_OUTSIDE: Final = {
    "painter": Message("domain.models_storybook"),
    "captioner": Message("domain.captioner_storybook"),
    "caption": Message("domain.caption_storybook"),
    "language": Message("domain.language_storybook"),
    "refused": Message("domain.refused_storybook"),
    "toned": Message("domain.toned_storybook"),
}


class Storybook:
    """The world of the starter models, as `LanguageDomain` describes it."""

    direction_tokens: Final = language.ANSWER_TOKENS["after"]
    proposal_tokens: Final = language.ANSWER_TOKENS["next"]

    def fits(self, pixels: NDArray[np.uint8]) -> Domain:
        """Whether a picture is a storybook scene; (h, w, 3) uint8 sRGB."""
        verdict = picture_domain.storybook(pixels)
        return Domain(verdict.fits, verdict.score)

    def rewrite(self, instruction: Instruction) -> str:
        """The instruction in the sentences that InstructPix2Pix was taught."""
        return in_storybook_words(instruction)

    def route(self, text: str) -> Route | None:
        """Times of day, weathers, seasons and styles have to be painted."""
        return "repaint" if names_whole(text) else None

    def mentions(self, text: str) -> bool:
        """Things, colours, lights, weathers, seasons and styles of the storybook."""
        return mentions_world(text)

    def outside_note(self, speaker: Speaker) -> Message:
        """What the starter models know, and what to do about other pictures."""
        return _OUTSIDE[speaker]

    def knows(self, caption: str) -> bool:
        """Whether a caption is about a subject of the storybook, and little else."""
        return read_caption(caption).inside

    def things(self, caption: str, instruction: str = "") -> tuple[str, ...]:
        """Subject, second thing and what is on the ground, in the caption's words.

        The subject is never removed, and what is on the ground has no colour of its own.
        """
        reading = read_caption(caption)
        able = ["subject", "second", "ground"]
        if REMOVING.search(instruction):
            able.remove("subject")
        elif instruction and any(word in COLOURS_NAMED for word in words_of(instruction)):
            able.remove("ground")
        named = (reading.words_of(name) for name in able)
        return tuple(words.removeprefix("a ") for words in named if words)

    def pairs_refused(self, context: Context) -> frozenset[tuple[str, str]]:
        """Attributes and values that refused instructions ask for."""
        reading = read_caption(context.caption)
        pairs = (language.pairs_of(text, reading) for text in context.unwanted)
        return frozenset().union(*pairs)

    def suggest(self, context: Context, seed: int, *, subject: bool) -> Iterator[Proposal]:
        """Edits that the starter models can paint, one attribute after the other."""
        reading = read_caption(context.caption)
        return from_world(reading, context.path, seed, subject=subject)

    def clauses(self, instruction: str) -> tuple[str, ...]:
        """See `inference.starter.known_words.clauses`."""
        return clauses(instruction)

    def trained(self, config: Any) -> bool:
        """Whether a model's config names the starter's line format."""
        return language.speaks_lines(config)

    def direction_questions(self, caption: str, instruction: str) -> tuple[str, ...]:
        """For the parsed edit and for the caption after it."""
        return language.direction_questions(caption, instruction)

    def read_directions(
        self,
        caption: str,
        instruction: str,
        answers: Sequence[ModelAnswer],
        *,
        every_word: bool = False,
    ) -> tuple[Direction, ...]:
        """See `inference.starter.understanding.understood`."""
        return understood(caption, instruction, answers, every_word=every_word)

    def absent(self, caption: str, instruction: str) -> str:
        """See `inference.starter.known_words.absent_thing`."""
        return absent_thing(instruction, read_caption(caption))

    def unknown_things(self, concept: str) -> tuple[str, ...]:
        """See `inference.starter.concepts.unknown_things`."""
        return concepts.unknown_things(concept)

    def topic(self, concept: str) -> str:
        """See `inference.starter.concepts.topic_of`."""
        return concepts.topic_of(concepts.concept_facts(concept))

    def says_all_of(self, concept: str, prompt: str) -> bool:
        """See `inference.starter.concepts.says_all_of`."""
        return concepts.says_all_of(concepts.concept_facts(concept), prompt)

    def open_topics(self, before: str, after: str) -> Iterator[str]:
        """See `inference.starter.open_topics.open_topics`."""
        return open_topics.open_topics(before, after)

    def differs_only_where_open(self, before: str, after: str, prompt: str) -> bool:
        """See `inference.starter.open_topics.differs_only_where_open`."""
        return open_topics.differs_only_where_open(before, after, prompt)

    def next_question(self, context: Context, room: int, count: Callable[[str], int]) -> str | None:
        """See `inference.starter.language.next_question`."""
        return language.next_question(context, room, count)

    def read_proposal(self, answer: str, context: Context, *, subject: bool) -> Proposal | None:
        """See `inference.starter.language.proposal`."""
        reading = read_caption(context.caption)
        return language.proposal(answer, reading, context, subject=subject)
