"""`pentimento train instruct-pix2pix`: an editor learns from a folder of pairs."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from inference.lab.editing_pairs.pair_folder import picture_files
from inference.lab.editing_pairs.read import BadPairs, StoredPair, StoredPairs, read_pairs
from inference.lab.evaluation.processes import this_process
from inference.lab.finetune.run_recipe import (
    is_first_process,
    run_facts,
    run_recipe,
    trained_folder,
)
from inference.lab.training.environment import prepare_libraries, quiet
from inference.lab.training.instruct_pix2pix_pairs import PairsRecipe, pairs_plan
from inference.lab.training.latents import Latents, encode_pairs
from inference.lab.training.trainer import averaged_network

WORLD: Final = "world.json"
MEASURED: Final = 256
"""Pairs of the validation part that the loss is measured on, at most."""

_LOSS_BATCHES: Final = 8


@dataclass(frozen=True)
class PairsTraining:
    """What is trained.

    Attributes:
        model: folder of a text-to-image model (Stable Diffusion 1.5's architecture), or of an
            editor that goes on learning.
        pairs: folder in the published layout.
        output: latents, checkpoints, logs, curves and the model lie below it.
        name: of the run; another one begins anew.
        side: of the pictures in pixels; 0 for that which the model was made for.
        count: pairs to learn from, drawn by the seed; 0 for all of the training part.
        train_text: the text tower learns too.
    """

    model: Path
    pairs: Path
    output: Path
    name: str = "instruct-pix2pix"
    side: int = 0
    count: int = 0
    steps: int = 10_000
    learning_rate: float = 1e-4
    batch_size: int = 32
    train_text: bool = False
    seed: int = 0

    @cached_property
    def learnt(self) -> list[StoredPair]:
        """The pairs to learn from.

        Raises:
            BadPairs: there are none, or fewer than were asked for.
        """
        found = read_pairs(self.pairs, "train")
        if not found or len(found) < self.count:
            raise BadPairs(
                f"{self.pairs} has {len(found)} pairs to learn from.", "Make more with make-pairs."
            )
        if not self.count:
            return found
        order = np.random.default_rng(self.seed).permutation(len(found))
        return [found[place] for place in order[: self.count]]

    def recipe(self) -> PairsRecipe:
        """The recipe for the trainer; loads the model and encodes the pairs.

        Raises:
            BadPairs: there is nothing to learn from.
        """
        learnt = self.learnt
        parts = self._parts
        return PairsRecipe(
            self.name,
            [pair.instruction for pair in learnt],
            self._encoded(learnt),
            parts.vae,
            parts.unet,
            parts.text_encoder,
            parts.tokenizer,
            parts.scheduler,
            self.batch_size,
            self.train_text,
            pairs_plan(self.steps, self.learning_rate, self.seed),
            pairs_digest(learnt, self._side),
        )

    def validation(self, recipe: PairsRecipe) -> PairsRecipe | None:
        """The same of the validation part; None where that is empty."""
        found = read_pairs(self.pairs, "validation")[:MEASURED]
        if not found:
            return None
        values = vars(recipe) | {
            "instructions": [pair.instruction for pair in found],
            "latents": self._encoded(found),
        }
        return PairsRecipe(**values)

    @cached_property
    def _parts(self) -> Any:
        """The stock pipeline, whose parts are used; float32."""
        from diffusers import StableDiffusionPipeline

        prepare_libraries()
        quiet()
        pipeline = StableDiffusionPipeline.from_pretrained(
            self.model, safety_checker=None, feature_extractor=None, local_files_only=True
        )
        for part in (pipeline.vae, pipeline.unet, pipeline.text_encoder):
            part.float().requires_grad_(False)
        return pipeline

    @property
    def _side(self) -> int:
        return self.side or int(self._parts.unet.config.sample_size) * self._parts.vae_scale_factor

    def _encoded(self, pairs: Sequence[StoredPair]) -> Latents:
        parts = self._parts
        device = "cuda" if torch.cuda.is_available() else "cpu"
        share = this_process()
        if share.index:  # the first process encodes, the others read
            share.wait()
        folder = self.output / "latents" / pairs_digest(pairs, self._side)
        try:
            found = encode_pairs(
                parts.vae.to(device).eval(), StoredPairs(pairs, self._side), folder
            )
        finally:
            parts.vae.cpu()
        if not share.index:
            share.wait()
        return found


def pairs_digest(pairs: Sequence[StoredPair], side: int) -> str:
    """A digest of pairs at a size: names, instructions and sizes of the files."""
    digest = hashlib.blake2b(str(side).encode(), digest_size=8)
    for pair in pairs:
        sizes = [file.stat().st_size for file in picture_files(pair.folder, pair.seed)]
        digest.update(f"{pair.folder.name} {pair.seed} {pair.instruction} {sizes}\n".encode())
    return digest.hexdigest()


def run_pairs(training: PairsTraining, *, minutes: float | None = None) -> dict[str, Any] | None:
    """Train, and measure the loss on the validation part; returns what the command prints.

    Returns:
        None in all processes of several but the first.
    """
    recipe = training.recipe()
    validation = training.validation(recipe)
    outcome = run_recipe(recipe, training.output, minutes=minutes)
    network, _ = averaged_network(recipe, training.output)
    if not is_first_process():
        return None
    folder = trained_folder(training.name, training.output)
    world = training.model / WORLD
    if world.is_file():  # a model of one small world makes an editor of that world
        shutil.copyfile(world, folder / WORLD)
    loss, count = (None, 0) if validation is None else _loss(network.eval(), validation)
    return {
        **run_facts(recipe, training.output, outcome),
        "pairs": len(training.learnt),
        "held_out": count,
        "held_out_loss": None if loss is None else round(loss, 5),
    }


def _loss(network: torch.nn.Module, recipe: PairsRecipe) -> tuple[float, int]:
    """The mean over batches with noise of fixed seeds, and how many pairs they are drawn from."""
    losses = []
    with torch.inference_mode():
        for step in range(_LOSS_BATCHES):
            batch = recipe.batch(step, np.random.default_rng([recipe.plan.seed, step]))
            losses.append(float(network(**batch)["loss"]))
    return float(np.mean(losses)), len(recipe.instructions)
