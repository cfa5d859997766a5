"""Questions and answers that InstructPE records teach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.lab.finetune.suggest_examples import LearntExample
from inference.language.chat_lines import rewrite_line


def chat_example(record: InstructPrompt, *, beautified: bool) -> LearntExample:
    """The plain or the beautified prompt with the instruction, and the full prompt after it."""
    before = record.beautified_source_prompt if beautified else record.source_prompt
    return rewrite_line(before, record.instruction), record.beautified_target_prompt


@dataclass(frozen=True)
class ChatExamples:
    """Records, drawn with the plain or the beautified prompt before, equally often."""

    records: Sequence[InstructPrompt]

    def draw(self, rng: np.random.Generator) -> LearntExample:
        """One example; equal states give equal examples."""
        record = self.records[int(rng.integers(len(self.records)))]
        return chat_example(record, beautified=bool(rng.random() < 0.5))
