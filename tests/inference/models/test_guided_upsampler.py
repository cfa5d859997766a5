"""The upsampler begins as a plain enlargement, is written and read whole, and fits any frame."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from editor.model.image import Image
from inference.diffusion.framing import frame, work_picture
from inference.diffusion.upsample import edit_upsampler
from inference.models.guided_upsampler import (
    CONFIG,
    FACTOR,
    WEIGHTS,
    GuidedUpsampler,
    deepen,
    load_upsampler,
    save_upsampler,
)

SIZES = (8, 12, 16)


def network() -> GuidedUpsampler:
    torch.manual_seed(3)
    return GuidedUpsampler(SIZES).eval()


def loosened(made: GuidedUpsampler) -> GuidedUpsampler:
    """With every weight that starts at zero a little off it."""
    with torch.no_grad():
        for value in made.parameters():
            value.add_(0.02 * torch.randn_like(value))
    return made


def test_untrained_it_enlarges_the_edit() -> None:
    source, before, after = (
        torch.rand(1, 3, 64, 96),
        torch.rand(1, 3, 16, 24),
        torch.rand(1, 3, 16, 24),
    )
    with torch.inference_mode():
        made = network()(source, before, after)
    wanted = functional.interpolate(after, scale_factor=4.0, mode="bicubic")
    assert torch.allclose(made, wanted, atol=1e-6)


def test_one_level_more_begins_as_what_was_learnt() -> None:
    shallow = loosened(network())
    deep = GuidedUpsampler((*SIZES, 20)).eval()
    deepen(shallow, deep)
    shown = [torch.rand(1, 3, 64, 96), torch.rand(1, 3, 16, 24), torch.rand(1, 3, 16, 24)]
    with torch.inference_mode():
        assert torch.allclose(deep(*shown), shallow(*shown), atol=1e-6)
    same = GuidedUpsampler(SIZES)
    deepen(shallow, same)
    assert all(torch.equal(same.state_dict()[n], v) for n, v in shallow.state_dict().items())
    with pytest.raises(ValueError, match="one level more"):
        deepen(shallow, GuidedUpsampler((8, 12, 20, 24)))


def test_every_input_reaches_the_result() -> None:
    made = loosened(network())
    shown = [torch.rand(1, 3, 64, 64), torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16)]
    with torch.inference_mode():
        first = made(*shown)
        for place in range(3):
            other = list(shown)
            other[place] = 1 - other[place]
            assert not torch.allclose(made(*other), first, atol=1e-4)


def test_what_is_written_is_read_again_to_half_precision(tmp_path: Path) -> None:
    made = loosened(network())
    save_upsampler(made, tmp_path)
    again = load_upsampler(tmp_path)
    assert again.channels == SIZES
    assert not any(value.requires_grad for value in again.parameters())
    for name, value in made.state_dict().items():
        assert torch.equal(again.state_dict()[name], value.half().float()), name


@pytest.mark.parametrize(
    "config",
    [{}, {"factor": 2, "channels": [8, 12, 16]}, {"factor": 4, "channels": [8, 12, 10**9]},
     {"factor": 4, "channels": ["8", 12]}, {"factor": 4, "channels": [8, 12, 20]}],
)  # fmt: skip
def test_another_network_is_refused(config: dict[str, Any], tmp_path: Path) -> None:
    save_upsampler(network(), tmp_path)
    (tmp_path / CONFIG).write_text(json.dumps(config), "utf-8")
    with pytest.raises(ValueError, match=r"no upsampler|do not fit"):
        load_upsampler(tmp_path)
    (tmp_path / WEIGHTS).unlink()
    (tmp_path / CONFIG).write_text(json.dumps({"factor": 4, "channels": SIZES}), "utf-8")
    with pytest.raises(OSError, match=WEIGHTS):
        load_upsampler(tmp_path)


def _model(upsampler: GuidedUpsampler | None) -> Any:
    return SimpleNamespace(upsampler=upsampler, device=torch.device("cpu"))


@pytest.mark.parametrize("size", [(400, 400), (500, 340), (331, 417)])
def test_edits_are_drawn_four_times_as_fine_on_the_same_frame(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(2)
    source = Image.from_array(rng.integers(0, 256, (size[1], size[0], 3), np.uint8))
    framing = frame(source.bounds, None, 64, 8)
    before = work_picture(source, framing)
    draw = edit_upsampler(_model(network()), source, framing, before)
    assert draw is not None
    drawn = [draw(before), draw(1 - before)]
    fine = framing.finer(FACTOR)
    for one, small in zip(drawn, (before, 1 - before), strict=True):
        assert one.source.shape == one.after.shape == (*fine.work_size[::-1], 3)
        enlarged = one.after.reshape(len(small), FACTOR, -1, FACTOR, 3).mean((1, 3))
        assert np.abs(enlarged - small).mean() < 0.02  # it lies where the small one does


def test_without_an_upsampler_or_a_larger_source_nothing_is_drawn() -> None:
    source = Image.from_array(np.zeros((96, 96, 3), np.uint8))
    framing = frame(source.bounds, None, 64, 8)
    before = work_picture(source, framing)
    for model in (_model(None), _model(network())):
        assert edit_upsampler(model, source, framing, before) is None
