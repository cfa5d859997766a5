"""Edits by captions (Pix2Pix-OnTheFly) against diffusers' own pipeline, and what is shared.

Both arms hold the starter's text-to-image model loaded, and get the same picture, captions, steps
and settings. That the results are equal is asserted before anything is timed: the rows say how far
the latents of the inversion and the pictures of the edit are apart.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from torch import Tensor

from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from inference.diffusion.attention_guidance import GuidedEdits, draw_guided
from inference.diffusion.denoiser import UNetDenoiser
from inference.diffusion.inversion import ddim_scheduler
from inference.diffusion.latents import decode_latents, encode_picture
from inference.diffusion.noise_regularisation import NoiseRegulariser
from inference.diffusion.source_branch import REGULARISED, invert_source
from inference.diffusion.text import text_states
from inference.lab.storybook.render import render
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from inference.request.registry import method
from inference.starter.scene import Scene
from tests.bench.measure import MIB, Row, Times, alternate, main

COUNT, STEPS, SCALE, AMOUNT = 8, 20, 5.0, 10.0
BEFORE, AFTER, OTHER = (
    f"a white {thing}, at the seaside, at noon, clear sky, summer, seen close, flat illustration"
    for thing in ("boat", "swan", "house")
)
STARTER = Path(__file__).resolve().parents[2] / "resources" / "models" / "starter"
_NEAR_LATENTS, _NEAR_PIXELS = 2e-3, 2 / 255


class StockPix2PixZero:
    """diffusers' deprecated `StableDiffusionPix2PixZeroPipeline`, one candidate a call."""

    def __init__(self, folder: Path, picture: Tensor) -> None:
        from diffusers import DDIMInverseScheduler, StableDiffusionPipeline
        from diffusers.pipelines.deprecated.stable_diffusion_variants import (
            pipeline_stable_diffusion_pix2pix_zero as module,
        )

        whole = StableDiffusionPipeline.from_pretrained(folder, local_files_only=True)
        scheduler = ddim_scheduler(dict(whole.scheduler.config))
        self.pipeline = module.StableDiffusionPix2PixZeroPipeline(
            vae=whole.vae, text_encoder=None, tokenizer=None, unet=whole.unet, scheduler=scheduler,
            safety_checker=None, feature_extractor=None,
            inverse_scheduler=DDIMInverseScheduler.from_config(scheduler.config),
            caption_generator=None, caption_processor=None, requires_safety_checker=False,
        )  # fmt: skip
        self.pipeline.set_progress_bar_config(disable=True)
        self.picture = picture

    def invert(self, states: Tensor) -> Tensor:
        """The picture's noise under a caption, (1, C, h, w); regularised."""
        with mock.patch(_SAMPLE, _mode):  # of what is drawn, only the shifts are left
            inverted = self.pipeline.invert(
                image=self.picture,
                prompt_embeds=states,
                guidance_scale=1,
                num_inference_steps=STEPS,
                generator=torch.Generator().manual_seed(0),
            )
        latents: Tensor = inverted.latents
        return latents

    def edit(self, states: Tensor, after: Tensor, scale: float, amount: float) -> Any:
        """The inverted picture drawn as another caption says, (1, H, W, 3)."""
        return self.pipeline(
            prompt_embeds=states,
            negative_prompt_embeds=states,
            source_embeds=states,
            target_embeds=after,
            latents=self.invert(states),
            num_inference_steps=STEPS,
            guidance_scale=scale,
            cross_attention_guidance_amount=amount,
            output_type="np",
        ).images


_SAMPLE = "diffusers.models.autoencoders.vae.DiagonalGaussianDistribution.sample"


def _mode(distribution: Any, generator: Any = None) -> Tensor:
    mean: Tensor = distribution.mean
    return mean


class CaptionArms:
    """Ours and the stock one, on the same model."""

    def __init__(self) -> None:
        self.store = ModelStore([STARTER])
        self.model: LoadedDiffusion = self.store.diffusion("text_to_image")
        scene = Scene(subject="boat", colour="white", place="seaside")
        self.source = Image.from_array(render(scene, self.model.side))
        self.seen = (self.source.array() / 255).astype(np.float32)
        self.states, self.after = (text_states(self.model, [text]) for text in (BEFORE, AFTER))
        picture = torch.from_numpy(self.seen).permute(2, 0, 1)[None]
        self.stock = StockPix2PixZero(self.model.found.folder, picture * 2 - 1)

    def requests(self, name: str, after: str, count: int = COUNT) -> list[EditRequest]:
        """As many candidates, each with a guidance of its own."""
        return [
            EditRequest(
                self.source.pixel_digest,
                None,
                Instruction("turn the boat into a swan", BEFORE, after),
                name,
                1,
                settings_of(
                    {"num_inference_steps": STEPS, "guidance_scale": SCALE + number / 4}
                    | self._guidance(name)
                ),
            )
            for number in range(count)
        ]

    @staticmethod
    def _guidance(name: str) -> dict[str, Any]:
        if name != "pix2pix_zero":
            return {}
        return {"cross_attention_guidance_amount": AMOUNT, "inversion": REGULARISED}

    def ours(self, name: str, after: str = AFTER, count: int = COUNT, maker: Any = None) -> Any:
        """Pictures of a method made again, so that nothing is left of the run before."""
        self.model.text_states.clear()
        maker = maker or method(name).load()(self.store)
        patches = maker.edit(
            self.requests(name, after, count), self.source, None, lambda step: None
        )
        return [patch.pixels for patch in patches]

    def invert(self, smallest_shift: int = 1) -> Any:
        """Our regularised inversion, from the picture, and the picture drawn from it at once."""
        with (
            torch.no_grad(),
            mock.patch(
                "inference.diffusion.source_branch.NoiseRegulariser",
                partial(NoiseRegulariser, smallest_shift=smallest_shift),
            ),
        ):
            clean = encode_picture(self.model, self.seen).mode()
            source = invert_source(
                REGULARISED,
                ddim_scheduler(self.model.scheduler_config),
                UNetDenoiser(self.model),
                clean * self.model.vae.config.scaling_factor,
                self.states,
                self.states,
                SCALE,
                STEPS,
            )
            decode_latents(self.model, source.start)  # as the stock one does
        return source

    def as_stock(self) -> tuple[float, float]:
        """How far noise and picture are from the stock one's, made with its habits."""
        source = self.invert(smallest_shift=0)
        noise = float((source.start - self.stock.invert(self.states)).abs().max())
        scheduler = ddim_scheduler(self.model.scheduler_config)
        scheduler.set_timesteps(STEPS)
        edits = GuidedEdits(self.after, [SCALE], [AMOUNT], as_authors=True)
        with torch.no_grad():
            _, made = draw_guided(
                scheduler, UNetDenoiser(self.model), source, edits, lambda *_: None, lambda: None
            )
            picture = decode_latents(self.model, made)
        theirs = self.stock.edit(self.states, self.after, SCALE, AMOUNT)
        return noise, float(np.abs(picture - theirs).max())

    def stock_edits(self) -> None:
        """As many candidates of the stock one."""
        for number in range(COUNT):
            self.stock.edit(self.states, self.after, SCALE + number / 4, AMOUNT)


def peak_bytes(arm: Callable[[], Any]) -> float:
    """The most that tensors of the processor held at once while an arm ran, in bytes."""
    from torch.profiler import ProfilerActivity, profile

    with tempfile.TemporaryDirectory(prefix="bench-memory-") as folder:
        with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as found:
            arm()
        found.export_chrome_trace(str(Path(folder) / "trace.json"))
        events = json.loads((Path(folder) / "trace.json").read_text())["traceEvents"]
    held = [event["args"]["Total Allocated"] for event in events if event.get("name") == "[memory]"]
    return float(max(held) - held[0])


def collect(asked: argparse.Namespace) -> list[Row]:
    warnings.simplefilter("ignore")
    arms = CaptionArms()
    noise, pixels = arms.as_stock()
    assert noise < _NEAR_LATENTS, noise
    assert pixels < _NEAR_PIXELS, pixels
    again = method("pix2pix_zero").load()(arms.store)
    arms.ours("pix2pix_zero", maker=again)
    apart = max(
        float(np.abs(one - other).max())
        for one, other in zip(
            arms.ours("prompt_to_prompt"), _one_by_one(arms, "prompt_to_prompt"), strict=True
        )
    )
    assert apart < _NEAR_PIXELS, apart
    turns = iter(range(1_000_000))
    times = alternate(
        {
            "invert": arms.invert,
            "stock_invert": lambda: arms.stock.invert(arms.states),
            "ours": lambda: arms.ours("pix2pix_zero"),
            "stock": arms.stock_edits,
            "first": lambda: arms.ours("pix2pix_zero", count=1),
            "second": lambda: arms.ours(
                "pix2pix_zero", f"{OTHER}, {next(turns)}", count=1, maker=again
            ),
            "eight": lambda: arms.ours("prompt_to_prompt"),
            "single": lambda: _one_by_one(arms, "prompt_to_prompt"),
        },
        runs=asked.runs,
        warm_ups=1,
    )
    memory = {
        name: Times.of([peak_bytes(arm) / (1 << 20)], MIB)
        for name, arm in {
            "ours": lambda: arms.ours("pix2pix_zero", count=1),
            "stock": lambda: arms.stock.edit(arms.states, arms.after, SCALE, AMOUNT),
        }.items()
    }
    what = f"{STEPS} steps, {arms.model.side} px, starter weights"
    equal = f"noise {noise:.1e}, picture {pixels * 255:.2f} of 255 from the stock one's"
    return [
        Row("captions", f"pix2pix_zero: regularised inversion, {what}, against diffusers'",
            times["invert"], times["stock_invert"], 3, note=equal),
        Row("captions", "the same, whole edit: most memory of tensors", memory["ours"],
            memory["stock"], 2),
        Row("captions", f"pix2pix_zero: {COUNT} candidates, against {COUNT} edits of diffusers'",
            times["ours"], times["stock"], 4, note=equal),
        Row("captions", "pix2pix_zero: other words for the same picture, one candidate",
            times["second"], times["first"], 0.6, "less"),
        Row("captions", f"prompt_to_prompt: {COUNT} candidates, against {COUNT} single ones",
            times["eight"], times["single"], 2, note=f"{apart * 255:.2f} of 255 apart"),
    ]  # fmt: skip


def _one_by_one(arms: CaptionArms, name: str) -> list[Any]:
    made = []
    for request in arms.requests(name, AFTER):
        arms.model.text_states.clear()
        maker = method(name).load()(arms.store)
        (patch,) = maker.edit([request], arms.source, None, lambda step: None)
        made.append(patch.pixels)
    return made


if __name__ == "__main__":
    main(collect)
