"""Enlarging in tiles, with networks that are known exactly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from editor.model.image import Image
from inference.models.found_model import FoundModel
from inference.models.loaded import LoadedUpscaler
from inference.request.cancel import Cancelled
from inference.vision import upscale
from tests.inference import tiny_models


class Nearest(torch.nn.Module):
    """Repeats every pixel, after a layer with weights that changes nothing."""

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.layer = torch.nn.Conv2d(3, 3, 1, bias=False)
        self.layer.weight.data = torch.eye(3)[:, :, None, None]
        self.scale = scale
        self.largest = 0

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        self.largest = max(self.largest, pictures.shape[-1] * pictures.shape[-2])
        return functional.interpolate(self.layer(pictures), scale_factor=self.scale)


def loaded(network: torch.nn.Module, scale: int = 2) -> LoadedUpscaler:
    found = FoundModel("upscaler", "test", Path("test"), (), 0)
    return LoadedUpscaler(found, network, scale, torch.device("cpu"), torch.float32)


def enlarge(
    image: Image,
    factor: float,
    network: torch.nn.Module | None = None,
    on_tile: Callable[[int, int], None] = lambda done, total: None,
    check: Callable[[], None] = lambda: None,
) -> Any:
    model = loaded(network or Nearest(2))
    return upscale.enlarge(model, image, factor, on_tile, check)


def picture(width: int, height: int, dtype: str = "uint8") -> Image:
    return Image.from_array(tiny_models.scene(width, height, dtype))


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_tiles_fit_together_and_bound_what_the_network_sees(
    dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upscale, "TILE", 20)
    monkeypatch.setattr(upscale, "OVERLAP", 6)
    image, network, steps = picture(70, 50, dtype), Nearest(2), []
    made = enlarge(image, 2.0, network, lambda done, total: steps.append((done, total)))
    assert made.dtype == np.dtype(dtype)
    assert np.array_equal(made, image.array().repeat(2, axis=0).repeat(2, axis=1))
    assert steps == [(number, 12) for number in range(13)]
    assert network.largest <= 32 * 32


@pytest.mark.parametrize(
    ("factor", "size"), [(4.0, (280, 200)), (1.5, (105, 75)), (3.0, (210, 150))]
)
def test_other_factors_than_the_networks(
    factor: float, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Applied twice, or reduced afterwards; a ramp shows that every pixel is in its place."""
    monkeypatch.setattr(upscale, "TILE", 20)
    ramp = np.linspace(0, 60000, 70).astype(np.uint16)
    image = Image.from_array(np.repeat(ramp[None, :, None], 50, axis=0).repeat(3, axis=2))
    made = enlarge(image, factor)
    assert made.shape == (size[1], size[0], 3)
    at = (np.arange(size[0]) + 0.5) / factor - 0.5
    expected = np.interp(at, np.arange(70), ramp)
    assert np.abs(made[20, 8:-8, 1] - expected[8:-8]).max() < 60000 / 69


def test_grey_stays_grey() -> None:
    values = tiny_models.scene(30, 20)[:, :, :1]
    made = enlarge(Image.from_array(np.ascontiguousarray(values)), 2.0)
    assert np.array_equal(made, values.repeat(2, axis=0).repeat(2, axis=1))


def test_hidden_colours_do_not_bleed() -> None:
    values = np.full((20, 30, 4), 255, np.uint8)
    values[:, :15, :3] = (200, 10, 10)
    values[:, 15:] = (0, 255, 0, 0)
    made = enlarge(Image.from_array(values), 2.0)
    assert np.array_equal(np.unique(made.reshape(-1, 3), axis=0), [[200, 10, 10]])


def test_a_cancel_is_heard_inside_a_tile() -> None:
    calls: list[str] = []

    def check() -> None:
        calls.append("check")
        if len(calls) == 2:  # the first is the tile's own, the second the layer's
            raise Cancelled

    network = Nearest(2)
    with pytest.raises(Cancelled):
        enlarge(picture(30, 20), 2.0, network, check=check)
    assert network.largest == 600, "the network had begun"
    assert np.array_equal(enlarge(picture(30, 20), 2.0, network)[::2, ::2], picture(30, 20).array())
