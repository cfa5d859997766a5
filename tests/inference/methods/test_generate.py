from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from editor.model.image import Image
from editor.render import composite
from inference.diffusion.lean.choice import lean_unet
from inference.methods.generate import Generate, new_picture_side
from inference.models.errors import ModelDamaged
from inference.models.store import ModelStore
from inference.request.method_progress import MethodProgress
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request, stock_generate
from tests.inference.models.small_files import spoil

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def blank(width: int, height: int) -> Image:
    return Image.from_array(np.full((height, width, 3), 255, np.uint8))


def test_equals_the_stock_pipeline(store: ModelStore, lean: bool) -> None:
    assert (lean_unet(store.diffusion("text_to_image")) is not None) == lean
    asked = [
        request("generate", "a red house at night", seed=1),
        request("generate", "a boat in snow", seed=2, guidance_scale=3.0),
    ]
    steps: list[MethodProgress] = []
    made = Generate(store).edit(asked, blank(64, 64), None, steps.append)
    for one, patch in zip(asked, made, strict=True):
        assert patch.pixels is not None
        stock = stock_generate(store, (64, 64), one)
        assert np.abs(patch.pixels - stock).max() <= 2 / 255
    assert steps[-1].number == steps[-1].total
    assert len(steps) == steps[-1].total + 1  # once more when it is decoded


@pytest.mark.parametrize("size", [(64, 64), (300, 200), (37, 91)])
def test_the_picture_has_the_size_that_was_asked_for(
    store: ModelStore, size: tuple[int, int]
) -> None:
    source = blank(*size)
    (patch,) = Generate(store).edit([request("generate")], source, None, lambda step: None)
    result = composite.render(source, patch, None)
    assert (result.width, result.height) == size
    assert result.array().std() > 1


def test_a_small_models_picture_is_enlarged_with_steep_edges(store: ModelStore) -> None:
    asked = request("generate", "a red house", seed=1)
    own, large = (
        composite.render(paper, patch, None).array()
        for paper in (blank(64, 64), blank(256, 256))
        for patch in Generate(store).edit([asked], paper, None, lambda step: None)
    )
    plain = np.asarray(Pillow.fromarray(own).resize((256, 256), Pillow.Resampling.BICUBIC))
    assert np.abs(large.astype(int) - plain).mean() < 12
    slopes = [float((np.diff(one.astype(float), axis=1) ** 4).mean()) for one in (large, plain)]
    assert slopes[0] > 1.2 * slopes[1]


@pytest.mark.parametrize(
    ("own", "side"), [(64, 512), (128, 512), (200, 600), (512, 512), (1024, 1024)]
)
def test_new_pictures_have_a_size_that_can_be_worked_on(own: int, side: int) -> None:
    assert new_picture_side(own) == side


def test_plain_guidance_leaves_the_empty_branch_out(store: ModelStore) -> None:
    asked = request("generate", "a boat", seed=2, guidance_scale=1.0)
    (patch,) = Generate(store).edit([asked], blank(64, 64), None, lambda step: None)
    assert np.abs(patch.pixels - stock_generate(store, (64, 64), asked)).max() <= 2 / 255


@pytest.mark.parametrize("weight", ["decoder.conv_in", "decoder.conv_out", "encoder.conv_in"])
def test_an_autoencoder_whose_results_are_not_numbers_is_named(tmp_path: Path, weight: str) -> None:
    folder = tiny_models.diffusion(tmp_path / "broken", edits=False)
    spoil(folder / "vae" / "diffusion_pytorch_model.safetensors", weight)
    method = Generate(ModelStore([tmp_path], device="cpu"))
    source = blank(64, 64)
    asked = request("generate")
    if weight.startswith("encoder"):  # it is not used to draw
        assert len(method.edit([asked], source, None, lambda step: None)) == 1
        return
    with pytest.raises(ModelDamaged, match="model broken makes no picture"):
        method.edit([asked], source, None, lambda step: None)
