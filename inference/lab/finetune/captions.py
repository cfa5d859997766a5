"""Fine-tuning a causal language model on captions: its last blocks, or LoRA, and two tags.

The concept-to-prompt paper (AAAI-24 student abstract) freezes the first 42 of GPT-2 XL's 48 blocks
and trains on captions with and without start and end tags.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from torch import nn

from inference.lab.finetune.caption_examples import CaptionExamples
from inference.lab.finetune.language_lora import with_trained_tokens
from inference.lab.finetune.suggest import blocks_of, forget_base, padded_batch
from inference.lab.finetune.suggest_examples import LearntExample
from inference.lab.training.export import halved, save_pretrained
from inference.lab.training.language import LanguageLoss
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.language.caption_tags import (
    CAPTION_END,
    CAPTION_START,
    FORM_KEY,
    CaptionForm,
    has_tags,
)

FACTS: Final = "captions.json"
FRACTION: Final = 6 / 48
"""Share of the blocks that learn."""

CaptionTuning = Literal["last", "lora"]


@dataclass(frozen=True)
class CaptionRecipe:
    """Captions for the trainer; cross entropy on captions and end tags.

    Attributes:
        name: of the checkpoint and the log.
        examples: what is learnt.
        start: a causal language model, float32, with rows for the tags (`with_tags`).
        tokenizer: of it, with the tags.
        form: of the captions.
        tuned: the last blocks with the final norm, or a LoRA of all linear layers.
        fraction: share of the blocks that learn, at the end; rounded up.
        rank: of the LoRA.
        context: most tokens of an example.
        base: which model `start` is.
        base_sha256: of its weights file; "" for several.
    """

    name: str
    examples: CaptionExamples
    start: Any
    tokenizer: Any
    form: CaptionForm = "tags"
    tuned: CaptionTuning = "last"
    fraction: float = FRACTION
    rank: int = 8
    batch_size: int = 64
    context: int = 96
    base: str = ""
    base_sha256: str = ""
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(steps=600, lr=5e-5, weight_decay=0.01)
    )

    def network(self) -> nn.Module:
        """See `Recipe.network`; in the last blocks' way everything else but the tags is frozen."""
        tags = tag_ids(self.tokenizer) if has_tags(self.form) else []
        model: Any = copy.deepcopy(self.start)
        rank = self.rank if self.tuned == "lora" else 0
        if not rank:
            model.requires_grad_(False)
        if rank or tags:
            model = with_trained_tokens(model, tags, rank)
        if not rank:
            blocks = blocks_of(model)
            for module in (*blocks[-learning_blocks(len(blocks), self.fraction) :], _norm(model)):
                module.requires_grad_(True)
        return LanguageLoss(model, 0.0)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Padded at the right to the longest caption, at most ``context`` tokens."""
        begin = step * self.batch_size
        taken = self.examples.take(begin, self.batch_size, self.plan.seed)
        return padded_batch(taken, self.tokenizer, self.context)

    def export(self, network: nn.Module, folder: Path) -> None:
        """A stock folder of the whole model, or the LoRA with the rows of the tags, in float16."""
        loss: Any = network
        if self.tuned == "lora":
            halved(loss.gpt)
            # The rows of the tags are saved with the LoRA; the table they belong to need not be.
            loss.gpt.save_pretrained(folder, save_embedding_layers=False)
            forget_base(folder / "adapter_config.json")
            self.tokenizer.save_pretrained(folder)
            facts = {
                "form": self.form,
                "base": self.base,
                "sha256": self.base_sha256,
                "rank": self.rank,
            }
            (folder / FACTS).write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
            return
        whole = loss.gpt.merge_and_unload() if hasattr(loss.gpt, "merge_and_unload") else loss.gpt
        setattr(whole.config, FORM_KEY, self.form)
        save_pretrained(whole, folder)
        self.tokenizer.save_pretrained(folder)


def with_tags(model: Any, tokenizer: Any) -> None:
    """Add the two tags to a tokenizer and rows for them to its model, at the mean of the others.

    A model that has the tags keeps what it learnt of them.
    """
    if {CAPTION_START, CAPTION_END} <= tokenizer.get_vocab().keys():
        return
    before = model.get_input_embeddings().weight.shape[0]
    tokenizer.add_special_tokens(
        {"additional_special_tokens": [CAPTION_START, CAPTION_END]},
        replace_extra_special_tokens=False,
    )
    if len(tokenizer) > before:
        model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    with torch.no_grad():
        tables = {id(one.weight): one.weight for one in _tables(model)}
        for table in tables.values():
            rows = table[: len(tokenizer) - 2]
            table[tag_ids(tokenizer)] = rows.mean(0)


def tag_ids(tokenizer: Any) -> list[int]:
    """The ids of the start and the end tag."""
    return [int(tokenizer.convert_tokens_to_ids(tag)) for tag in (CAPTION_START, CAPTION_END)]


def learning_blocks(count: int, fraction: float) -> int:
    """How many of `count` blocks learn: a share, rounded up, at least one."""
    return max(1, math.ceil(fraction * count - 1e-9))


def held_out_loss(
    network: nn.Module, examples: Sequence[LearntExample], tokenizer: Any, context: int
) -> float:
    """Cross entropy a token, in nats, over the answers of some examples.

    Args:
        network: a `LanguageLoss` in evaluation mode.
        examples: at least one.
        tokenizer: of the model.
        context: most tokens of an example.
    """
    total, count = 0.0, 0
    with torch.inference_mode():
        for begin in range(0, len(examples), 16):
            batch = padded_batch(examples[begin : begin + 16], tokenizer, context)
            tokens = int(batch["answer"][:, 1:].sum())
            total += float(network(**batch)["answer"]) * tokens
            count += tokens
    return total / count


def held_out_facts(
    network: nn.Module, examples: Sequence[LearntExample], tokenizer: Any, context: int
) -> dict[str, Any]:
    """What a command prints: how many examples, and `held_out_loss` on them, None on none."""
    loss = held_out_loss(network.eval(), examples, tokenizer, context) if examples else None
    return {
        "held_out": len(examples),
        "held_out_loss": None if loss is None else round(loss, 4),
    }


def _tables(model: Any) -> list[Any]:
    return [one for one in (model.get_input_embeddings(), model.get_output_embeddings()) if one]


def _norm(model: nn.Module) -> nn.Module:
    """The norm after the last block: the last module of the model that is a norm."""
    norms = [module for module in model.modules() if "Norm" in type(module).__name__]
    return norms[-1]
