"""PIE-Bench's measures by hand, and DINO features of a tiny network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import ViTConfig, ViTModel

from inference.lab.evaluation.dino import DinoFeatures, cosine, structure_distance
from inference.lab.evaluation.unedited import unedited_fidelity, without
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def test_the_edited_part_is_black_in_both_and_counts_as_equal() -> None:
    source = np.full((16, 16, 3), 100, np.uint8)
    made, inside = source.copy(), np.zeros((16, 16), np.bool_)
    inside[:, :4] = True
    made[:, :4] = 255
    assert (without(made, inside)[:, :4] == 0).all()
    assert unedited_fidelity(made, source, inside)["psnr_unedited"] == 100.0
    made[:, 4:] += 51  # a fifth of the range, in three quarters of the picture
    found = unedited_fidelity(made, source, inside)
    assert found["mse_unedited"] == pytest.approx(0.75 * 0.2**2)
    assert found["psnr_unedited"] == pytest.approx(-10 * np.log10(0.75 * 0.2**2))
    assert 0 < found["ssim_unedited"] < 1


@pytest.fixture(scope="module")
def dino(tmp_path_factory: pytest.TempPathFactory) -> DinoFeatures:
    torch.manual_seed(0)
    config = ViTConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        image_size=28, patch_size=7,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("dino") / "vits16"
    ViTModel(config, add_pooling_layer=False).save_pretrained(folder)
    return DinoFeatures(folder)


def test_a_picture_is_like_itself(dino: DinoFeatures) -> None:
    first, second = tiny_models.scene(40, 56), tiny_models.scene(41, 30)
    assert dino.name == "vits16"
    assert dino.picture(first).shape == (16,)
    assert cosine(dino.picture(first), dino.picture(first)) == pytest.approx(1.0)
    assert cosine(dino.picture(first), dino.picture(second)) < 0.9999


def test_only_the_middle_is_seen(dino: DinoFeatures) -> None:
    picture = tiny_models.scene(80, 40)[:40, :80].copy()
    other = picture.copy()
    other[:, :8] = other[:, -8:] = 0
    assert (dino.picture(picture) == dino.picture(other)).all()


def test_structure_is_compared_by_the_keys_of_all_tokens(dino: DinoFeatures) -> None:
    picture = tiny_models.scene(28, 28)
    own = dino.self_similarity(picture)
    assert own.shape == (17, 17)  # a class token and 4 × 4 patches
    assert torch.allclose(own.diagonal(), torch.ones(17), atol=1e-5)
    assert structure_distance(own, own) == 0.0
    turned = dino.self_similarity(picture[::-1])
    assert structure_distance(own, turned) > 0
    assert not torch.equal(own, dino.self_similarity(picture, as_authors=True))


def test_cosines_of_zeros_and_ones() -> None:
    one = np.array([1.0, 0.0], np.float32)
    assert cosine(one, np.array([0.0, 2.0], np.float32)) == 0.0
    assert cosine(one, np.array([3.0, 3.0], np.float32)) == pytest.approx(0.5**0.5)


def test_the_folder_of_a_network_names_its_column(dino: DinoFeatures, tmp_path: Path) -> None:
    from inference.lab.evaluation.brush.measures import BrushMeasures
    from inference.models.store import ModelStore

    measures = BrushMeasures(ModelStore([tmp_path]), dino)
    assert measures.columns["dino"] == "dino@vits16"
    assert len(measures.missing()) == 1
