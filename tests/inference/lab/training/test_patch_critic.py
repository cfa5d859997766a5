"""The critic learns to tell drawn from made, and what it says sharpens what is made."""

from __future__ import annotations

import torch
from torch.nn import functional

from inference.lab.training.patch_critic import CriticLoss, PatchCritic


def drawn(count: int, seed: int) -> torch.Tensor:
    """Fields of one colour each with hard edges."""
    generator = torch.Generator().manual_seed(seed)
    fields = torch.rand(count, 3, 7, 7, generator=generator)
    wide = functional.interpolate(fields, scale_factor=5.0)
    top, left = (int(torch.randint(0, 3, (1,), generator=generator)) for _ in range(2))
    return wide[..., top : top + 32, left : left + 32].contiguous()


def soft(pictures: torch.Tensor) -> torch.Tensor:
    return functional.avg_pool2d(pictures, 7, 1, 3, count_include_pad=False)


def trained(steps: int) -> CriticLoss:
    torch.manual_seed(0)
    judged = CriticLoss(PatchCritic(3, (16, 16, 16)))
    optimiser = torch.optim.Adam(judged.parameters(), 3e-3, betas=(0.5, 0.99))
    for step in range(steps):
        real = drawn(8, step)
        optimiser.zero_grad()
        judged(soft(real), real, soft(real), torch.ones(8, 1, 32, 32))["critic"].backward()
        optimiser.step()
    return judged


def test_it_learns_to_tell_soft_pictures_from_drawn_ones() -> None:
    judged = trained(100).eval()
    real = drawn(8, 999)
    weight = torch.ones(8, 1, 32, 32)
    with torch.no_grad():
        assert judged(soft(real), real, soft(real), weight)["critic"] < 1.0  # untrained it is 2
        honest, blurred = (judged.critic(one, soft(real))[0].mean() for one in (real, soft(real)))
    assert honest > blurred + 0.5


def test_what_it_says_of_a_picture_makes_the_picture_harder() -> None:
    judged = trained(100).eval()
    real = drawn(4, 999)
    made = soft(real).requires_grad_()
    said = judged(made, real, soft(real), torch.ones(4, 1, 32, 32))
    (slope,) = torch.autograd.grad(said["adversarial"], made)
    moved = (made - 0.05 * slope / slope.abs().max()).detach()
    again = judged(moved, real, soft(real), torch.ones(4, 1, 32, 32))
    assert again["adversarial"] < said["adversarial"]


def test_what_the_network_gets_does_not_reach_the_critic() -> None:
    torch.manual_seed(0)
    judged = CriticLoss(PatchCritic(3, (16, 16, 16)))
    real = drawn(2, 1)
    made = soft(real).requires_grad_()
    said = judged(made, real, soft(real), torch.ones(2, 1, 32, 32))
    (said["adversarial"] + said["features"]).backward(retain_graph=True)
    assert made.grad is not None
    assert made.grad.abs().sum() > 0
    assert all(value.grad is None for value in judged.parameters())
    made.grad = None
    said["critic"].backward()
    assert made.grad is None
    assert all(value.grad is not None for value in judged.parameters())


def test_what_is_weighted_counts() -> None:
    torch.manual_seed(0)
    judged = CriticLoss(PatchCritic(3, (16, 16, 16))).eval()
    real = drawn(2, 1)
    weight = torch.zeros(2, 1, 32, 32)
    weight[..., :16] = 1
    outside, inside = real.clone(), real.clone()
    outside[..., 28:] = 0
    inside[..., :4] = 0
    with torch.no_grad():  # the norms see the whole picture, so what lies outside is felt a little
        assert (
            judged(outside, real, soft(real), weight)["features"]
            < 0.5 * judged(inside, real, soft(real), weight)["features"]
        )
