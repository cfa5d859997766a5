"""`pentimento train suggest`: a language model learns from traces which edit comes next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor.errors import ExpectedError
from inference.ipc.domains import register_domains
from inference.lab.finetune.run_recipe import load_causal_language, run_facts, run_recipe
from inference.lab.finetune.suggest import SuggestRecipe, Tuned
from inference.lab.finetune.suggest_examples import (
    CONTEXTS,
    ContextKind,
    SuggestExamples,
    general_example,
    storybook_example,
)
from inference.lab.training.trainer import TrainingPlan
from inference.language.traces.trace_file import read_traces
from inference.starter.language import speaks_lines


class NothingToLearn(ExpectedError):
    """The traces hold no edit that can be learnt with these options."""

    kind = "bad_traces"


@dataclass(frozen=True)
class SuggestTraining:
    """What is trained.

    Attributes:
        model: folder of a causal language model.
        traces: files that `pentimento traces` wrote.
        output: checkpoints, logs, curves and the model lie below it.
        name: of the run; another one begins anew.
        kinds: of edits by words; empty for all.
        after: share of examples that ask for the caption after an edit.
    """

    model: Path
    traces: tuple[Path, ...]
    output: Path
    name: str = "suggest"
    tuned: Tuned = "full"
    rank: int = 8
    blocks: int = 2
    contexts: tuple[ContextKind, ...] = CONTEXTS
    kinds: frozenset[str] = frozenset()
    after: float = 0.0
    steps: int = 600
    learning_rate: float = 3e-4
    batch_size: int = 48
    seed: int = 0

    def recipe(self) -> SuggestRecipe:
        """The recipe for the trainer; loads the model.

        Raises:
            NothingToLearn: no example can be written.
        """
        register_domains()
        start, tokenizer = load_causal_language(self.model)
        storybook = speaks_lines(start.config)
        examples = SuggestExamples.of(
            (trace for file in self.traces for trace in read_traces(file)),
            storybook_example if storybook else general_example,
            contexts=self.contexts,
            kinds=self.kinds,
            after=0.0 if storybook else self.after,
        )
        if not examples.edits:
            raise NothingToLearn(
                "The traces hold no edit that can be learnt with these options.",
                "Name other traces, or leave out --kinds.",
            )
        return SuggestRecipe(
            self.name,
            examples,
            start,
            tokenizer,
            self.tuned,
            self.rank,
            self.blocks,
            self.batch_size,
            base=self.model.name,
            plan=TrainingPlan(
                steps=self.steps,
                lr=self.learning_rate,
                warmup=min(50, max(1, self.steps // 10)),
                weight_decay=0.01,
                ema=0.99,
                seed=self.seed,
            ),
        )


def run_suggest(
    training: SuggestTraining, *, minutes: float | None = None, log_every: int = 10
) -> dict[str, Any]:
    """Train until the plan is done or the time is up; returns what the command prints.

    Args:
        training: what is trained; a run goes on only with the same name and output.
        minutes: time for this call; None until the plan is done.
        log_every: steps that a line of the log is the mean of.
    """
    recipe = training.recipe()
    outcome = run_recipe(recipe, training.output, minutes=minutes, log_every=log_every)
    return run_facts(recipe, training.output, outcome)
