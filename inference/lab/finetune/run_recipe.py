"""Running a fine-tuning: trained or taken up again, its model written, its curves drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inference.lab.finetune.curves import write_curves
from inference.lab.training.export import install
from inference.lab.training.trainer import Outcome, Recipe, averaged_network, train
from inference.models.libraries import prepare_libraries, quiet


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
    """
    output.mkdir(parents=True, exist_ok=True)
    outcome = train(recipe, output, minutes=minutes, log_every=log_every)
    network, _ = averaged_network(recipe, output)
    install(lambda folder: recipe.export(network, folder), output / "models" / recipe.name)
    log = output / "logs" / f"{recipe.name}.jsonl"
    if log.read_text("utf-8").strip():
        write_curves(log, output / f"{recipe.name}.png")
    return outcome


def load_causal_language(folder: Path) -> tuple[Any, Any]:
    """A causal language model in float32 and its tokenizer, with a padding token."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    prepare_libraries()
    quiet()
    model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model.float(), tokenizer
