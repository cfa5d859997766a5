"""A proposed edit on its way to becoming a suggestion, and what makes it acceptable."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from editor.messages import Message
from editor.model.prompt_edit.prompt_edit import OpKind, PromptEdit, prompt_edit
from editor.model.prompt_edit.prompt_tokens import head_end, key_of, words
from inference.request.jobs import PathStep

PROMPT_WORDS: Final = 77
"""Longer prompts do not fit the text encoders of diffusion models."""

INSTRUCTION_LETTERS: Final = 160
_PHRASE: Final = 6
_PREPOSITIONS: Final = frozenset(
    {"in", "on", "at", "of", "under", "over", "near", "beside", "by", "with", "from", "behind"}
)


@dataclass(frozen=True)
class Proposal:
    """An edit in words.

    Attributes:
        text: the instruction.
        target_prompt: the caption after it.
        reason: why; computed, never taken from the model.
        about: (attribute, value) in the storybook world, None elsewhere.
    """

    text: str
    target_prompt: str
    reason: Message
    about: tuple[str, str] | None = None


@dataclass(frozen=True)
class Context:
    """What suggestions follow from.

    Attributes:
        caption: of the present picture.
        path: the steps to it, oldest first, with what was refused on the way.
        refused: instructions that were dismissed.
        pinned: words of the caption that must stay.
        forbidden: words that must not come in.
        wanted: kinds of edits that are asked for, one for each suggestion; further suggestions may
            be of any kind.
    """

    caption: str
    path: tuple[PathStep, ...] = ()
    refused: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    wanted: tuple[OpKind, ...] = ()

    @property
    def done(self) -> tuple[PathStep, ...]:
        """The accepted steps."""
        return tuple(step for step in self.path if step.accepted)

    @property
    def unwanted(self) -> tuple[str, ...]:
        """Instructions that must not come back, in the order of their refusal."""
        refused_steps = (step.instruction for step in self.path if not step.accepted)
        return tuple(
            dict.fromkeys(text for text in (*refused_steps, *self.refused) if text.strip())
        )


def replaces_subject(edit: PromptEdit) -> bool:
    """Whether the thing the source prompt is about is another thing in the target prompt."""
    head = [word.key for word in words(edit.source[: head_end(edit.source)])]
    cut = next((i for i, key in enumerate(head) if i and key in _PREPOSITIONS), len(head))
    if not cut:
        return False
    return head[cut - 1] not in key_of(edit.target)


@dataclass
class SuggestionFilter:
    """Accepts each valid proposal once.

    Attributes:
        context: what the proposals follow from.
        rejected_pairs: (attribute, value) that refused instructions ask for.
    """

    context: Context
    rejected_pairs: frozenset[tuple[str, str]] = frozenset()
    _texts: set[tuple[str, ...]] = field(default_factory=set)
    _targets: set[tuple[str, ...]] = field(default_factory=set)
    _pairs: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._texts |= {key_of(text) for text in self.context.unwanted}
        refused = [step for step in self.context.path if not step.accepted]
        self._targets |= {key_of(step.prompt) for step in refused if step.prompt}
        self._targets.add(key_of(self.context.caption))
        self._pairs |= self.rejected_pairs
        # Going back is the task of undo.
        self._targets |= {key_of(step.prompt) for step in self.context.done if step.prompt}

    def passes(self, proposal: Proposal) -> bool:
        """Whether it is a new, different, well-formed edit; it is remembered if so."""
        text, target = key_of(proposal.text), key_of(proposal.target_prompt)
        if not text or not target or len(target) > PROMPT_WORDS:
            return False
        if (
            len(proposal.text) > INSTRUCTION_LETTERS
            or "\n" in proposal.text + proposal.target_prompt
        ):
            return False
        if text in self._texts or target in self._targets or proposal.about in self._pairs:
            return False
        if prompt_edit(self.context.caption, proposal.target_prompt).kind == "none":
            return False
        if not self._keeps_words(target):
            return False
        self._texts.add(text)
        self._targets.add(target)
        if proposal.about is not None:
            self._pairs.add(proposal.about)
        return True

    def _keeps_words(self, target: tuple[str, ...]) -> bool:
        """Whether pinned words stay and forbidden ones do not come."""
        before, after = _phrases(key_of(self.context.caption)), _phrases(target)
        pinned = {key_of(words) for words in self.context.pinned} & before
        forbidden = {key_of(words) for words in self.context.forbidden} - before
        return pinned <= after and not forbidden & after


def _phrases(keys: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Every run of up to `_PHRASE` words."""
    lengths = range(1, min(_PHRASE, len(keys)) + 1)
    return {keys[i : i + n] for n in lengths for i in range(len(keys) - n + 1)}


def subject_edits_last(steps: Iterable[PathStep]) -> bool:
    """Whether the last two edits of the path were about the subject, as far as is known."""
    prompts = [step.prompt for step in steps if step.accepted and step.prompt]
    edits = [prompt_edit(a, b) for a, b in itertools.pairwise(prompts)]
    return len(edits) >= 2 and all(edit.subject for edit in edits[-2:])
