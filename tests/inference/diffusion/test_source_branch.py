"""Inversion strategies: against the authors' code, and how exactly each comes back."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from inference.diffusion.inversion import invert
from inference.diffusion.noise_regularisation import NoiseRegulariser
from inference.diffusion.source_branch import (
    DDIM,
    DIRECT,
    NEGATIVE_PROMPT,
    NULL_TEXT,
    REGULARISED,
    STRATEGIES,
    SourceBranch,
    fitting_strategy,
    guided,
    invert_source,
)
from inference.models.libraries import prepare_libraries
from tests.inference.diffusion.published_code import (
    EMPTY,
    LATENTS,
    TEXT,
    FormulaDenoiser,
    expected,
    scheduler,
)

prepare_libraries()
from inference.diffusion.denoiser import Conditioning  # noqa: E402

STEPS, SCALE = 5, 7.5


def inverted(strategy: str, *, as_authors: bool = False, steps: int = STEPS) -> SourceBranch:
    return invert_source(
        strategy, scheduler(), FormulaDenoiser(), LATENTS, TEXT,
        TEXT if strategy in (REGULARISED, NEGATIVE_PROMPT) else EMPTY, SCALE, steps,
        as_authors=as_authors,
    )  # fmt: skip


def drawn_again(source: SourceBranch, steps: int = STEPS) -> Tensor:
    own = scheduler()
    own.set_timesteps(steps)
    latents = source.start
    for step, timestep in enumerate(own.timesteps):
        states = torch.cat([source.empty[step], source.text])
        predicted = FormulaDenoiser().predict(latents, timestep, Conditioning([0, 0], states))
        made = own.step(guided(predicted, [SCALE]), timestep, latents)
        latents = source.after(step, made.prev_sample)
    return latents


def test_the_trajectory_and_the_fitted_texts_are_those_of_the_authors() -> None:
    reference = expected()
    source = inverted(NULL_TEXT)
    way = torch.cat(source.trajectory.latents)
    assert (way - torch.from_numpy(reference["ddim"])).abs().max() < 1e-6
    fitted = torch.cat(list(source.empty))
    assert (fitted - torch.from_numpy(reference["null_text"])).abs().max() < 1e-5
    assert (fitted - EMPTY).abs().max() > 1e-2, "something was fitted"


@pytest.mark.parametrize(
    ("name", "regulariser"),
    [("authors_plain", None), ("authors_kl", NoiseRegulariser(autocorrelation_weight=0))],
)
def test_the_inversion_of_pix2pix_zero_with_two_steps_less(
    name: str, regulariser: NoiseRegulariser | None
) -> None:
    def captioned(noisy: Tensor, timestep: Tensor, **access: object) -> Tensor:
        return FormulaDenoiser().predict(noisy, timestep, Conditioning([0], TEXT))

    made = invert(
        scheduler(), captioned, LATENTS, 10, regulariser=regulariser, as_authors=True
    )  # fmt: skip
    assert len(made.latents) == 9
    reference = torch.from_numpy(expected()[name])
    assert (made.latents[-1] - reference).abs().max() < 1e-6


def test_how_near_each_strategy_comes_back() -> None:
    away = {}
    for strategy in STRATEGIES:
        source = inverted(strategy, steps=20)
        away[strategy] = float((drawn_again(source, 20) - LATENTS).square().mean())
    assert away[DIRECT] == 0.0
    assert away[NULL_TEXT] < away[DDIM]
    assert away[NEGATIVE_PROMPT] < away[DDIM]


def test_only_plain_inversions_go_the_authors_way() -> None:
    for strategy in (NULL_TEXT, DIRECT):
        with pytest.raises(ValueError, match="authors"):
            inverted(strategy, as_authors=True)
    with pytest.raises(ValueError, match="unknown inversion"):
        inverted("magic")


def test_the_regulariser_changes_the_noise() -> None:
    plain, regularised = inverted(NEGATIVE_PROMPT), inverted(REGULARISED)
    assert (plain.start - regularised.start).abs().max() > 1e-3
    assert all(torch.equal(empty, TEXT) for empty in regularised.empty)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a boat and a fence, at noon", "a boat, at noon", DDIM),
        ("A boat, and a fence", "a boat", DDIM),
        ("a boat, at noon", "a boat, at night", DIRECT),
        ("a boat, at noon", "a boat and a fence, at noon", DIRECT),
        ("a fence and a boat", "a boat and a fence", DIRECT),
        ("a boat", "a boat", DIRECT),
        ("a boat and a fence", "fence boat", DIRECT),
    ],
)
def test_only_what_takes_words_away_is_inverted_plainly(
    before: str, after: str, expected: str
) -> None:
    assert fitting_strategy(before, after) == expected
