"""Content integrity: whether a rewritten prompt holds all it must and nothing it must not.

DiffChat (arXiv 2403.04997) names such a score; its formula could not be read, and this one is the
program's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from editor.english.lexicon import every_lemma
from editor.english.noun_phrases import content_lemmas
from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.model.prompt_edit.prompt_tokens import words

THRESHOLD: Final = 0.8
"""τ: prompts below it come last, and are no reward."""

ALIKE: Final = 0.9
"""Cosine of CLIP's text features from which another word counts as the required one."""

Likeness = Callable[[str, str], float]
"""Cosine of two words' text features, −1..1."""


@dataclass(frozen=True)
class WantedContent:
    """What a target prompt must and must not speak of.

    Attributes:
        required: K, content lemmas of the plain target.
        forbidden: F, content lemmas of the source that the plain target has no longer.
    """

    required: tuple[str, ...]
    forbidden: tuple[str, ...]

    @classmethod
    def of(cls, source: str, plain_target: str, instruction: str | None = None) -> WantedContent:
        """From the prompt before and the plain rewriting of it as it was asked for.

        Args:
            source: the prompt before.
            plain_target: the plain prompt after.
            instruction: where a model wrote the plain prompt: what it merely left out, without
                being asked, is not forbidden. None where people or a grammar wrote it.
        """
        kept = lemmas(plain_target)
        gone = [one for one in content_lemmas(source) if one not in kept]
        if instruction is not None:
            replaced = [
                source[slice(*op.source)]
                for op in prompt_edit(source, plain_target).ops
                if op.op == "replace"
            ]
            meant = lemmas(" ".join([instruction, *replaced]))
            gone = [one for one in gone if one in meant]
        return cls(content_lemmas(plain_target), tuple(gone))


@dataclass(frozen=True)
class ContentIntegrity:
    """The score of a prompt and the words behind it.

    Attributes:
        score: CI, 0..1.
        kept, lost: required lemmas that the prompt has and lacks.
        returned: forbidden lemmas that it has.
    """

    score: float
    kept: tuple[str, ...]
    lost: tuple[str, ...]
    returned: tuple[str, ...]

    def passes(self, threshold: float = THRESHOLD) -> bool:
        """Whether the score reaches τ."""
        return self.score >= threshold


def content_integrity(
    prompt: str, wanted: WantedContent, likeness: Likeness | None = None
) -> ContentIntegrity:
    """CI = |K found| / |K| − |F found| / max(1, |F|), clipped to [0, 1]; no K counts as all found.

    A required lemma is found where it is a lemma of any word, or where a word is alike by at least
    `ALIKE`.

    Args:
        prompt: to be judged.
        wanted: K and F.
        likeness: of two words; None where there is no CLIP.
    """
    has = lemmas(prompt)
    lost = [one for one in wanted.required if one not in has]
    if likeness is not None:
        lost = [
            one for one in lost if not any(likeness(one, word) >= ALIKE for word in _words(prompt))
        ]
    kept = tuple(one for one in wanted.required if one not in lost)
    returned = tuple(one for one in wanted.forbidden if one in has)
    share = len(kept) / len(wanted.required) if wanted.required else 1.0
    penalty = len(returned) / max(1, len(wanted.forbidden))
    return ContentIntegrity(min(1.0, max(0.0, share - penalty)), kept, tuple(lost), returned)


def lemmas(text: str) -> frozenset[str]:
    """Every lemma that a word of a text can have; hyphenated words count in parts too."""
    return frozenset(one for word in _words(text) for one in every_lemma(word))


def _words(text: str) -> Iterable[str]:
    whole = dict.fromkeys(text.split())
    cut = dict.fromkeys(word.key for word in words(text))
    return dict.fromkeys([*(one.strip('.,;:!?"()[]') for one in whole if "-" in one), *cut])


def gated(scores: Iterable[ContentIntegrity], threshold: float = THRESHOLD) -> tuple[int, ...]:
    """Places of prompts in their order of rank, with those below τ moved behind the others."""
    marked = [(not one.passes(threshold), place) for place, one in enumerate(scores)]
    return tuple(place for _, place in sorted(marked))
