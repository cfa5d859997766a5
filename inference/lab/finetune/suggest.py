"""Fine-tuning a causal language model on answers: all weights, the last blocks, or LoRA."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import numpy as np
import torch
from torch import nn

from inference.lab.finetune.language_lora import with_lora
from inference.lab.finetune.suggest_examples import LearntExample
from inference.lab.training.export import halved, save_pretrained
from inference.lab.training.language import LanguageLoss
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.language.trace_lines import TRACE_LINES
from inference.starter.language import speaks_lines

Tuned = Literal["full", "lora", "last"]
TUNED: Final[tuple[Tuned, ...]] = ("full", "lora", "last")
RANK: Final = 8
BLOCKS: Final = 2
FACTS: Final = "suggest.json"
"""Beside a LoRA: which lines it speaks and which model it belongs to."""


class DrawnExamples(Protocol):
    """What is learnt, drawn one at a time."""

    def draw(self, rng: np.random.Generator) -> LearntExample:
        """A question and its answer; equal states give equal ones."""


@dataclass(frozen=True)
class SuggestRecipe:
    """Examples of traces, or of other lines, for the trainer; cross entropy on the answers.

    Attributes:
        name: of the checkpoint and the log.
        examples: what is learnt.
        start: a causal language model of transformers, float32; it is not changed.
        tokenizer: of it, with a padding token.
        tuned: which weights learn: all, those of a LoRA, or those of the last blocks.
        rank: of the LoRA, on all linear layers.
        blocks: how many of the last blocks learn.
        context: most tokens of question and answer.
        base: which model `start` is, for the facts beside a LoRA.
        lines: in which the examples are written.
        lines_key: of the config that says so.
        facts: name of the file that says so beside a LoRA.
    """

    name: str
    examples: DrawnExamples
    start: Any
    tokenizer: Any
    tuned: Tuned = "full"
    rank: int = RANK
    blocks: int = BLOCKS
    batch_size: int = 48
    context: int = 192
    question_weight: float = 0.0
    base: str = ""
    lines: str = TRACE_LINES
    lines_key: str = "suggest_lines"
    facts: str = FACTS
    plan: TrainingPlan = field(default_factory=lambda: TrainingPlan(steps=600, lr=3e-4))

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        model = copy.deepcopy(self.start)
        if self.tuned == "lora":
            model = with_lora(model, self.rank)
        elif self.tuned == "last":
            model.requires_grad_(False)
            for block in blocks_of(model)[-self.blocks :]:
                block.requires_grad_(True)
        return LanguageLoss(model, self.question_weight)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Padded at the right to the longest example, at most ``context`` tokens."""
        return padded_batch(
            [self.examples.draw(rng) for _ in range(self.batch_size)], self.tokenizer, self.context
        )

    def export(self, network: nn.Module, folder: Path) -> None:
        """A stock folder: the whole model, or the LoRA with its facts, in float16."""
        loss: Any = network
        # Traces are written for the starter model in the lines it knows already.
        speaks = speaks_lines(self.start.config) and self.lines == TRACE_LINES
        if self.tuned == "lora":
            halved(loss.gpt)
            loss.gpt.save_pretrained(folder)
            facts = {"lines": "" if speaks else self.lines, "base": self.base, "rank": self.rank}
            (folder / self.facts).write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
            forget_base(folder / "adapter_config.json")
            return
        if not speaks:
            setattr(loss.gpt.config, self.lines_key, self.lines)
        save_pretrained(loss.gpt, folder)
        self.tokenizer.save_pretrained(folder)


def padded_batch(
    examples: Sequence[tuple[str, str]], tokenizer: Any, context: int
) -> dict[str, torch.Tensor]:
    """Ids, mask and where the answers are, (N, T); of a long question the beginning is cut.

    A mark of the beginning, which some tokenizers add, stands before the question alone.
    """
    rows = []
    for question, answer in examples:
        ids = tokenizer(" " + answer, add_special_tokens=False).input_ids
        tail = [*ids, tokenizer.eos_token_id][:context]
        head = tokenizer(question).input_ids
        rows.append((head[max(0, len(head) + len(tail) - context) :], tail))
    longest = max(len(head) + len(tail) for head, tail in rows)
    ids = torch.full((len(rows), longest), int(tokenizer.pad_token_id))
    mask, in_answer = torch.zeros_like(ids), torch.zeros_like(ids)
    for i, (head, tail) in enumerate(rows):
        line = head + tail
        ids[i, : len(line)] = torch.tensor(line)
        mask[i, : len(line)] = 1
        in_answer[i, len(head) : len(line)] = 1
    return {"ids": ids, "mask": mask, "answer": in_answer}


def blocks_of(model: nn.Module) -> list[nn.Module]:
    """The transformer blocks of a causal language model, first to last: its longest list."""
    lists = [list(module) for module in model.modules() if isinstance(module, nn.ModuleList)]
    if not lists:
        raise ValueError(f"{type(model).__name__} has no list of blocks")
    return max(lists, key=len)


def forget_base(config: Path) -> None:
    """Take the folder of the base model out of a LoRA's config: it is another one elsewhere."""
    values = json.loads(config.read_text("utf-8"))
    values["base_model_name_or_path"] = None
    config.write_text(json.dumps(values, indent=2) + "\n", "utf-8")
