"""`pentimento train captions`: a language model learns to write captions."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from inference.lab.finetune.caption_examples import (
    CaptionExamples,
    CaptionSplit,
    NoCaptions,
    read_topics,
    split_captions,
)
from inference.lab.finetune.captions import (
    FRACTION,
    CaptionRecipe,
    CaptionTuning,
    held_out_facts,
    with_tags,
)
from inference.lab.finetune.run_recipe import load_causal_language, run_facts, run_recipe
from inference.lab.finetune.word_filter import WordFilter
from inference.lab.training.trainer import TrainingPlan, averaged_network
from inference.language.caption_tags import CaptionForm, has_tags

MEASURED: int = 256
"""Held-out captions that the loss is measured on."""


@dataclass(frozen=True)
class CaptionTraining:
    """What is trained.

    Attributes:
        model: folder of a causal language model.
        captions: file of captions or prompts.
        output: checkpoints, logs, curves and the model lie below it.
        name: of the run; another one begins anew.
        form: plain, between tags, or after their topic.
        tuned: the last blocks, or a LoRA.
        fraction: share of the blocks that learn.
        rank: of the LoRA.
        epochs: passes over the training captions.
        word_filter: file of unwanted words; None for the shipped one.
    """

    model: Path
    captions: Path
    output: Path
    name: str = "captions"
    form: CaptionForm = "tags"
    tuned: CaptionTuning = "last"
    fraction: float = FRACTION
    rank: int = 8
    epochs: float = 1.0
    learning_rate: float = 5e-5
    batch_size: int = 64
    seed: int = 0
    word_filter: Path | None = None

    @cached_property
    def split(self) -> CaptionSplit:
        """The captions, filtered and split.

        Raises:
            NoCaptions: there are too few.
        """
        words = WordFilter.read(self.word_filter)
        return split_captions(tuple(self.topics), words, self.seed)

    @cached_property
    def topics(self) -> dict[str, str]:
        """All captions of the file, each with its topic; "" for none.

        Raises:
            NoCaptions: there are too few.
        """
        return read_topics(self.captions)

    @property
    def steps(self) -> int:
        """Optimiser steps of all epochs."""
        return max(1, math.ceil(self.epochs * len(self.split.train) / self.batch_size))

    def recipe(self) -> CaptionRecipe:
        """The recipe for the trainer; loads the model.

        Raises:
            NoCaptions: no caption fits the form.
        """
        captions = self.split
        start, tokenizer = load_causal_language(self.model)
        if has_tags(self.form):
            with_tags(start, tokenizer)
        examples = CaptionExamples.of(captions.train, self.form, tokenizer.eos_token, self.topics)
        if not examples.examples:
            raise NoCaptions("No caption names a topic.", "Train without the topic form.")
        return CaptionRecipe(
            self.name,
            examples,
            start,
            tokenizer,
            self.form,
            self.tuned,
            self.fraction,
            self.rank,
            self.batch_size,
            base=self.model.name,
            base_sha256=_sha256(self.model),
            plan=TrainingPlan(
                steps=self.steps,
                lr=self.learning_rate,
                warmup=max(1, round(0.02 * self.steps)),
                weight_decay=0.01,
                ema=0.99,
                seed=self.seed,
            ),
        )


def _sha256(model: Path) -> str:
    """Of a model's weights file, in hex; "" where there is not just one."""
    files = [*model.glob("*.safetensors")]
    if len(files) != 1:
        return ""
    with files[0].open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def run_captions(training: CaptionTraining, *, minutes: float | None = None) -> dict[str, Any]:
    """Train, and measure the loss on held-out captions; returns what the command prints."""
    recipe = training.recipe()
    outcome = run_recipe(recipe, training.output, minutes=minutes)
    network, _ = averaged_network(recipe, training.output)
    held_out = CaptionExamples.of(
        training.split.held_out[:MEASURED],
        training.form,
        recipe.tokenizer.eos_token,
        training.topics,
    )
    return {
        **run_facts(recipe, training.output, outcome),
        "captions": len(training.split.train),
        "filtered": training.split.filtered,
        **held_out_facts(network, held_out.examples, recipe.tokenizer, recipe.context),
    }
