"""The port to a world whose captions have a known vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

from inference.language.direction import Direction, ModelAnswer
from inference.language.proposals import Context, Proposal
from inference.models.model_domain import ModelDomain, registered_domains


@runtime_checkable
class LanguageDomain(ModelDomain, Protocol):
    """A world with a vocabulary, and perhaps a language model with question lines of its own.

    Everything here is text in, text out: the language layer runs the model.
    """

    @property
    def direction_tokens(self) -> int:
        """The longest answer to one of `direction_questions`, in tokens."""

    @property
    def proposal_tokens(self) -> int:
        """The longest answer to `next_question`, in tokens."""

    def knows(self, caption: str) -> bool:
        """Whether a caption describes a picture of this world."""

    def things(self, caption: str, instruction: str = "") -> tuple[str, ...]:
        """What an instruction may be about, of a caption that this world knows, in its order.

        Args:
            caption: of the picture.
            instruction: things that its verb cannot be about are left out; "" leaves none out.
        """

    def pairs_refused(self, context: Context) -> frozenset[tuple[str, str]]:
        """(attribute, value) that refused instructions ask for; see `Proposal.about`."""

    def suggest(self, context: Context, seed: int, *, subject: bool) -> Iterator[Proposal]:
        """Edits from the vocabulary, for a caption that this world knows.

        Args:
            context: caption, path and refusals.
            seed: another one gives another order.
            subject: whether the thing the picture is about may become another one.
        """

    def clauses(self, instruction: str) -> tuple[str, ...]:
        """The parts of an instruction that may each ask for an edit of its own."""

    def trained(self, config: Any) -> bool:
        """Whether the config is of a language model that was trained on this world's lines."""

    def direction_questions(self, caption: str, instruction: str) -> tuple[str, ...]:
        """What such a model is asked for the caption after an edit."""

    def read_directions(
        self,
        caption: str,
        instruction: str,
        answers: Sequence[ModelAnswer],
        *,
        every_word: bool = False,
    ) -> tuple[Direction, ...]:
        """The readings in its answers, the likeliest first; () where none can be used.

        Args:
            caption: before the edit.
            instruction: what the artist asks.
            answers: to `direction_questions`.
            every_word: refuse where a single word has no part in what was read.

        Raises:
            ThingAbsent: the words are about a thing that the caption does not name.
            WordsUnknown: it is not sure enough what the words ask for.
            AlreadyShown: the caption says so already.
        """

    def absent(self, caption: str, instruction: str) -> str:
        """A thing that an instruction treats as present and the caption does not name.

        In the instruction's words; "" if there is none, or this world knows no such thing.
        """

    def unknown_things(self, concept: str) -> tuple[str, ...]:
        """What a concept names and this world does not have, in its words."""

    def topic(self, concept: str) -> str:
        """What this world knows of a concept, as its captions are asked for; "" for nothing."""

    def says_all_of(self, concept: str, prompt: str) -> bool:
        """Whether a prompt is a full caption of this world and has all of `topic`."""

    def open_topics(self, before: str, after: str) -> Iterator[str]:
        """Topics for prompts that hold an edit and leave some of the rest open.

        Args:
            before: the caption before it.
            after: the caption after it; none for one that this world does not know.
        """

    def differs_only_where_open(self, before: str, after: str, prompt: str) -> bool:
        """Whether a prompt is the caption after an edit but for what `open_topics` leave open."""

    def next_question(self, context: Context, room: int, count: Callable[[str], int]) -> str | None:
        """What such a model is asked for a next edit, in at most `room` tokens.

        Args:
            context: caption, path and refusals; the path is cut from its beginning until it fits.
            room: tokens the question may have.
            count: tokens of a text.

        Returns:
            None where even the bare caption is too long.
        """

    def read_proposal(self, answer: str, context: Context, *, subject: bool) -> Proposal | None:
        """The edit in one answer to `next_question`; None unless all of it holds."""


def vocabulary(domains: Iterable[ModelDomain], caption: str) -> LanguageDomain | None:
    """The first of some domains that knows a caption; None for most captions.

    Args:
        domains: of models that know the picture, as `PictureDomains.fitting` gives them.
        caption: of the picture.
    """
    worded = (domain for domain in domains if isinstance(domain, LanguageDomain))
    return next((domain for domain in worded if domain.knows(caption)), None)


def domain_of_language(config: Any) -> LanguageDomain | None:
    """The world on whose lines a language model was trained; None for most models."""
    worded = (domain for domain in registered_domains() if isinstance(domain, LanguageDomain))
    return next((domain for domain in worded if domain.trained(config)), None)
