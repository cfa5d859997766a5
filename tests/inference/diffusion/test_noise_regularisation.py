"""The regulariser of pix2pix-zero: against autograd through diffusers' losses."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from inference.diffusion.noise_regularisation import (
    NoiseRegulariser,
    autocorrelation_gradient,
    divergence_gradient,
)
from inference.models.libraries import prepare_libraries
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)
prepare_libraries()


@pytest.fixture(scope="module")
def stock() -> Any:
    """Diffusers' pipeline, of which only the losses are used."""
    from diffusers.pipelines.deprecated.stable_diffusion_variants import (
        pipeline_stable_diffusion_pix2pix_zero as module,
    )

    return module.StableDiffusionPix2PixZeroPipeline


def drawn(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(4)
    noise = torch.randn(1, *shape, generator=generator, dtype=torch.float64)
    return 0.7 * noise + 0.3 * noise.roll(1, 3) + 0.1


@pytest.mark.parametrize("shape", [(4, 16, 16), (8, 32, 24), (4, 8, 8), (4, 72, 40)])
def test_gradients_are_those_of_the_stock_losses(stock: Any, shape: tuple[int, ...]) -> None:
    noise = drawn(*shape).requires_grad_()
    loss = stock.auto_corr_loss(None, noise, generator=torch.Generator().manual_seed(1))
    (expected,) = torch.autograd.grad(loss, noise)
    generator = torch.Generator().manual_seed(1)
    made = autocorrelation_gradient(
        noise.detach(), lambda side: int(torch.randint(side // 2, (1,), generator=generator))
    )
    assert (made - expected).abs().max() < 1e-12
    (expected,) = torch.autograd.grad(stock.kl_divergence(None, noise), noise)
    assert (divergence_gradient(noise.detach()) - expected).abs().max() < 1e-12


def test_the_rounds_are_those_of_the_stock_inversion(stock: Any) -> None:
    noise = expected = drawn(4, 16, 16)
    generator = torch.Generator().manual_seed(7)
    for _ in range(5):
        for _ in range(5):
            leaf = expected.detach().clone().requires_grad_()
            loss = stock.auto_corr_loss(None, leaf, generator=generator)
            expected = expected - 20.0 * torch.autograd.grad(loss, leaf)[0] / 5
        leaf = expected.detach().clone().requires_grad_()
        loss = stock.kl_divergence(None, leaf)
        expected = expected - 20.0 * torch.autograd.grad(loss, leaf)[0]
    made = NoiseRegulariser(smallest_shift=0)(noise, torch.Generator().manual_seed(7))
    assert (made - expected).abs().max() < 1e-10
    assert (made - noise).abs().max() > 1e-3


def test_it_makes_noise_more_like_noise(stock: Any) -> None:
    noise = drawn(4, 32, 32)

    def repeats(of: Tensor) -> float:
        return float((of * of.roll(1, 3)).mean((2, 3)).square().sum())

    apart = NoiseRegulariser(divergence_weight=0)(noise, torch.Generator())
    assert repeats(apart) < repeats(noise)
    spread = NoiseRegulariser(autocorrelation_weight=0)(noise, torch.Generator())
    assert stock.kl_divergence(None, spread) < stock.kl_divergence(None, noise)


def test_half_precision_keeps_its_type_and_two_rows_are_refused() -> None:
    made = NoiseRegulariser()(drawn(4, 8, 8).half(), torch.Generator())
    assert made.dtype is torch.float16
    assert torch.isfinite(made).all()
    with pytest.raises(ValueError, match="one picture"):
        NoiseRegulariser()(torch.zeros(2, 4, 8, 8), torch.Generator())
