"""Requests that a policy answers with target prompts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from editor.ranking.content_integrity import WantedContent
from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.language.chat_lines import rewrite_line


@dataclass(frozen=True)
class ChatRequest:
    """A prompt and an instruction, with what the answer is judged by.

    Attributes:
        prompt: before.
        instruction: what the artist asks.
        wanted: the plain target, which the picture should show.
        reference: the target prompt of the record.
        content: what an answer must and must not speak of.
    """

    prompt: str
    instruction: str
    wanted: str
    reference: str
    content: WantedContent

    @property
    def question(self) -> str:
        """What the policy reads."""
        return rewrite_line(self.prompt, self.instruction)


def chat_request(record: InstructPrompt, *, full: bool) -> ChatRequest:
    """The request of a record with its plain or with its full prompt.

    Of a full prompt all words were given, so all of them that the edit leaves are wanted.
    """
    before = record.beautified_source_prompt if full else record.source_prompt
    after = record.beautified_target_prompt if full else record.plain_target_prompt
    return ChatRequest(
        before,
        record.instruction,
        record.plain_target_prompt,
        record.beautified_target_prompt,
        WantedContent.of(before, after),
    )


def drawn_requests(
    records: Sequence[InstructPrompt], count: int, rng: np.random.Generator
) -> list[ChatRequest]:
    """Requests of random records, with the plain or the full prompt as often."""
    return [
        chat_request(records[int(rng.integers(len(records)))], full=bool(rng.random() < 0.5))
        for _ in range(count)
    ]
