"""What the guided upsampler learns from: crops of gold edits and of the model's own.

Making them costs as much as learning from them, so each edit gives several.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from editor.model.image import Pixels
from inference.lab.storybook.cache import training_edit
from inference.lab.storybook.edits import gold
from inference.lab.storybook.instructions import instruct
from inference.lab.training.autoencoder import to_pixels, to_tensor
from inference.models.guided_upsampler import FACTOR

WORK: Final = 128
"""Side of the pictures that the model makes."""

CROP: Final = 64
"""Side of a crop in work pixels."""

SEEDS: Final[dict[Way, int]] = {"expected": 77, "restarted": 79}
"""Of the edits: training pairs, but none of the cache that the model learnt from."""

_NAMES: Final = ("source", "target", "mask", "before", "after")
EDITS: Final[dict[Way, int]] = {"expected": 6000, "restarted": 6000}
"""Edits to learn from, by how their pictures are made (`Way`)."""

SHOWN: Final[tuple[Way, ...]] = ("restarted", "restarted", "restarted", "expected")
"""Whose crops come by turns."""

Way = Literal["expected", "restarted"]
"""What the model expects of gold under noise, in one step, or what it samples from there (and from
pure noise) in its own steps: its faults, where gold has its shapes."""

EACH: Final = 3
"""Crops of each edit."""

_CHUNK: Final = 8
_STEPS: Final = 10
"""Denoising steps of a model that does not say how many it wants."""

_TRUE: Final = 0.35
"""Share of examples that show gold through the autoencoder; the others are the model's own."""

_STARTS: Final = (0.3, 0.25, 0.2, 0.15, 0.1)
"""How often a restarted edit begins at the first of the model's steps, the second, and so on."""

_GUIDANCE: Final = (1.0, 1.0, 4 / 3, 2.0)
"""Shares of the model's own guidance that restarted edits are made with, one as often as another:
candidates are spread over it too."""

_NOISE: Final = (100, 900)
"""Timesteps of the noise that the model removes in one step: little noise keeps gold's shapes."""


@dataclass(frozen=True)
class UpsamplerCrops:
    """Crops as memory maps, all uint8 sRGB.

    Attributes:
        source, target: (N, 4·CROP, 4·CROP, 3), full size.
        mask: (N, 4·CROP, 4·CROP), 255 where the edit may change something.
        before, after: (N, CROP, CROP, 3), the source through the autoencoder, and the edit.
    """

    source: Pixels
    target: Pixels
    mask: Pixels
    before: Pixels
    after: Pixels

    def __len__(self) -> int:
        return len(self.source)


def editing_pipeline(folder: Path) -> Any:
    """The model whose pictures are to be enlarged, float32."""
    from diffusers import StableDiffusionInstructPix2PixPipeline

    pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    own = json.loads((folder / "sampling.json").read_text("utf-8"))
    pipeline.sampling = {"num_inference_steps": _STEPS, **own}
    for network in (pipeline.unet, pipeline.vae, pipeline.text_encoder):
        network.float().eval()
    return pipeline


def open_crops(folder: Path) -> UpsamplerCrops:
    """What is finished of the crops, also while they are still being made."""
    done = EACH * int(json.loads((folder / "done.json").read_text("utf-8")))
    return UpsamplerCrops(**{n: np.load(folder / f"{n}.npy", mmap_mode="r")[:done] for n in _NAMES})


def build_crops(pipeline: Any, folder: Path, count: int, way: Way = "expected") -> UpsamplerCrops:
    """Make ``count`` crops, or go on where an earlier call stopped.

    Args:
        pipeline: a `StableDiffusionInstructPix2PixPipeline` for `WORK` pixels, float32.
        folder: the memory maps and ``done.json`` lie in it.
        count: of edits; each gives `EACH` crops.
        way: how the model makes its pictures.
    """
    fine, crops = CROP * FACTOR, count * EACH
    shapes = {
        "source": (crops, fine, fine, 3),
        "target": (crops, fine, fine, 3),
        "mask": (crops, fine, fine),
        "before": (crops, CROP, CROP, 3),
        "after": (crops, CROP, CROP, 3),
    }
    done_path = folder / "done.json"
    if not done_path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for name, shape in shapes.items():
            path = folder / f"{name}.npy"
            np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape).flush()
        done_path.write_text("0", "utf-8")
    maps = {name: np.load(folder / f"{name}.npy", mmap_mode="r+") for name in _NAMES}
    done = int(json.loads(done_path.read_text("utf-8")))
    while done < count:
        some = range(done, min(done + _CHUNK, count))
        for name, values in _crops(pipeline, some, way).items():
            maps[name][EACH * some.start : EACH * some.stop] = values
            maps[name].flush()
        done = some.stop
        done_path.write_text(str(done), "utf-8")
    return open_crops(folder)


def _crops(pipeline: Any, indices: range, way: Way) -> dict[str, NDArray[np.uint8]]:
    drawn = [training_edit(SEEDS[way], i) for i in indices]
    size = WORK * FACTOR
    pairs = [gold(edit, size) for edit, _ in drawn]
    source = np.stack([_reduced(pair.source) for pair in pairs])
    target = np.stack([_reduced(pair.target) for pair in pairs])
    texts = [instruct(edit, rng).text for edit, rng in drawn]
    rng = np.random.default_rng((SEEDS[way], indices.start))
    make = _restarted if way == "restarted" else _expected
    before, after = make(pipeline, source, target, texts, rng)
    out: dict[str, list[NDArray[np.uint8]]] = {name: [] for name in _NAMES}
    for place in (place for place in range(len(pairs)) for _ in range(EACH)):
        pair = pairs[place]
        top, left = _corner(pair.mask, rng)
        small = (slice(top, top + CROP), slice(left, left + CROP))
        fine = tuple(slice(s.start * FACTOR, s.stop * FACTOR) for s in small)
        for name in ("source", "target", "mask"):
            out[name].append(getattr(pair, name)[fine])
        out["before"].append(before[place][small])
        out["after"].append(after[place][small])
    return {name: np.stack(values) for name, values in out.items()}


def _reduced(pixels: Pixels) -> Pixels:
    """At work size, averaged."""
    side = len(pixels) // FACTOR
    mean: Pixels = np.rint(pixels.reshape(side, FACTOR, side, FACTOR, 3).mean((1, 3)))
    return mean.astype(np.uint8)


def _corner(mask: Pixels, rng: np.random.Generator) -> tuple[int, int]:
    """Top and left of a crop, in work pixels, about a pixel that may change."""
    ys, xs = np.nonzero(mask)
    chosen = int(rng.integers(len(ys)))
    top, left = int(ys[chosen]) // FACTOR, int(xs[chosen]) // FACTOR
    room = WORK - CROP
    shift = rng.integers(CROP // 8, CROP - CROP // 8, size=2)
    return (
        int(np.clip(top - shift[0], 0, room)),
        int(np.clip(left - shift[1], 0, room)),
    )


@torch.inference_mode()
def _restarted(
    pipeline: Any, source: Pixels, target: Pixels, texts: list[str], rng: np.random.Generator
) -> tuple[Pixels, Pixels]:
    """The model's own steps from gold under noise (SDEdit, Meng et al. 2022), guided by words."""
    vae, scheduler = pipeline.vae, pipeline.scheduler
    latents = vae.encode(to_tensor(np.concatenate([source, target]))).latent_dist.mode()
    shown, wanted = latents.chunk(2)
    scheduler.set_timesteps(int(pipeline.sampling["num_inference_steps"]))
    start = int(rng.choice(len(_STARTS), p=_STARTS))
    guidance = float(pipeline.sampling["guidance_scale"] * rng.choice(_GUIDANCE))
    noise = torch.from_numpy(rng.standard_normal(tuple(wanted.shape), np.float32))
    scaled = wanted * vae.config.scaling_factor
    now = scheduler.add_noise(scaled, noise, scheduler.timesteps[start : start + 1])
    states = _states(pipeline, texts + [""] * len(texts))
    for step in scheduler.timesteps[start:]:
        seen = torch.cat([torch.cat([now, shown], 1)] * 2)
        told, untold = pipeline.unet(seen, step, encoder_hidden_states=states).sample.chunk(2)
        now = scheduler.step(untold + guidance * (told - untold), step, now).prev_sample
    after = _decoded(vae, now / vae.config.scaling_factor)
    return to_pixels(_decoded(vae, shown)), to_pixels(after)


def _states(pipeline: Any, texts: list[str]) -> Tensor:
    """What the text tower makes of each, (N, context, channels)."""
    ids = pipeline.tokenizer(
        texts,
        padding="max_length",
        max_length=pipeline.tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).input_ids
    states: Tensor = pipeline.text_encoder(input_ids=ids).last_hidden_state
    return states


@torch.inference_mode()
def _expected(
    pipeline: Any, source: Pixels, target: Pixels, texts: list[str], rng: np.random.Generator
) -> tuple[Pixels, Pixels]:
    """What the model's own pictures are like: before and after, (N, WORK, WORK, 3) uint8.

    A share of the edits is gold through the autoencoder. The others are what the model expects
    (x̂₀, Song et al. 2021, eq. 12) of gold latents under noise: its faults, in gold's place.
    """
    from diffusers import DDPMScheduler

    vae, scheduler = pipeline.vae, DDPMScheduler.from_config(pipeline.scheduler.config)
    latents = vae.encode(to_tensor(np.concatenate([source, target]))).latent_dist.mode()
    shown, wanted = latents.chunk(2)
    scaled = wanted * vae.config.scaling_factor
    steps = torch.from_numpy(rng.integers(*_NOISE, size=len(texts)))
    noise = torch.from_numpy(rng.standard_normal(tuple(scaled.shape), np.float32))
    noisy = scheduler.add_noise(scaled, noise, steps)
    states = _states(pipeline, texts)
    made = pipeline.unet(torch.cat([noisy, shown], 1), steps, encoder_hidden_states=states).sample
    alpha = scheduler.alphas_cumprod[steps].view(-1, 1, 1, 1)
    if scheduler.config.prediction_type == "v_prediction":
        expected = alpha.sqrt() * noisy - (1 - alpha).sqrt() * made
    else:
        expected = (noisy - (1 - alpha).sqrt() * made) / alpha.sqrt()
    true = torch.from_numpy(rng.random(len(texts)) < _TRUE).view(-1, 1, 1, 1)
    after = torch.where(true, scaled, expected) / vae.config.scaling_factor
    return to_pixels(_decoded(vae, shown)), to_pixels(_decoded(vae, after))


def _decoded(vae: Any, latents: Tensor) -> Tensor:
    made: Tensor = vae.decode(latents).sample
    return made
