"""InstructPix2Pix from a folder of pairs, on a tiny Stable Diffusion 1.5 of the true form."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from inference.lab.editing_pairs.pair_folder import write_seeds, write_triple
from inference.lab.editing_pairs.pair_gates import MeasuredPair
from inference.lab.editing_pairs.pair_sampler import DrawnPair
from inference.lab.editing_pairs.read import BadPairs, StoredPairs, read_pairs
from inference.lab.finetune.edit_texts.text_triple import TextTriple
from inference.lab.finetune.run_recipe import OtherTraining
from inference.lab.training.run_pairs import PairsTraining, run_pairs
from inference.lab.training.text_to_image import DiffusionLoss
from inference.lab.training.trainer import Training
from inference.vision.clip.similarity import Similarity
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

TRIPLES = 20
SIDE = 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model and twenty triples with one pair each, plain colours; the last one has none."""
    root = tmp_path_factory.mktemp("editor")
    tiny_models.diffusion(root / "model", edits=False)
    for index in range(TRIPLES + 1):
        pixels = np.full((SIDE, SIDE, 3), 10 * index, np.uint8)
        pixels[:, : SIDE // 2] = 255
        pair = DrawnPair(100 + index, 0.5, 8.0, pixels, 255 - pixels)
        found = MeasuredPair(pair, Similarity(0.3, 0.8, 0.3, 0.3, 0.9))
        triple = TextTriple("a house", f"make it {index}", "a boat")
        write_triple(root / "pairs", index, triple, [found] if index < TRIPLES else [])
    write_seeds(root / "pairs", TRIPLES + 1)
    return root


@pytest.fixture
def training(folder: Path, tmp_path: Path) -> PairsTraining:
    return PairsTraining(
        folder / "model", folder / "pairs", tmp_path, steps=4, batch_size=4, learning_rate=1e-3
    )


def test_a_folder_is_split_by_number_and_read_without_its_seeds(
    folder: Path, tmp_path: Path
) -> None:
    pairs = {part: read_pairs(folder / "pairs", part) for part in ("train", "validation", "test")}
    assert [len(found) for found in pairs.values()] == [18, 1, 1]
    assert pairs["validation"][0].instruction == "make it 18"
    copy = tmp_path / "published"
    copy.mkdir()
    for path in (folder / "pairs").iterdir():
        if path.is_dir():
            (copy / path.name).symlink_to(path)
    seeds = [pair.seed for pair in read_pairs(copy, "train")]
    assert seeds == [pair.seed for pair in pairs["train"]]
    with pytest.raises(BadPairs, match="no pairs"):
        read_pairs(tmp_path / "absent", "train")
    (copy / "seeds.json").write_text('[["0000077", [1]]]')
    with pytest.raises(BadPairs, match="cannot be read"):
        read_pairs(copy, "train")


def test_pictures_are_given_with_their_mirror_images(folder: Path) -> None:
    pairs = StoredPairs(read_pairs(folder / "pairs", "train")[:3], SIDE)
    made = pairs.pictures(np.array([1, 4]))
    assert made.shape == (2, 2, SIDE, SIDE, 3)
    assert (made[1] == made[0, :, :, ::-1]).all()
    assert made[0, 0, 0, 0, 0] > 240 > 30 > made[0, 0, 0, -1, 0]
    small = StoredPairs(pairs.pairs, 32).pictures(np.array([0]))
    assert small.shape == (1, 2, 32, 32, 3)


def test_the_batch_follows_the_dropout_rule(training: PairsTraining) -> None:
    recipe = replace(training.recipe(), batch_size=4000)
    batch = recipe.batch(0, np.random.default_rng(0))
    empty = recipe.tokenizer([""], padding="max_length", max_length=77).input_ids[0]
    no_text = (batch["ids"] == torch.tensor(empty)).all(1).numpy()
    no_source = (batch["source"] == 0).flatten(1).all(1).numpy()
    shares = [
        (no_text & ~no_source).mean(), (no_text & no_source).mean(), (~no_text & no_source).mean()
    ]  # fmt: skip
    assert np.allclose(shares, 0.05, atol=0.012)
    assert (batch["timesteps"] == 999).float().mean() < 0.01  # no step is preferred
    assert batch["latent"].shape == batch["source"].shape == batch["noise"].shape


def test_the_loss_is_on_what_the_schedule_predicts(training: PairsTraining) -> None:
    recipe = training.recipe()
    network: Any = recipe.network()
    assert isinstance(network, DiffusionLoss)
    assert network.scheduler.config.prediction_type == "epsilon"
    batch = recipe.batch(0, np.random.default_rng(0))
    network.unet.conv_out.weight.data.zero_()
    network.unet.conv_out.bias.data.zero_()
    loss = network(**batch)["loss"]  # of a network that answers with zeros
    assert torch.isclose(loss, batch["noise"].square().mean(), atol=1e-5)
    assert network.unet.config.in_channels == 8
    assert not network.unet.conv_in.weight[:, 4:].any()
    assert not any(p.requires_grad for p in network.text_encoder.parameters())


def test_it_trains_goes_on_alike_and_loads_with_stock_code(
    training: PairsTraining, tmp_path: Path
) -> None:
    from diffusers import StableDiffusionInstructPix2PixPipeline

    first = run_pairs(training, minutes=0)
    values = run_pairs(training)
    assert first is not None
    assert values is not None
    assert (first["step"], values["step"], values["done"]) == (1, 4, True)
    assert (values["pairs"], values["held_out"]) == (18, 1)
    assert values["held_out_loss"] > 0
    whole = replace(training, output=tmp_path / "whole")
    run_pairs(whole)
    stopped, unbroken = (
        load_file(one.output / "models" / one.name / "unet" / "diffusion_pytorch_model.safetensors")
        for one in (training, whole)
    )
    assert all(torch.equal(stopped[name], unbroken[name]) for name in unbroken)
    log = (tmp_path / "logs" / "instruct-pix2pix.jsonl").read_text("utf-8")
    assert {json.loads(line)["lr"] for line in log.splitlines()} == {1e-3}
    assert (tmp_path / "instruct-pix2pix.png").is_file()
    pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(values["model"])
    pipeline.set_progress_bar_config(disable=True)
    picture = tiny_models.scene(SIDE, SIDE)
    made = pipeline("make it red", image=_pillow(picture), num_inference_steps=2).images[0]
    assert made.size == (SIDE, SIDE)


def test_a_number_of_pairs_is_drawn_by_the_seed(training: PairsTraining) -> None:
    some = replace(training, count=5)
    assert len(some.learnt) == 5
    assert some.learnt == replace(training, count=5).learnt
    assert some.learnt != replace(training, count=5, seed=1).learnt
    with pytest.raises(BadPairs, match="18 pairs"):
        replace(training, count=19).recipe()
    run_pairs(replace(some, steps=1))
    with pytest.raises(OtherTraining, match="data"):
        run_pairs(replace(some, count=6))
    ahead = Training(training.recipe(), training.output)
    assert ahead.plan.shared  # several processes may share a batch


def _pillow(pixels: Any) -> Any:
    from PIL import Image

    return Image.fromarray(pixels)
