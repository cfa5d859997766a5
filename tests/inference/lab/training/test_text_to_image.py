"""v-prediction down to no signal: schedule, drawn timesteps, and what a training starts from."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from inference.lab.training.text_to_image import (
    UNetSize,
    new_unet,
    noise_batch,
    sampling_scheduler,
    start_from,
)

UNET = UNetSize(sample=4, channels=(16, 16), attention=(True, False), heads=2, groups=8, context=32)

# diffusers' schedulers build numpy arrays from tensors in a way that numpy 2 warns about.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def test_sampling_begins_where_there_is_no_signal() -> None:
    scheduler = sampling_scheduler()
    scheduler.set_timesteps(4)
    assert scheduler.timesteps.tolist() == [999, 749, 499, 249]
    assert float(scheduler.alphas_cumprod[999]) == pytest.approx(0, abs=1e-6)


def test_pure_noise_is_learnt_most_often() -> None:
    steps = noise_batch(np.random.default_rng(0), (4000, 1, 1, 1))["timesteps"]
    assert float((steps == 999).float().mean()) == pytest.approx(0.3, abs=0.03)
    assert 400 < float(steps[steps < 999].float().mean()) < 600


def test_an_epsilon_head_starts_at_zero_and_a_v_head_is_kept() -> None:
    torch.manual_seed(0)
    unet = new_unet(UNET)
    assert not start_from(unet, "epsilon", UNET.channels).conv_out.weight.any()
    kept = start_from(unet, "v_prediction", UNET.channels)
    assert torch.equal(kept.conv_out.weight, unet.conv_out.weight)
    assert kept is not unet
    assert start_from(unet, "epsilon", (32, 32)).config.block_out_channels == (32, 32)
