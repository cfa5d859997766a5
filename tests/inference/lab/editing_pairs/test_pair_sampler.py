"""Pairs are drawn as published: the sampler's formula, what is shared, what is drawn by seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionLayer
from inference.lab.editing_pairs.pair_sampler import (
    DrawnRanges,
    PairSeed,
    ancestral_scheduler,
    denoise_pairs,
    draw_pairs,
)
from inference.lab.editing_pairs.shared_attention import SharedSelfAttention
from inference.models.store import ModelStore
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

SHAPE = (4, 3, 3)
STEPS = 6


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(folder / "sd", edits=False)
    return ModelStore([folder], device="cpu").diffusion("text_to_image")


def published(predict: Any, seed: int, sigmas: Tensor, share: float) -> Tensor:
    """The published sampler, written out for one pair and a network that predicts noise."""
    generator = torch.Generator().manual_seed(seed)
    x = (torch.randn((1, *SHAPE), generator=generator) * sigmas[0]).repeat(2, 1, 1, 1)
    torch.rand((), generator=generator), torch.rand((), generator=generator)
    for i in range(len(sigmas) - 1):
        shared = share > i / (len(sigmas) - 2)
        now, then = sigmas[i], sigmas[i + 1]
        denoised = x - now * predict(x / (now**2 + 1) ** 0.5, shared)
        up = min(then, (then**2 * (now**2 - then**2) / now**2) ** 0.5)
        down = (then**2 - up**2) ** 0.5
        x = x + (x - denoised) / now * (down - now)
        if then > 0:
            x = x + torch.randn((1, *SHAPE), generator=generator) * up
    return x


def test_the_sampler_is_the_published_one(model: Any) -> None:
    scheduler = ancestral_scheduler(model, STEPS)

    def linear(x: Tensor, shared: Tensor | bool) -> Tensor:
        target = torch.arange(len(x)) % 2
        more = 0.3 * target * ~torch.as_tensor(shared)
        return 0.6 * x + more[:, None, None, None]

    seeds = [PairSeed.drawn(seed, SHAPE, DrawnRanges()) for seed in (5, 9)]
    made = denoise_pairs(
        scheduler, lambda x, timestep, shares: linear(x, shares.repeat_interleave(2)), seeds
    )
    for i, one in enumerate(seeds):
        wanted = published(linear, one.seed, scheduler.sigmas, one.share)
        assert torch.allclose(made[2 * i : 2 * i + 2], wanted, atol=1e-5)


def test_each_pair_begins_with_one_noise_and_draws_share_and_guidance_in_their_ranges() -> None:
    drawn = [PairSeed.drawn(seed, SHAPE, DrawnRanges()) for seed in range(200)]
    shares, scales = [one.share for one in drawn], [one.guidance for one in drawn]
    assert 0.1 <= min(shares) < 0.15
    assert 0.85 < max(shares) <= 0.9
    assert 7.5 <= min(scales) < 8
    assert 14.5 < max(scales) <= 15
    first, again = drawn[3], PairSeed.drawn(3, SHAPE, DrawnRanges())
    assert torch.equal(first.noise, again.noise)
    source, target = (torch.randn(4, generator=row) for row in first.rows)
    assert torch.equal(source, target)


def test_only_self_attention_of_sharing_targets_is_copied() -> None:
    maps = torch.arange(2 * 2 * 2 * 3 * 4.0).reshape(-1, 2, 2)  # 2 pairs, 2 sides, 2 branches, 3
    share = SharedSelfAttention(torch.tensor([True, False]))
    layer = AttentionLayer("down", is_cross=False, heads=3)
    made = share(maps, layer)
    sides = made.reshape(2, 2, 6, 2, 2)
    before = maps.reshape(2, 2, 6, 2, 2)
    assert torch.equal(sides[:, 0], before[:, 0])
    assert torch.equal(sides[0, 1], before[0, 0])
    assert torch.equal(sides[1, 1], before[1, 1])
    assert share(maps, AttentionLayer("down", is_cross=True, heads=3)) is maps


def test_equal_captions_give_equal_pictures_and_a_pair_is_its_own(model: Any) -> None:
    ranges = DrawnRanges()
    same = next(draw_pairs(model, ("a red house", "a red house"), [4], 3, ranges))
    assert same.source.shape == (64, 64, 3)
    assert same.source.dtype == np.uint8
    assert np.abs(same.source.astype(int) - same.target).max() <= 1
    captions = ("a red house", "a swan at night")
    alone = next(draw_pairs(model, captions, [7], 3, ranges))
    among = list(draw_pairs(model, captions, [4, 7], 3, ranges))[1]
    assert (alone.seed, alone.share, alone.guidance) == (7, among.share, among.guidance)
    assert np.abs(alone.target.astype(int) - among.target).max() <= 1
    assert (alone.source != alone.target).any()
