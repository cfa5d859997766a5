"""What InstructPix2Pix drops while it learns, and its UNet with and without a source."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from inference.lab.training.instruct_pix2pix import dropped, narrowed, widened
from inference.lab.training.text_to_image import UNetSize, new_unet

UNET = UNetSize(sample=4, channels=(16, 16), attention=(True, False), heads=2, groups=8, context=32)


def test_dropout_rule_is_that_of_the_source() -> None:
    # Brooks et al. 2023, section 3.2.1: text null if u < .10, image zero if .05 <= u < .15.
    u = np.array([0.0, 0.049, 0.05, 0.099, 0.1, 0.149, 0.15, 0.5, 0.999])
    text, image = dropped(u)
    assert text.tolist() == [True] * 4 + [False] * 5
    assert image.tolist() == [False] * 2 + [True] * 4 + [False] * 3
    text, image = dropped(np.random.default_rng(0).random(200_000))
    for share in ((text & ~image), (text & image), (image & ~text)):
        assert share.mean() == pytest.approx(0.05, abs=0.003)


def test_widened_unet_ignores_the_source_at_first() -> None:
    torch.manual_seed(0)
    unet = new_unet(UNET).eval()
    wide = widened(unet).eval()
    assert wide.config.in_channels == 2 * UNET.latents
    x, states = torch.randn(1, UNET.latents, 4, 4), torch.randn(1, 5, UNET.context)
    with torch.no_grad():
        narrow = unet(x, 10, encoder_hidden_states=states).sample
        both = wide(torch.cat([x, torch.randn_like(x)], 1), 10, encoder_hidden_states=states)
    assert torch.allclose(narrow, both.sample, atol=1e-6)
    with torch.no_grad():
        wide.conv_in.weight.normal_()  # trained meanwhile: it goes on from there
    again = widened(wide)
    assert again is not wide
    assert torch.equal(again.conv_in.weight, wide.conv_in.weight)


def test_narrowed_unet_draws_what_the_editor_draws_without_a_source() -> None:
    torch.manual_seed(0)
    wide = widened(new_unet(UNET)).eval()
    with torch.no_grad():
        wide.conv_in.weight.normal_()
        wide.conv_out.weight.normal_()
        narrow = narrowed(wide).eval()
        x, states = torch.randn(1, UNET.latents, 4, 4), torch.randn(1, 5, UNET.context)
        alone = narrow(x, 10, encoder_hidden_states=states).sample
        unseen = wide(torch.cat([x, torch.zeros_like(x)], 1), 10, encoder_hidden_states=states)
    assert narrow.config.in_channels == UNET.latents
    assert torch.allclose(alone, unseen.sample, atol=1e-5)
