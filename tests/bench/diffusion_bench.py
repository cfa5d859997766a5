"""Goals 1, 2 and 9: eight candidates of InstructPix2Pix against diffusers' own pipeline.

With the starter weights where they are installed, else with random weights of exactly their
sizes: neither arm's time depends on the numbers. Both arms hold the model loaded, get the same
picture, text, steps and seeds, and end with pictures; how far they differ is printed beside.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.score import Score
from inference.diffusion import sample as sampling
from inference.diffusion.framing import frame, work_picture
from inference.lab.storybook.render import render
from inference.methods.instruct_pix2pix import InstructPix2Pix
from inference.models.store import ModelStore
from inference.starter.scene import Scene
from inference.workflow.scoring import Scorer
from tests.bench.measure import Row, alternate, main
from tests.inference import tiny_models

COUNT = 8
STEPS = 20
TEXT = "turn the boat into a swan"
BEFORE, AFTER = (
    f"a white {thing}, at the seaside, at noon, clear sky, summer, seen close, flat illustration"
    for thing in ("boat", "swan")
)
STARTER = Path(__file__).resolve().parents[2] / "resources" / "models" / "starter"


def random_starter(folder: Path) -> None:
    """An InstructPix2Pix folder of the starter model's sizes."""
    from diffusers import (
        EulerAncestralDiscreteScheduler,
        StableDiffusionInstructPix2PixPipeline,
    )
    from transformers import CLIPTextConfig, CLIPTextModel

    from inference.lab.training.autoencoder import CHANNELS, new_autoencoder
    from inference.lab.training.instruct_pix2pix import widened
    from inference.lab.training.text_to_image import UNetSize, new_unet, schedule_config
    from inference.lab.training.tokenizers import CONTEXT, VOCABULARY

    torch.manual_seed(0)
    size = UNetSize(channels=(32, 64, 128, 128))  # as the starter models are today
    tokenizer = tiny_models.clip_tokenizer(CONTEXT)
    StableDiffusionInstructPix2PixPipeline(
        vae=new_autoencoder(CHANNELS, 128),
        text_encoder=CLIPTextModel(
            CLIPTextConfig(
                vocab_size=VOCABULARY,
                hidden_size=size.context,
                intermediate_size=4 * size.context,
                num_hidden_layers=4,
                num_attention_heads=3,
                max_position_embeddings=CONTEXT,
                bos_token_id=tokenizer.bos_token_id,
                eos_token_id=tokenizer.eos_token_id,
            )
        ),
        tokenizer=tokenizer,
        unet=widened(new_unet(size)),
        scheduler=EulerAncestralDiscreteScheduler(
            **schedule_config()
            | {"prediction_type": "epsilon", "rescale_betas_zero_snr": False}
            | {"timestep_spacing": "linspace"}
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder / "instruct-pix2pix", safe_serialization=True)


class Arms:
    """Both ways to eight candidates, on one model folder."""

    def __init__(self, folder: Path) -> None:
        from diffusers import StableDiffusionInstructPix2PixPipeline

        self.store = ModelStore([folder])
        found = self.store.model("instruct_pix2pix")
        assert found is not None
        model = self.store.diffusion("instruct_pix2pix")
        self.side = model.side
        # A scene the starter CLIP knows, so that it ranks as it would for an artist.
        scene = Scene(subject="boat", colour="white", place="seaside")
        self.source = Image.from_array(render(scene, self.side))
        self.pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(
            found.folder, local_files_only=True
        ).to(model.device)
        self.scorer, self.seed = Scorer(self.store), 0
        self.pipeline.set_progress_bar_config(disable=True)
        framing = frame(self.source.bounds, None, model.side, model.multiple)
        seen = torch.from_numpy(work_picture(self.source, framing))
        self.image = seen.permute(2, 0, 1)[None]

    def requests(self, first: int = 0) -> list[EditRequest]:
        settings = settings_of({"num_inference_steps": STEPS})
        return [
            EditRequest(
                self.source.pixel_digest,
                None,
                Instruction(TEXT, BEFORE, AFTER),
                "instruct_pix2pix",
                1,
                settings,
                seed,
            )
            for seed in range(first, first + COUNT)
        ]

    def patches(self, requests: list[EditRequest]) -> list[Patch]:
        """A method made again: nothing is left of the run before but the loaded model."""
        model = self.store.diffusion("instruct_pix2pix")
        model.text_states.clear()
        method = InstructPix2Pix(self.store)
        return list(method.edit(requests, self.source, None, lambda step: None))

    def ours(self) -> list[Any]:
        """Our pictures."""
        return [patch.pixels for patch in self.patches(self.requests())]

    def ranked(self) -> list[Score]:
        """As many new pictures and their scores; CLIP is loaded but has seen none of them."""
        self.seed += COUNT  # what CLIP says of known pixels is remembered
        requests = self.requests(self.seed)
        made = [Candidate(*both) for both in zip(requests, self.patches(requests), strict=True)]
        scores = list(self.scorer.scores(self.source, made, None, (), (), lambda: False))
        assert all(score.direction is not None for score in scores)
        return scores

    def stock(self, count: int = 1) -> list[Any]:
        """Eight calls of one picture each, or one call of eight."""
        made: list[Any] = []
        for first in range(0, COUNT, count):
            rows = [torch.Generator().manual_seed(first + n) for n in range(count)]
            made += list(
                self.pipeline(
                    TEXT,
                    image=self.image,
                    num_inference_steps=STEPS,
                    guidance_scale=7.5,
                    image_guidance_scale=1.5,
                    num_images_per_prompt=count,
                    generator=rows,
                    output_type="np",
                ).images
            )
        return made


def by_diffusers(arms: Arms) -> None:
    """Our arm, with diffusers' UNet in place of the lean one; threads and batches stay ours."""
    model = arms.store.diffusion("instruct_pix2pix")
    object.__setattr__(model, "may_be_lean", False)
    try:
        arms.ours()
    finally:
        object.__setattr__(model, "may_be_lean", True)


def without_previews(arm: Callable[[], Any]) -> None:
    """Our arm, with previews that cost nothing."""
    kept = sampling.__dict__["preview"]
    nothing = np.zeros((COUNT, 1, 1, 3), np.uint8)
    sampling.__dict__["preview"] = lambda *_: nothing
    try:
        arm()
    finally:
        sampling.__dict__["preview"] = kept


def collect(asked: argparse.Namespace) -> list[Row]:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="bench-models-") as temporary:
        trained = (STARTER / "instruct-pix2pix" / "model_index.json").is_file()
        folder = STARTER if trained else Path(temporary)
        if not trained:
            random_starter(folder)
        arms = Arms(folder)
        far = max(
            float(np.abs(one - two).max())
            for one, two in zip(arms.ours(), arms.stock(), strict=True)
        )
        times = alternate(
            {
                "ours": arms.ours,
                "plain": lambda: without_previews(arms.ours),
                "calls": arms.stock,
                "batch": lambda: arms.stock(COUNT),
                "diffusers": lambda: by_diffusers(arms),
            }
            | ({"ranked": arms.ranked} if trained else {}),
            runs=asked.runs,
            warm_ups=1,
        )
    weights = "starter weights" if trained else "random weights of the starter's sizes"
    what = f"{COUNT} candidates, {STEPS} steps, {arms.side} px, {weights}"
    threads = torch.get_num_threads()
    note = f"largest difference {far * 255:.2f} of 255; {threads} threads"
    rows = [
        Row(
            "1", f"{what}, against {COUNT} stock calls", times["ours"], times["calls"], 3, note=note
        ),
        Row("2", f"{what}, against one stock call", times["ours"], times["batch"], 1.1),
        Row("", "the lean UNet, against diffusers'", times["ours"], times["diffusers"]),
        Row("9", "previews at every step", times["ours"], times["plain"], 1.1, "less"),
    ]
    if trained:
        rows.append(Row("9", "ranked by CLIP", times["ranked"], times["ours"], 1.1, "less"))
    return rows


if __name__ == "__main__":
    main(collect)
