"""Action-space dynamic modification: rollouts that are led to, or kept from, required words.

DiffChat (arXiv 2403.04997) names it for better positives and harder negatives; its mechanism could
not be read, and this one is the program's own. The model is not changed: a logits processor of
transformers changes what may be drawn, and keeps with which probability each token was drawn.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import torch
from torch import Tensor
from transformers import LogitsProcessor

from editor.english.lexicon import spellings
from editor.ranking.content_integrity import lemmas

ActionMode = Literal["free", "positive", "negative"]
MODES: Final[tuple[ActionMode, ...]] = ("free", "positive", "negative")
SHARES: Final = (0.5, 0.25, 0.25)
PATIENCE: Final = 12
"""Tokens without a required word after which a positive rollout is led to one."""

TOP: Final = 20
"""Likeliest tokens of the model that stay allowed then."""

_LAST_WORD: Final = re.compile(r"[^\W_]*\Z")


@dataclass(frozen=True)
class RolloutPlan:
    """How one rollout is drawn.

    Attributes:
        mode: free, led to required words, or kept from one.
        required: lemmas of the request (`WantedContent.required`).
        avoided: the one that a negative rollout never has; "" otherwise.
    """

    mode: ActionMode
    required: tuple[str, ...]
    avoided: str = ""

    @classmethod
    def draw(cls, required: Sequence[str], rng: np.random.Generator) -> RolloutPlan:
        """A plan in one of the modes, by `SHARES`; free where nothing is required."""
        mode = MODES[int(rng.choice(len(MODES), p=SHARES))] if required else "free"
        avoided = required[int(rng.integers(len(required)))] if mode == "negative" else ""
        return cls(mode, tuple(required), avoided)


class TokenWords:
    """Which tokens of a vocabulary begin or end which words; made once for a tokenizer."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._after_sign: defaultdict[str, list[int]] = defaultdict(list)
        self._continuing: defaultdict[str, list[int]] = defaultdict(list)
        self._first: dict[str, frozenset[int]] = {}
        special = set(tokenizer.all_special_ids)
        for token, text in enumerate(tokenizer.batch_decode([[i] for i in range(len(tokenizer))])):
            if token in special:
                continue
            for part in re.findall(r"[^\W_]+", text.casefold()):
                place = self._continuing if text.casefold().startswith(part) else self._after_sign
                place[part].append(token)

    def first_tokens(self, lemma: str) -> frozenset[int]:
        """The first tokens of a lemma's spellings, after a space and without one."""
        if lemma not in self._first:
            texts = [f"{space}{word}" for word in _written(lemma) for space in (" ", "")]
            tokens = [self._tokenizer(text, add_special_tokens=False).input_ids for text in texts]
            self._first[lemma] = frozenset(ids[0] for ids in tokens)
        return self._first[lemma]

    def completing(self, lemma: str, text: str) -> frozenset[int]:
        """Tokens that would make a spelling of a lemma the last word, in whatever pieces."""
        begun = _LAST_WORD.search(text.casefold())
        before = begun.group() if begun else ""
        found: set[int] = set()
        for spelling in spellings(lemma):
            found.update(self._after_sign.get(spelling, ()))
            if spelling.startswith(before) and spelling != before:
                found.update(self._continuing.get(spelling[len(before) :], ()))
        return frozenset(found)

    def text(self, ids: Sequence[int]) -> str:
        """The text of some tokens."""
        return str(self._tokenizer.decode(ids, skip_special_tokens=True))


class ActionModification(LogitsProcessor):  # type: ignore[misc]  # transformers has no types
    """Changes the logits of a batch of rollouts and keeps the behaviour's log-probabilities.

    Draw with temperature 1, without top-k and top-p: then what this gives back is what is drawn
    from. A row in positive mode, after `PATIENCE` tokens without a new required lemma, may go on
    with the first token of one that is still missing or with the model's `TOP`. A row in negative
    mode never gets the first token of the avoided lemma, nor one that would spell it otherwise.
    """

    def __init__(self, plans: Sequence[RolloutPlan], words: TokenWords, start: int) -> None:
        """Nothing is drawn yet.

        Args:
            plans: one for each row.
            words: of the tokenizer.
            start: tokens of the question, which every row begins with.
        """
        self._plans, self._words, self._start = plans, words, start
        self._waiting = [0] * len(plans)
        self._seen: list[frozenset[str]] = [frozenset() for _ in plans]
        self._scores: Tensor | None = None
        self._chosen: list[Tensor] = []

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """See `transformers.LogitsProcessor`; (rows, vocabulary)."""
        self._note(input_ids)
        changed = scores.clone()
        for row, plan in enumerate(self._plans):
            if plan.mode == "free":
                continue
            text = self._words.text(input_ids[row, self._start :].tolist())
            if plan.mode == "negative":
                avoided = self._words.first_tokens(plan.avoided)
                avoided |= self._words.completing(plan.avoided, text)
                changed[row, sorted(avoided)] = -torch.inf
            else:
                self._lead(row, plan, text, changed)
        self._scores = changed
        return changed

    def behaviour(self, ids: Tensor) -> Tensor:
        """(rows, T) log-probabilities of the drawn tokens under the modified distribution μ.

        Args:
            ids: (rows, start + T) all tokens, once they are drawn.
        """
        self._note(ids)
        return torch.stack(self._chosen, 1)

    def _note(self, ids: Tensor) -> None:
        if self._scores is not None:
            likely = self._scores.float().log_softmax(-1)
            self._chosen.append(likely.gather(1, ids[:, -1:])[:, 0])
            self._scores = None

    def _lead(self, row: int, plan: RolloutPlan, text: str, scores: Tensor) -> None:
        has = lemmas(text)
        seen = frozenset(one for one in plan.required if one in has)
        self._waiting[row] = 0 if seen - self._seen[row] else self._waiting[row] + 1
        self._seen[row] |= seen
        missing = [one for one in plan.required if one not in self._seen[row]]
        if self._waiting[row] <= PATIENCE or not missing:
            return
        allowed = set(scores[row].topk(min(TOP, scores.shape[1])).indices.tolist())
        for one in missing:
            allowed |= self._words.first_tokens(one)
        barred = torch.ones(scores.shape[1], dtype=torch.bool, device=scores.device)
        barred[sorted(allowed)] = False
        scores[row, barred] = -torch.inf


def _written(lemma: str) -> tuple[str, ...]:
    """The spellings of a lemma as a prompt may have them, also with a capital."""
    return tuple(form for one in sorted(spellings(lemma)) for form in (one, one.capitalize()))
