from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.history import HistoryNode
from editor.model.image import Image
from editor.model.rect import Rect
from editor.render import composite, mip
from editor.render.enlargement import enlarged_size, enlargement_patch
from editor.render.history_orientation import orientation_between

WIDTH, HEIGHT = 300, 280


def noise(width: int, height: int, channels: int, dtype: str, seed: int = 1) -> Any:
    rng = np.random.default_rng(seed)
    return rng.integers(0, np.iinfo(dtype).max, (height, width, channels)).astype(dtype)


def source(channels: int = 3, dtype: str = "uint8") -> Image:
    return Image.from_array(noise(WIDTH, HEIGHT, channels, dtype))


@pytest.mark.parametrize("factor", [2.0, 1.5])
@pytest.mark.parametrize(
    ("channels", "dtype"), [(1, "uint8"), (2, "uint16"), (3, "uint8"), (4, "uint16")]
)
def test_every_sample_is_the_models_at_any_depth(channels: int, dtype: str, factor: float) -> None:
    image = source(channels, dtype)
    size = enlarged_size(factor, WIDTH, HEIGHT)
    drawn = noise(*size, image.colour_channels, dtype, seed=2)
    patch = enlargement_patch(image, factor, drawn)
    assert composite.output_size(image, patch) == size
    assert composite.moves_pixels(patch)
    result = composite.render(image, patch, None)
    assert (result.dtype, result.channels) == (dtype, channels)
    assert np.array_equal(result.array()[:, :, : image.colour_channels], drawn)
    assert result.pixel_digest == Image.from_array(result.array(), image.meta).pixel_digest
    for rect in (Rect(0, 0, 256, 256), Rect(90, 250, 70, 60), Rect(size[0] - 7, 5, 7, 10)):
        part = composite.render(image, patch, None, rect=rect).array()
        assert np.array_equal(part, result.read(rect))


def test_alpha_is_the_pictures_own() -> None:
    values = noise(WIDTH, HEIGHT, 4, "uint8")
    values[:, :150, 3], values[:, 150:, 3] = 255, 0
    image = Image.from_array(values)
    patch = enlargement_patch(image, 2.0, noise(2 * WIDTH, 2 * HEIGHT, 3, "uint8"))
    alpha = composite.render(image, patch, None).array()[:, :, 3]
    assert (alpha[:, :290] == 255).all()
    assert (alpha[:, 310:] == 0).all()
    edge = alpha[100, 290:310].astype(int)
    assert 100 < edge.mean() < 155


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("level", [1, 3])
def test_mip_levels_are_those_of_the_result(level: int, dtype: str) -> None:
    image = source(3, dtype)
    patch = enlargement_patch(image, 2.0, noise(2 * WIDTH, 2 * HEIGHT, 3, dtype))
    whole = mip.level(composite.render(image, patch, None), level).array().astype(float)
    small = mip.level(image, level)
    made = composite.render(small, patch, None, scale=0.5**level).array().astype(float)
    assert abs(made.shape[0] - whole.shape[0]) <= 1
    height, width = min(len(made), len(whole)), min(made.shape[1], whole.shape[1])
    assert np.abs(made[:height, :width] - whole[:height, :width]).max() <= 1 * level


def test_selections_do_not_go_along() -> None:
    """The picture has another size."""
    image = source()
    patch = enlargement_patch(image, 2.0, noise(2 * WIDTH, 2 * HEIGHT, 3, "uint8"))
    request = EditRequest(image.pixel_digest, None, Instruction("upscale"), "upscale", 1)
    nodes = {
        "a": HistoryNode(id="a", parent=None, picture=None, label="", time=0.0),
        "b": HistoryNode(
            id="b", parent="a", picture=None, label="", time=0.0,
            candidates=(Candidate(request, patch),),
        ),
    }  # fmt: skip
    assert orientation_between(nodes, "a", "b") is None
