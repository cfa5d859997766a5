"""New words: vectors take the place of a word's tokens, for the time of one edit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from inference.diffusion.prompt_words import prompt_words
from inference.diffusion.text import text_states
from inference.models import adapter_file
from inference.models.loaded import LoadedDiffusion
from inference.models.lora import with_loras
from inference.models.lora_file import LoraUnfit
from inference.models.store import ModelStore
from tests.inference import tiny_models
from tests.inference.tiny_xl_models import sdxl

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

WIDTH = 16
PROMPT = "a photo of Cat-Toy in snow"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LoadedDiffusion:
    folder = tiny_models.diffusion(tmp_path_factory.mktemp("words") / "sd", edits=False)
    return ModelStore([folder], device="cpu").diffusion("text_to_image")


@pytest.fixture(autouse=True)
def small_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The width of the small encoder counts as one of those that are published."""
    monkeypatch.setitem(adapter_file._WIDTHS, WIDTH, "small")


def states(model: LoadedDiffusion, text: str) -> torch.Tensor:
    with torch.inference_mode():
        return text_states(model, [text])[0]


def test_vectors_of_known_words_are_those_words(model: LoadedDiffusion, tmp_path: Path) -> None:
    ids = model.tokenizer("red house", add_special_tokens=False).input_ids
    assert len(ids) == 2
    vectors = model.text_encoder.get_input_embeddings().weight[ids].detach().clone()
    save_file({"emb_params": vectors}, tmp_path / "cat-toy.safetensors")
    table = model.text_encoder.get_input_embeddings().weight
    before = states(model, PROMPT)
    expected = states(model, "a photo of red house in snow")
    with with_loras(model, ((str(tmp_path / "cat-toy.safetensors"), 1.0),)) as adapted:
        assert torch.equal(states(adapted, PROMPT), expected)
        assert torch.equal(states(adapted, "a boat"), states(model, "a boat"))
        assert torch.equal(states(adapted, "a cat-toys"), states(model, "a cat-toys"))
        words = prompt_words(adapted.tokenizer, PROMPT)
        assert words.words == tuple(PROMPT.split())
        assert [len(place) for place in words.places][3:] == [2, 1, 1]
    assert model.text_encoder.get_input_embeddings().weight is table
    assert torch.equal(states(model, PROMPT), before)


def test_stable_diffusion_xl_reads_a_word_with_both_encoders(tmp_path: Path) -> None:
    sdxl(tmp_path / "xl")
    model = ModelStore([tmp_path], device="cpu").diffusion("text_to_image")
    both = (model.tokenizer, model.text_encoder), (model.tokenizer_2, model.text_encoder_2)
    tables = {
        name: encoder.get_input_embeddings().weight[tokenizer("red").input_ids[1:2]].clone()
        for name, (tokenizer, encoder) in zip(("clip_l", "clip_g"), both, strict=True)
    }
    save_file(tables, tmp_path / "cat.safetensors")
    save_file({"emb_params": tables["clip_l"]}, tmp_path / "half.safetensors")
    expected = states(model, "a red house")
    with with_loras(model, ((str(tmp_path / "cat.safetensors"), 1.0),)) as adapted:
        assert torch.equal(states(adapted, "a cat house"), expected)
    assert not torch.equal(states(model, "a cat house"), expected)
    with (
        pytest.raises(LoraUnfit, match="was made for another model than xl"),
        with_loras(model, ((str(tmp_path / "half.safetensors"), 1.0),)),
    ):
        pass


def test_two_words_and_their_weights(model: LoadedDiffusion, tmp_path: Path) -> None:
    one, two = torch.ones(1, WIDTH), torch.full((3, WIDTH), 0.5)
    save_file({"<one>": one}, tmp_path / "a.safetensors")
    save_file({"emb_params": two}, tmp_path / "two.safetensors")
    files = ((str(tmp_path / "a.safetensors"), 1.0), (str(tmp_path / "two.safetensors"), 2.0))
    with with_loras(model, files) as adapted:
        both = states(adapted, "<one> two")
        rows = adapted.text_encoder.get_input_embeddings().weight[-4:]
        assert torch.equal(rows, torch.ones(4, WIDTH))  # one, and 2 · two
        assert not torch.equal(both, states(model, "<one> two"))


@pytest.mark.parametrize(
    ("tensors", "sentence"),
    [
        ({"emb_params": (2, 768)}, "was made for another model than sd"),
        ({"clip_l": (2, 768), "clip_g": (2, 1280)}, "was made for another model than sd"),
    ],
)
def test_a_word_of_another_model_says_so(
    model: LoadedDiffusion, tmp_path: Path, tensors: dict[str, tuple[int, ...]], sentence: str
) -> None:
    file = tmp_path / "word.safetensors"
    save_file({name: torch.zeros(shape) for name, shape in tensors.items()}, file)
    table = model.text_encoder.get_input_embeddings().weight
    with pytest.raises(LoraUnfit, match=sentence), with_loras(model, ((str(file), 1.0),)):
        pass
    assert model.text_encoder.get_input_embeddings().weight is table
