"""A larger UNet does what the smaller one did; its copies are not alike in what they write."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from inference.lab.training.text_to_image import UNetSize, new_unet
from inference.lab.training.widen import wider

SIZE = UNetSize(
    sample=8, channels=(16, 32, 64), attention=(False, True, True), heads=2, groups=8, context=24
)


def predicted(unet: Any) -> Tensor:
    torch.manual_seed(1)
    noisy, states = torch.randn(2, 4, 8, 8), torch.randn(2, 5, 24)
    with torch.inference_mode():
        made: Tensor = unet.eval()(noisy, torch.tensor([10, 900]), states).sample
    return made


@pytest.fixture
def unet() -> Any:
    torch.manual_seed(0)
    made = new_unet(SIZE)
    for parameter in made.parameters():
        parameter.data += 0.05 * torch.randn_like(parameter)
    return made


def test_twice_as_wide_is_the_same_function(unet: Any) -> None:
    wide = wider(unet, (32, 64, 128))
    assert wide.config.block_out_channels == (32, 64, 128)
    torch.testing.assert_close(predicted(wide), predicted(unet), atol=2e-5, rtol=1e-4)


def test_half_as_wide_again_is_nearly_the_same_function(unet: Any) -> None:
    before, after = predicted(unet), predicted(wider(unet, (32, 64, 96)))
    assert float((after - before).square().mean() / before.square().mean()) < 0.05


def test_copies_share_what_they_write_unequally(unet: Any) -> None:
    weight = wider(unet, (32, 64, 128)).conv_out.weight
    old = unet.conv_out.weight
    assert not torch.allclose(weight[:, 0], weight[:, 1])
    torch.testing.assert_close(weight[:, 0] + weight[:, 1], old[:, 0])


def test_equal_widths_change_nothing(unet: Any) -> None:
    torch.testing.assert_close(predicted(wider(unet, (16, 32, 64))), predicted(unet))
