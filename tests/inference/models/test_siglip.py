"""SigLIP serves as CLIP does, with texts and pictures prepared as in its training."""

from __future__ import annotations

import pytest
import torch

from inference.models.loaded import LoadedClip
from inference.models.store import ModelStore
from inference.vision.clip.calibration import default_gates
from tests.inference.tiny_models import scene
from tests.inference.tiny_vision_language_models import siglip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    root = tmp_path_factory.mktemp("siglip")
    siglip(root / "model")
    return ModelStore([root], device="cpu")


@pytest.fixture
def model(store: ModelStore) -> LoadedClip:
    return store.clip()


def test_features_are_those_of_the_stock_processor_and_model(model: LoadedClip) -> None:
    from transformers import SiglipImageProcessor

    picture = scene(32, 32)
    prepared = SiglipImageProcessor.from_pretrained(model.found.folder)(
        images=[picture], return_tensors="pt"
    )
    with torch.inference_mode():
        expected = model.model.get_image_features(**prepared).pooler_output
    made = model.encode_image(torch.from_numpy(picture).permute(2, 0, 1)[None] / 255)
    assert torch.allclose(made, torch.nn.functional.normalize(expected, dim=-1), atol=1e-5)


def test_texts_are_read_in_small_letters_and_padded_without_a_mask(model: LoadedClip) -> None:
    ids = torch.zeros(1, 16, dtype=torch.long)
    ids[0, :3] = torch.tensor(model.tokenizer("a red house").input_ids)
    with torch.inference_mode():
        expected = model.model.get_text_features(input_ids=ids).pooler_output
    made = model.encode_text(["A red House", "a boat"])
    assert torch.allclose(made[:1], torch.nn.functional.normalize(expected, dim=-1), atol=1e-5)
    assert not torch.allclose(made[0], made[1], atol=1e-3)


def test_the_whole_picture_is_seen(model: LoadedClip) -> None:
    wide = torch.rand(1, 3, 20, 60, generator=torch.Generator().manual_seed(0))
    other = wide.clone()
    other[..., :10] = 1 - other[..., :10]
    assert not torch.allclose(model.encode_image(wide), model.encode_image(other), atol=1e-3)


def test_true_captions_pass_its_bar(store: ModelStore) -> None:
    found = store.model("clip")
    assert found is not None
    assert default_gates(found).caption == 0.0
