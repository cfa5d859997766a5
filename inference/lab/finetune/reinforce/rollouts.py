"""Answers that a policy draws, with the probabilities they were really drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import torch
from torch import Tensor

from editor.ranking.content_integrity import WantedContent, content_integrity
from inference.lab.finetune.action_modification import ActionModification, RolloutPlan, TokenWords
from inference.lab.finetune.reinforce.requests import ChatRequest

CHUNK: Final = 16
"""Answers that are decoded at once."""


@dataclass(frozen=True)
class Rollouts:
    """B questions with an answer of at most T tokens each; arrays are padded.

    Attributes:
        ids: (B, S + T) tokens; questions end at S, answers begin there.
        mask: (B, S + T), 1 on tokens.
        answer: (B, T), 1 on tokens of answers, their end included.
        behaviour: (B, T) log-probabilities with which the tokens were drawn.
        integrity: (B, T) content integrity of what was written before each token.
        start: S.
    """

    ids: Tensor
    mask: Tensor
    answer: Tensor
    behaviour: Tensor
    integrity: Tensor
    start: int

    def rows(self, chosen: Tensor) -> Rollouts:
        """Some of the rollouts."""
        return replace(
            self,
            ids=self.ids[chosen],
            mask=self.mask[chosen],
            answer=self.answer[chosen],
            behaviour=self.behaviour[chosen],
            integrity=self.integrity[chosen],
        )


@torch.no_grad()
def draw_rollouts(
    model: Any,
    words: TokenWords,
    tokenizer: Any,
    requests: Sequence[ChatRequest],
    plans: Sequence[RolloutPlan],
    new_tokens: int,
) -> tuple[Rollouts, list[str]]:
    """One answer to each request, drawn as its plan says, by torch's own generator.

    Args:
        model: the policy's language model, in evaluation mode.
        words: of the tokenizer.
        tokenizer: with a padding token.
        requests: B of them.
        plans: one for each.
        new_tokens: most tokens of an answer.

    Returns:
        The rollouts, and the text of each answer.
    """
    ids, mask = _questions(tokenizer, [one.question for one in requests])
    start = ids.shape[1]
    parts = []
    for at in range(0, len(requests), CHUNK):
        rows = slice(at, at + CHUNK)
        modified = ActionModification(plans[rows], words, start)
        made = model.generate(
            input_ids=ids[rows],
            attention_mask=mask[rows],
            max_new_tokens=new_tokens,
            do_sample=True,
            temperature=1.0,
            top_k=0,
            top_p=1.0,
            pad_token_id=tokenizer.pad_token_id,
            logits_processor=[modified],
        )
        parts.append((made, modified.behaviour(made)))
    longest = max(made.shape[1] for made, _ in parts)
    pad = int(tokenizer.pad_token_id)
    whole = torch.cat([_padded(made, longest, pad) for made, _ in parts])
    answer = _answers(whole[:, start:], int(tokenizer.eos_token_id))
    behaviour = torch.cat([_padded(likely, longest - start, 0.0) for _, likely in parts])
    texts = [
        str(tokenizer.decode(row[used.bool()], skip_special_tokens=True)).strip()
        for row, used in zip(whole[:, start:], answer, strict=True)
    ]
    integrity = [
        _integrity_so_far(tokenizer, row[used.bool()].tolist(), request.content)
        for row, used, request in zip(whole[:, start:], answer, requests, strict=True)
    ]
    return (
        Rollouts(
            whole,
            torch.cat([mask, answer], 1),
            answer,
            torch.where(answer.bool(), behaviour, 0.0),
            torch.stack([_padded(row[None], longest - start, 0.0)[0] for row in integrity]),
            start,
        ),
        texts,
    )


def _questions(tokenizer: Any, questions: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Ids and mask, padded at the left."""
    lines = [tokenizer(one).input_ids for one in questions]
    longest = max(map(len, lines))
    ids = torch.full((len(lines), longest), int(tokenizer.pad_token_id))
    mask = torch.zeros_like(ids)
    for row, line in enumerate(lines):
        ids[row, longest - len(line) :] = torch.tensor(line)
        mask[row, longest - len(line) :] = 1
    return ids, mask


def _answers(ids: Tensor, end: int) -> Tensor:
    """1 on each row's tokens up to its first end, that included."""
    ends = (ids == end).long()
    return (ends.cumsum(1) - ends == 0).long()


def _padded(values: Tensor, length: int, value: float) -> Tensor:
    """(N, T) padded at the right to (N, length)."""
    return torch.nn.functional.pad(values, (0, length - values.shape[1]), value=value)


def _integrity_so_far(tokenizer: Any, ids: Sequence[int], wanted: WantedContent) -> Tensor:
    """(T,) content integrity of the text before each token; a word counts once it is written."""
    found: list[float] = []
    text, score = "", content_integrity("", wanted).score
    for place in range(len(ids)):
        now = str(tokenizer.decode(ids[:place], skip_special_tokens=True))
        if now != text:
            text, score = now, content_integrity(now, wanted).score
        found.append(score)
    return torch.tensor(found)
