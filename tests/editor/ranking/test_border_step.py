from __future__ import annotations

import numpy as np
import pytest

from editor.model.image import Image
from editor.ranking.border_step import border_step

DRAWN = np.zeros((40, 60), np.bool_)
DRAWN[10:30, 20:50] = True


def picture(step: int = 0, noise: int = 0) -> Image:
    """Grey that rises to the right, and in the drawn part by `step` more."""
    values = np.add.outer(np.zeros(40), np.linspace(60, 160, 60))
    values += np.random.default_rng(0).normal(0, 1, values.shape) * noise
    values[DRAWN] += step
    return Image.from_array(np.clip(values, 0, 255).astype(np.uint8)[:, :, None].repeat(3, 2))


def test_a_larger_step_is_a_larger_figure() -> None:
    found = [border_step(picture(step), DRAWN) for step in (0, 8, 16, 32)]
    assert all(value is not None for value in found)
    assert found == sorted(found)  # type: ignore[type-var]
    assert found[0] == pytest.approx(0, abs=0.3)
    assert found[1] == pytest.approx(3.3, abs=0.7), "eight of 255 are three units of lightness"


def test_detail_hides_no_seam_and_is_none() -> None:
    quiet, busy = border_step(picture(0), DRAWN), border_step(picture(0, noise=10), DRAWN)
    assert quiet is not None
    assert busy is not None
    assert busy < 1
    seen = border_step(picture(40, noise=10), DRAWN)
    assert seen is not None
    assert seen > 5


def test_without_a_border_there_is_no_figure() -> None:
    assert border_step(picture(), np.zeros_like(DRAWN)) is None
    assert border_step(picture(), np.ones_like(DRAWN)) is None
    one = Image.from_array(np.zeros((1, 1, 3), np.uint8))
    assert border_step(one, np.ones((1, 1), np.bool_)) is None
