"""InstructPix2Pix's guidance at the scales where it is one of its branches."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionHook
from inference.diffusion.denoiser import Conditioning
from inference.diffusion.guidance import ThreeBranch


class Words:
    """Predicts from the words and the shown picture alone, so that branches can be told apart."""

    def predict(
        self,
        latents: Tensor,
        timestep: Tensor,
        conditioning: Conditioning,
        *,
        attention: AttentionHook | None = None,
        grad: bool = False,
    ) -> Tensor:
        rows = latents[list(conditioning.inputs)]
        return rows[:, :4] + rows[:, 4:] + conditioning.states.mean((1, 2)).view(-1, 1, 1, 1)


TEXT, EMPTY, PICTURE = 7.0, 0.25, 3.0


def guided(s_t: float, s_i: float) -> float:
    guidance = ThreeBranch(
        Words(),
        torch.full((1, 2, 3), TEXT),
        torch.full((1, 2, 3), EMPTY),
        torch.full((1, 4, 2, 2), PICTURE),
        [s_t],
        [s_i],
    )
    made = guidance(torch.zeros(1, 4, 2, 2), torch.tensor(1))
    assert made.shape == (1, 4, 2, 2)
    assert made.unique().numel() == 1
    return float(made.unique())


@pytest.mark.parametrize(
    ("s_t", "s_i", "expected"),
    [
        (0.0, 1.0, PICTURE + EMPTY),  # ε(I, ∅)
        (1.0, 1.0, PICTURE + TEXT),  # ε(I, T)
        (0.0, 0.0, EMPTY),  # ε(∅, ∅)
        (7.5, 1.5, EMPTY + 1.5 * PICTURE + 7.5 * (TEXT - EMPTY)),  # equation 3
    ],
)
def test_scales_at_which_one_branch_is_left(s_t: float, s_i: float, expected: float) -> None:
    assert guided(s_t, s_i) == pytest.approx(expected)
