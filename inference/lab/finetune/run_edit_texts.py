"""`pentimento train edit-texts`: a language model learns to write edits of captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from inference.lab.evaluation.estimates import share_of
from inference.lab.finetune.captions import held_out_facts
from inference.lab.finetune.edit_texts.edit_lines import EDIT_LINES, LINES_KEY, edit_example
from inference.lab.finetune.edit_texts.storybook_triples import (
    is_true,
    storybook_captions,
    storybook_triples,
)
from inference.lab.finetune.edit_texts.text_triple import TextTriple, hand_written, read_triples
from inference.lab.finetune.edit_texts.written_triples import written_triple
from inference.lab.finetune.run_recipe import load_causal_language, run_facts, run_recipe
from inference.lab.finetune.suggest import SuggestRecipe, Tuned
from inference.lab.finetune.suggest_examples import LearntExample
from inference.lab.finetune.tuning_language import TuningLanguage
from inference.lab.training.trainer import TrainingPlan, averaged_network
from inference.language.generate import Language

FACTS: Final = "edit-texts.json"
CONTEXT: Final = 384
HELD_OUT: Final = 15
"""Of the triples that people wrote, those that are measured on."""


@dataclass(frozen=True)
class EditTextTraining:
    """What is trained.

    Attributes:
        model: folder of a causal language model.
        output: checkpoints, logs, curves and the model lie below it.
        name: of the run; another one begins anew.
        grammar: triples of the storybook's grammar.
        texts: files of further triples, besides those that people wrote for this project.
        human: share of examples that people wrote, of `texts` too; the rest are the grammar's.
        measured: held-out captions that rates are measured on, 0 for none.
    """

    model: Path
    output: Path
    name: str = "edit-texts"
    grammar: int = 700
    texts: tuple[Path, ...] = ()
    human: float = 0.125
    tuned: Tuned = "full"
    rank: int = 8
    blocks: int = 2
    steps: int = 600
    learning_rate: float = 5e-4
    batch_size: int = 16
    seed: int = 0
    measured: int = 300

    @cached_property
    def people(self) -> tuple[tuple[TextTriple, ...], tuple[TextTriple, ...]]:
        """What people wrote, to learn and held out; triples of other files are all learnt."""
        shipped = hand_written()
        order = np.random.default_rng(self.seed).permutation(len(shipped))
        held_out = tuple(shipped[place] for place in order[:HELD_OUT])
        learnt = tuple(shipped[place] for place in order[HELD_OUT:])
        return learnt + tuple(one for file in self.texts for one in read_triples(file)), held_out

    def recipe(self) -> SuggestRecipe:
        """The recipe for the trainer; loads the model. Loss on the answer alone.

        Raises:
            BadTriples: a file holds none.
        """
        people, _ = self.people
        start, tokenizer = load_causal_language(self.model)
        positions = int(getattr(start.config, "max_position_embeddings", CONTEXT))
        return SuggestRecipe(
            self.name,
            TripleExamples(
                tuple(storybook_triples(self.grammar, self.seed)), people, self.human
            ),
            start,
            tokenizer,
            self.tuned,
            self.rank,
            self.blocks,
            self.batch_size,
            context=min(CONTEXT, positions),
            base=self.model.name,
            lines=EDIT_LINES,
            lines_key=LINES_KEY,
            facts=FACTS,
            plan=TrainingPlan(
                steps=self.steps,
                lr=self.learning_rate,
                warmup=min(50, max(1, self.steps // 10)),
                weight_decay=0.01,
                ema=0.99,
                seed=self.seed,
            ),
        )  # fmt: skip


@dataclass(frozen=True)
class TripleExamples:
    """Triples of two origins, drawn by a share; where one has none the other is drawn."""

    grammar: Sequence[TextTriple]
    people: Sequence[TextTriple]
    human: float

    def draw(self, rng: np.random.Generator) -> LearntExample:
        """One example; equal states give equal examples."""
        human = bool(rng.random() < self.human)
        drawn_from = self.people if (human and self.people) or not self.grammar else self.grammar
        return edit_example(drawn_from[int(rng.integers(len(drawn_from)))])


def run_edit_texts(training: EditTextTraining, *, minutes: float | None = None) -> dict[str, Any]:
    """Train; measure loss and rates on held-out captions; returns what the command prints."""
    recipe = training.recipe()
    outcome = run_recipe(recipe, training.output, minutes=minutes)
    network: Any = averaged_network(recipe, training.output)[0].eval()
    _, people = training.people
    tests = [edit_example(triple) for triple in people]
    # A command that the time stopped is given again: rates are measured once, at the end.
    measured = training.measured if outcome.done else 0
    language = TuningLanguage(network.gpt, recipe.tokenizer, torch.device("cpu"), False)
    return {
        **run_facts(recipe, training.output, outcome),
        **held_out_facts(network, tests, recipe.tokenizer, recipe.context),
        "rates": {
            "storybook": measured_rates(
                language, storybook_captions(measured, training.seed), training.seed, truth=True
            ),
            "people": measured_rates(
                language,
                [triple.caption for triple in people][:measured],
                training.seed,
                truth=False,
            ),
        },
    }  # fmt: skip


def measured_rates(
    language: Language, captions: Sequence[str], seed: int, *, truth: bool
) -> dict[str, Any] | None:
    """How often an answer can be used, and how often it is true by the storybook's grammar.

    Args:
        language: that writes.
        captions: none of which was learnt.
        seed: of the answers.
        truth: the captions are of the storybook. Of others no grammar knows what is true.

    Returns:
        ``n``; ``parsed`` and, of all captions, ``true``: share with its 95 % interval (Wilson).
        None without captions.
    """
    if not captions:
        return None
    found = [
        written_triple(language, text, seed * 1_000_003 + i) for i, text in enumerate(captions)
    ]
    parsed = [one is not None for one in found]
    rates = {"n": len(captions), "parsed": share_of(parsed).report()}
    if truth:
        true = [one is not None and is_true(one) for one in found]
        rates["true"] = share_of(true).report()
    return rates
