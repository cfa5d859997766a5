"""Records of InstructPE: a prompt, an instruction, and the prompt after it, both beautified.

The four keys are those of DiffChat's published data (arXiv 2403.04997); two more say where a record
comes from and what the plain target is, which content integrity is measured against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from editor.english.noun_phrases import content_lemmas
from editor.model.prompt_edit.prompt_tokens import key_of
from editor.ranking.content_integrity import THRESHOLD, WantedContent, content_integrity
from inference.lab.finetune.word_filter import WordFilter

TEST_SHARE: Final = 5_582 / (234_786 + 5_582)
"""Of the published data: 97.7 to 2.3."""

MOST_WORDS: Final = 60
"""A prompt of more words is cut by CLIP's text encoders."""


@dataclass(frozen=True)
class InstructPrompt:
    """One record.

    Attributes:
        source_prompt: plain prompt before.
        instruction: what the artist says.
        beautified_source_prompt, beautified_target_prompt: full prompts before and after.
        plain_target_prompt: plain prompt after.
        origin: where prompt and instruction come from.
    """

    source_prompt: str
    instruction: str
    beautified_source_prompt: str
    beautified_target_prompt: str
    plain_target_prompt: str
    origin: str

    def to_json(self) -> dict[str, str]:
        """The record as it is written."""
        return asdict(self)


class ConsistencyFilter:
    """Keeps records whose two sides say what they should; counts why others fall.

    The beautified prompts must keep their plain prompts' content (content integrity of at least
    τ), differ from each other and fit a text encoder; a pair of prompts and instruction comes once.
    """

    def __init__(self, words: WordFilter) -> None:
        self._words = words
        self._seen: set[tuple[str, ...]] = set()
        self.fallen: Counter[str] = Counter()

    def __call__(self, records: Iterable[InstructPrompt]) -> list[InstructPrompt]:
        """The records that are consistent."""
        kept = []
        for record in records:
            reason = self._reason(record)
            if reason:
                self.fallen[reason] += 1
            else:
                kept.append(record)
        return kept

    def _reason(self, record: InstructPrompt) -> str:
        source, target = record.beautified_source_prompt, record.beautified_target_prompt
        texts = (source, target, record.instruction)
        if any(self._words.finds(text) for text in texts):
            return "word filter"
        if not all(text.strip() for text in (*texts, record.plain_target_prompt)):
            return "empty"
        if key_of(source) == key_of(target):
            return "nothing changes"
        if max(len(key_of(text)) for text in texts) > MOST_WORDS:
            return "too long"
        key = (*key_of(source), "|", *key_of(record.instruction))
        if key in self._seen:
            return "repeated"
        self._seen.add(key)
        before = WantedContent(content_lemmas(record.source_prompt), ())
        after = WantedContent.of(record.source_prompt, record.plain_target_prompt)
        if not content_integrity(source, before).passes(THRESHOLD):
            return "source loses content"
        if not content_integrity(target, after).passes(THRESHOLD):
            return "target loses content"
        return ""


def split(
    records: Sequence[InstructPrompt], seed: int, share: float = TEST_SHARE
) -> tuple[list[InstructPrompt], list[InstructPrompt]]:
    """Training and test records; all of one plain source prompt lie on one side.

    Args:
        records: to split.
        seed: of the order of the prompts.
        share: of the records that are for tests, reached with whole prompts.
    """
    prompts = sorted({record.source_prompt for record in records})
    order = np.random.default_rng(seed).permutation(len(prompts))
    counts = Counter(record.source_prompt for record in records)
    test: set[str] = set()
    wanted, taken = share * len(records), 0
    for place in order:
        if taken >= wanted:
            break
        test.add(prompts[place])
        taken += counts[prompts[place]]
    return (
        [record for record in records if record.source_prompt not in test],
        [record for record in records if record.source_prompt in test],
    )
