"""Running a fine-tuning: trained or taken up again, its model written, its curves drawn."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from editor.errors import ExpectedError
from editor.formats.whole_file import whole_file
from inference.lab.finetune.curves import write_curves
from inference.lab.training.export import install
from inference.lab.training.trainer import Outcome, Recipe, averaged_network, train
from inference.models.libraries import prepare_libraries, quiet

_LENGTH: Final = frozenset({"steps", "warmup"})
"""Of a plan: a run may be made longer."""


class OtherTraining(ExpectedError):
    """The checkpoint of that name belongs to a run with other options."""

    kind = "output_exists"


class NoLanguageModel(ExpectedError):
    """A folder holds no causal language model that can be loaded."""

    kind = "model_damaged"


def run_recipe(
    recipe: Recipe, output: Path, *, minutes: float | None = None, log_every: int = 10
) -> Outcome:
    """Train until the plan is done or the time is up, from the checkpoint where there is one.

    The curves are drawn and the averaged weights written in either case.

    Args:
        recipe: what is trained; a run goes on only with the same name and output.
        output: checkpoints, logs, curves and the model lie below it.
        minutes: time for this call; None until the plan is done.
        log_every: steps that a line of the log is the mean of.

    Raises:
        OtherTraining: the run was begun with other options; it would end as neither of the two.
    """
    output.mkdir(parents=True, exist_ok=True)
    check_options(recipe.name, _options_of(recipe), output / "checkpoints")
    outcome = train(recipe, output, minutes=minutes, log_every=log_every)
    network, _ = averaged_network(recipe, output)  # in every process: they begin it together
    if not is_first_process():
        return outcome
    install(lambda folder: recipe.export(network, folder), trained_folder(recipe.name, output))
    log = output / "logs" / f"{recipe.name}.jsonl"
    if log.read_text("utf-8").strip():
        write_curves(log, output / f"{recipe.name}.png")
    return outcome


def trained_folder(name: str, output: Path) -> Path:
    """Where the averaged weights of a run are written."""
    return output / "models" / name


def run_facts(recipe: Recipe, output: Path, outcome: Outcome) -> dict[str, Any]:
    """What a command prints: name, folder of the model, steps done and planned, minutes, done."""
    return {
        "name": recipe.name,
        "model": str(trained_folder(recipe.name, output)),
        "step": outcome.step,
        "steps": recipe.plan.steps,
        "minutes": round(outcome.seconds / 60, 1),
        "done": outcome.done,
    }


def use_threads(count: int) -> None:
    """How many cores torch computes on."""
    import torch

    torch.set_num_threads(count)


def is_first_process() -> bool:
    """Whether this is the only process, or the one of several that writes and prints."""
    return os.environ.get("RANK", "0") == "0"


def _options_of(recipe: Recipe) -> dict[str, Any]:
    """What a run may not change when it goes on."""
    plain = str | float | int
    own = {name: value for name, value in vars(recipe).items() if isinstance(value, plain)}
    plan = {name: value for name, value in asdict(recipe.plan).items() if name not in _LENGTH}
    return {**own, **plan}


def check_options(name: str, values: Mapping[str, Any], folder: Path) -> None:
    """Note the options of a new run, or compare those of the one that goes on.

    Args:
        name: of the run.
        values: as JSON can hold them.
        folder: of its checkpoint ``NAME.pt``; the note is ``NAME.json`` beside it.

    Raises:
        OtherTraining: the run was begun with other options; it would end as neither of the two.
    """
    options = json.loads(json.dumps(values))
    note = folder / f"{name}.json"
    if not (folder / f"{name}.pt").is_file() or not note.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(note) as file:
            file.write(json.dumps(options, indent=1).encode())
        return
    known = json.loads(note.read_text("utf-8"))
    differ = [key for key in {**known, **options} if known.get(key) != options.get(key)]
    if differ:
        raise OtherTraining(
            f"The run {name} was begun with another {', '.join(differ)}.",
            "Give the same options, or another --name.",
        )


def load_causal_language(folder: Path) -> tuple[Any, Any]:
    """A causal language model in float32 and its tokenizer, with a padding token.

    Raises:
        NoLanguageModel: the folder holds none that transformers can load.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    prepare_libraries()
    quiet()
    try:
        model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
        tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as error:  # stock loaders raise anything on other or damaged files
        raise NoLanguageModel(
            f"{folder.name} holds no causal language model that can be loaded.",
            "Name a folder of transformers, or an installed language model.",
        ) from error
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model.float(), tokenizer
