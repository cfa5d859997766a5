"""pix2pix-zero: against diffusers' own pipeline, and what lockstep must not change."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from inference.diffusion.attention_guidance import GuidedEdits, draw_guided
from inference.diffusion.denoiser import UNetDenoiser
from inference.diffusion.inversion import Trajectory, ddim_scheduler
from inference.diffusion.source_branch import SourceBranch
from inference.models.libraries import prepare_libraries
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(
    *tiny_models.LIBRARY_WARNINGS, "ignore::FutureWarning", "ignore::DeprecationWarning"
)
prepare_libraries()

STEPS, SCALE, AMOUNT = 4, 5.0, 0.1


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LoadedDiffusion:
    """A small model in double precision."""
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "sd", edits=False)
    loaded = ModelStore([root], device="cpu").diffusion("text_to_image")
    loaded.unet.double()
    return loaded


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


EMPTY, TEXT = drawn(1, 77, 16, seed=1), drawn(1, 77, 16, seed=2)
BEFORE, AFTER = drawn(3, 77, 16, seed=3), drawn(3, 77, 16, seed=4)
NOISE = drawn(1, 4, 8, 8, seed=5)
DIRECTION = AFTER.mean(0, keepdim=True) - BEFORE.mean(0, keepdim=True)


def branch(scale: float = SCALE, start: Tensor = NOISE) -> SourceBranch:
    return SourceBranch(Trajectory((start,), ()), TEXT, [EMPTY] * STEPS, scale, exact=False)


def edited(
    model: LoadedDiffusion, edits: GuidedEdits, source: SourceBranch | None = None
) -> tuple[Tensor, Tensor]:
    scheduler = ddim_scheduler(model.scheduler_config)
    scheduler.set_timesteps(STEPS)
    return draw_guided(
        scheduler, UNetDenoiser(model), source or branch(), edits, lambda *args: None
    )


def one(texts: Tensor, amount: float = AMOUNT, scale: float = SCALE, **facts: Any) -> GuidedEdits:
    count = len(texts)
    return GuidedEdits(texts, [scale] * count, [amount] * count, **facts)


def stock(model: LoadedDiffusion, amount: float) -> Tensor:
    """The edit as diffusers' deprecated pipeline makes it: source first, maps of all steps kept."""
    from diffusers import DDIMInverseScheduler
    from diffusers.pipelines.deprecated.stable_diffusion_variants import (
        pipeline_stable_diffusion_pix2pix_zero as module,
    )

    before = dict(model.unet.attn_processors)
    pipeline = module.StableDiffusionPix2PixZeroPipeline(
        vae=model.vae, text_encoder=None, tokenizer=None, unet=model.unet,
        scheduler=ddim_scheduler(model.scheduler_config), safety_checker=None,
        feature_extractor=None, inverse_scheduler=DDIMInverseScheduler(),
        caption_generator=None, caption_processor=None, requires_safety_checker=False,
    )  # fmt: skip
    pipeline.set_progress_bar_config(disable=True)
    try:
        made: Tensor = pipeline(
            prompt_embeds=TEXT, negative_prompt_embeds=EMPTY, source_embeds=BEFORE,
            target_embeds=AFTER, latents=NOISE, num_inference_steps=STEPS, guidance_scale=SCALE,
            cross_attention_guidance_amount=amount, output_type="latent", return_dict=False,
        )[0]  # fmt: skip
    finally:
        model.unet.set_attn_processor(before)
    return made


@pytest.mark.parametrize("amount", [0.1, 5.0])
def test_as_the_authors_it_is_the_stock_pipeline(model: LoadedDiffusion, amount: float) -> None:
    _, made = edited(model, one(TEXT + DIRECTION, amount, as_authors=True))
    assert (made - stock(model, amount)).abs().max() < 1e-8


def test_without_the_authors_habit_both_branches_move_one_picture(model: LoadedDiffusion) -> None:
    _, ours = edited(model, one(TEXT + DIRECTION, 5.0))
    _, theirs = edited(model, one(TEXT + DIRECTION, 5.0, as_authors=True))
    assert (ours - theirs).abs().max() > 1e-6


def test_without_guidance_by_attention_it_is_plain_drawing(model: LoadedDiffusion) -> None:
    _, made = edited(model, one(TEXT + DIRECTION, 0.0))
    again, _ = edited(
        model,
        one(TEXT),
        SourceBranch(
            Trajectory((NOISE,), ()), TEXT + DIRECTION, [EMPTY] * STEPS, SCALE, exact=False
        ),
    )
    assert (made - again).abs().max() < 1e-10


def test_an_edit_that_changes_no_word_is_the_source_drawn_again(model: LoadedDiffusion) -> None:
    source, made = edited(model, one(TEXT, 5.0))
    assert (made - source).abs().max() < 1e-10


def test_guidance_holds_the_maps_nearer_to_the_source(model: LoadedDiffusion) -> None:
    source, free = edited(model, one(TEXT + DIRECTION, 0.0))
    _, held = edited(model, one(TEXT + DIRECTION, 20.0))
    assert (held - source).norm() < (free - source).norm()


def test_edits_do_not_depend_on_their_neighbours(model: LoadedDiffusion) -> None:
    texts = torch.cat([TEXT + DIRECTION, TEXT - DIRECTION, TEXT + 0.5 * DIRECTION])
    amounts, scales = [0.1, 5.0, 0.0], [5.0, 2.0, 7.5]
    source = branch(scale=3.0)
    _, together = edited(model, GuidedEdits(texts, scales, amounts), source)
    _, apart = edited(model, GuidedEdits(texts, scales, amounts, at_once=1), source)
    assert (together - apart).abs().max() < 1e-10
    for number in range(3):
        _, alone = edited(model, one(texts[[number]], amounts[number], scales[number]), source)
        assert (together[[number]] - alone).abs().max() < 1e-10


def test_an_exact_source_comes_back_exactly(model: LoadedDiffusion) -> None:
    way = tuple(drawn(1, 4, 8, 8, seed=10 + number) for number in range(STEPS + 1))
    source = SourceBranch(
        Trajectory(way, tuple(range(STEPS))), TEXT, [EMPTY] * STEPS, 7.5, exact=True
    )
    again, _ = edited(model, one(TEXT + DIRECTION), source)
    assert torch.equal(again, way[0])


def test_gradients_cannot_be_had_in_inference_mode(model: LoadedDiffusion) -> None:
    with torch.inference_mode(), pytest.raises(RuntimeError, match="inference_mode"):
        edited(model, one(TEXT + DIRECTION))
