"""Look at a model under training.

``python -m inference.lab.training.inspect_checkpoint NAME [-o SHEET.png]``

Reads the averaged weights of the latest checkpoint, prints figures on pairs that no recipe
learns from as one JSON line, and writes a contact sheet where there is something to see.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from editor.model.image import Pixels

if TYPE_CHECKING:
    from inference.lab.training.pairs import CachedPairs
    from inference.lab.training.recipes import TrainingRun

Figures = dict[str, float]


def sheet(rows: Sequence[Pixels]) -> Pixels:
    """Rows of pictures, each (N, side, side, 3), with a grey gap of four pixels between them."""
    side = rows[0][0].shape[0]
    step = side + 4
    out = np.full((len(rows) * step - 4, max(map(len, rows)) * step - 4, 3), 128, np.uint8)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            out[i * step : i * step + side, j * step : j * step + side] = picture
    return out


def psnr(made: Pixels, wanted: Pixels) -> NDArray[np.float64]:
    """In decibels per picture, (N,), for (N, H, W, 3) uint8."""
    error = (made.astype(float) - wanted.astype(float)) ** 2
    result: NDArray[np.float64] = 10 * np.log10(255**2 / error.mean((1, 2, 3)).clip(1e-3))
    return result


def _kept_back(training_run: TrainingRun, count: int) -> tuple[CachedPairs, NDArray[np.int64]]:
    from inference.lab.training.pairs import CachedPairs

    held_out = CachedPairs(training_run.pairs.cache, kept_back=True)
    return held_out, np.arange(min(count, len(held_out)))


def look_at_autoencoder(training_run: TrainingRun, count: int) -> tuple[Figures, Pixels | None]:
    """PSNR of the round trip; the sheet shows worst, middle and best, original above copy."""
    from inference.lab.training.autoencoder import to_pixels, to_tensor
    from inference.lab.training.judge import round_trip
    from inference.lab.training.trainer import averaged_network

    pairs, indices = _kept_back(training_run, count)
    wanted = pairs.pictures(indices)[:, 0]
    network: Any = averaged_network(training_run.recipe("autoencoder"), training_run.folder)[0]
    made = np.concatenate(
        [to_pixels(round_trip(network.vae, to_tensor(w))) for w in np.array_split(wanted, 8)]
    )
    values = psnr(made, wanted)
    order = np.argsort(values)
    middle = len(order) // 2 - 4
    rows = []
    for chosen in (order[:8], order[middle : middle + 8], order[-8:]):
        rows += [wanted[chosen], made[chosen]]
    low, high = np.quantile(values, (0.05, 0.95))
    return {"psnr": values.mean(), "psnr_p5": low, "psnr_p95": high}, sheet(rows)


def look_at_judge(training_run: TrainingRun, count: int) -> tuple[Figures, Pixels | None]:
    """Share of right readings per attribute."""
    from inference.lab.training.judge import IGNORED
    from inference.lab.training.trainer import averaged_network

    pairs, indices = _kept_back(training_run, count)
    network: Any = averaged_network(training_run.recipe("judge"), training_run.folder)[0]
    read = network.judge.read(pairs.pictures(indices)[:, 0])
    labels = pairs.attributes(indices)[:, 0]
    figures = {}
    for i, (name, values) in enumerate(read.items()):
        labelled = labels[:, i] != IGNORED
        figures[name] = float((values == labels[:, i])[labelled].mean())
    return figures, None


def look_at_clip(training_run: TrainingRun, count: int) -> tuple[Figures, Pixels | None]:
    """Top-1 of caption to picture and back among batches of 64, half of them neighbours."""
    import torch

    from inference.lab.training.clip import ClipRecipe
    from inference.lab.training.trainer import averaged_network

    pairs, _ = _kept_back(training_run, count)
    network: Any = averaged_network(training_run.recipe("clip"), training_run.folder)[0]
    recipe = ClipRecipe(pairs, training_run.picture_tokenizer)
    figures: dict[str, list[float]] = {}
    for i in range(max(1, count // 64)):
        with torch.no_grad():
            for name, value in network(**recipe.batch(i, np.random.default_rng(i))).items():
                figures.setdefault(name, []).append(float(value))
    return {name: float(np.mean(values)) for name, values in figures.items()}, None


def look_at_text_to_image(training_run: TrainingRun, count: int) -> tuple[Figures, Pixels | None]:
    """Samples of the exported pipeline on captions of kept-back scenes, beside their renders."""
    from diffusers import StableDiffusionPipeline
    from torch import Generator

    from inference.starter.captions import canonical

    pairs, indices = _kept_back(training_run, min(count, 16))
    training_run.export(training_run.recipe("text-to-image"))
    pipeline = StableDiffusionPipeline.from_pretrained(training_run.exported("text-to-image"))
    pipeline.set_progress_bar_config(disable=True)
    texts = [canonical(pairs.edit(int(i)).source) for i in indices]
    seeds = [Generator().manual_seed(int(i)) for i in indices]
    made = pipeline(
        texts,
        num_inference_steps=25,
        guidance_scale=4.0,
        height=128,
        width=128,
        generator=seeds,
        output_type="np",
    ).images
    pixels = (np.asarray(made) * 255).round().astype(np.uint8)
    wanted = pairs.pictures(indices)[:, 0]
    return {}, sheet([wanted[:8], pixels[:8], wanted[8:], pixels[8:]])


def look_at_instruct_pix2pix(
    training_run: TrainingRun, count: int
) -> tuple[Figures, Pixels | None]:
    """Edits of kept-back sources: source, gold, made."""
    from diffusers import StableDiffusionInstructPix2PixPipeline
    from PIL import Image
    from torch import Generator

    from inference.lab.storybook.instructions import instruct

    pairs, indices = _kept_back(training_run, min(count, 16))
    training_run.export(training_run.recipe("instruct-pix2pix"))
    pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(
        training_run.exported("instruct-pix2pix")
    )
    pipeline.set_progress_bar_config(disable=True)
    rng = np.random.default_rng(0)
    both = pairs.pictures(indices)
    made = [
        np.asarray(
            pipeline(
                instruct(pairs.edit(int(i)), rng).text,
                image=Image.fromarray(source),
                num_inference_steps=25,
                guidance_scale=4.0,
                image_guidance_scale=1.5,
                generator=Generator().manual_seed(int(i)),
            ).images[0]
        )
        for i, source in zip(indices, both[:, 0], strict=True)
    ]
    pixels = np.stack(made)
    rows = [both[:8, 0], both[:8, 1], pixels[:8], both[8:, 0], both[8:, 1], pixels[8:]]
    return {"psnr_to_gold": float(psnr(pixels, both[:, 1]).mean())}, sheet(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Print figures, write the sheet; returns the exit code."""
    looks: dict[str, Callable[[TrainingRun, int], tuple[Figures, Pixels | None]]] = {
        "autoencoder": look_at_autoencoder,
        "judge": look_at_judge,
        "clip": look_at_clip,
        "text-to-image": look_at_text_to_image,
        "instruct-pix2pix": look_at_instruct_pix2pix,
    }
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    parser = argparse.ArgumentParser(
        prog="inference.lab.training.inspect_checkpoint", description=__doc__
    )
    parser.add_argument("name", choices=sorted(looks))
    parser.add_argument("-n", "--count", type=int, default=256, help="pictures to look at")
    parser.add_argument("-o", "--output", type=Path, help="PNG for the contact sheet")
    parser.add_argument("--pairs", type=int, default=60_000, help="gold pairs in the cache")
    parser.add_argument("--partial", action="store_true", help="the cache is still being made")
    options = parser.parse_args(argv)

    from PIL import Image

    from inference.lab.training.environment import quiet, training_folder
    from inference.lab.training.recipes import TrainingRun

    quiet()
    training_run = TrainingRun(training_folder(), pairs=options.pairs, partial=options.partial)
    figures, picture = looks[options.name](training_run, options.count)
    rounded = {name: round(float(value), 4) for name, value in figures.items()}
    print(json.dumps({"name": options.name, "n": options.count} | rounded))
    if picture is not None and options.output is not None:
        Image.fromarray(picture).save(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
