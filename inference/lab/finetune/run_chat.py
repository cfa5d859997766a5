"""`pentimento train chat`: a language model learns to rewrite prompts, by supervision."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from editor.errors import ExpectedError
from inference.lab.finetune.captions import held_out_facts
from inference.lab.finetune.chat_examples import ChatExamples, chat_example
from inference.lab.finetune.instructpe.make import TEST, TRAIN, read_records
from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.lab.finetune.run_recipe import load_causal_language, run_facts, run_recipe
from inference.lab.finetune.suggest import SuggestRecipe, Tuned
from inference.lab.training.trainer import TrainingPlan, averaged_network
from inference.language.chat_lines import CHAT_LINES, LINES_KEY

FACTS: Final = "chat.json"
MEASURED: Final = 128
CONTEXT: Final = 256


class NoRecords(ExpectedError):
    """The folder holds no records of `make-instructpe`."""

    kind = "bad_records"


@dataclass(frozen=True)
class ChatTraining:
    """What is trained.

    Attributes:
        model: folder of a causal language model.
        records: folder that `pentimento make-instructpe` wrote.
        output: checkpoints, logs, curves and the model lie below it.
        name: of the run; another one begins anew.
        origin: only records whose origin begins so; "" for all.
    """

    model: Path
    records: Path
    output: Path
    name: str = "chat"
    origin: str = ""
    tuned: Tuned = "full"
    rank: int = 8
    blocks: int = 2
    steps: int = 600
    learning_rate: float = 2e-4
    batch_size: int = 16
    seed: int = 0

    def recipe(self) -> SuggestRecipe:
        """The recipe for the trainer; loads the model. Loss on the target alone.

        Raises:
            NoRecords: there are none to learn from.
        """
        records = chat_records(self.records, self.origin)
        start, tokenizer = load_causal_language(self.model)
        positions = int(getattr(start.config, "max_position_embeddings", CONTEXT))
        return SuggestRecipe(
            self.name,
            ChatExamples(records),
            start,
            tokenizer,
            self.tuned,
            self.rank,
            self.blocks,
            self.batch_size,
            context=min(CONTEXT, positions),
            base=self.model.name,
            lines=CHAT_LINES,
            lines_key=LINES_KEY,
            facts=FACTS,
            plan=TrainingPlan(
                steps=self.steps,
                lr=self.learning_rate,
                warmup=min(50, max(1, self.steps // 10)),
                weight_decay=0.0,  # the base system's: over-fitting helps PPO
                ema=0.99,
                seed=self.seed,
            ),
        )


def chat_records(folder: Path, origin: str, file: str = TRAIN) -> list[InstructPrompt]:
    """Records of `make-instructpe`.

    Args:
        folder: that it wrote.
        origin: only records whose origin begins so; "" for all.
        file: which of its files.

    Raises:
        NoRecords: there are none.
    """
    records = _records_of(folder / file, origin)
    if not records:
        raise NoRecords(f"No record is of the origin {origin}.", "Leave out --origin.")
    return records


def _records_of(file: Path, origin: str) -> list[InstructPrompt]:
    try:
        found = read_records(file)
        return [record for record in found if record.origin.startswith(origin)]
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise NoRecords(
            f"{file.parent} holds no {file.name} of records.", "Make them with make-instructpe."
        ) from error


def run_chat(training: ChatTraining, *, minutes: float | None = None) -> dict[str, Any]:
    """Train, and measure the loss on test records; returns what the command prints.

    Raises:
        NoRecords: there are none to learn from, or no file of test records.
        OtherTraining: the run was begun with other options.
    """
    recipe = training.recipe()
    # Before hours of training, so that nothing is missing after them.
    tests = [
        chat_example(record, beautified=True)
        for record in _records_of(training.records / TEST, training.origin)[:MEASURED]
    ]
    outcome = run_recipe(recipe, training.output, minutes=minutes)
    network, _ = averaged_network(recipe, training.output)
    return {
        **run_facts(recipe, training.output, outcome),
        **held_out_facts(network, tests, recipe.tokenizer, recipe.context),
    }
