"""LoRAs of language models lie over a loaded model only while they are used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from torch import Tensor

from inference.lab.finetune.language_lora import merged_lora, with_lora
from inference.models import language_adapters
from inference.models.language_adapters import ADAPTERS, LanguageAdapter, adapted
from inference.models.loaded import LoadedLanguage
from inference.models.store import ModelStore
from inference.models.weights import read_header
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)
MOST_BYTES = 6_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chat model without meaning whose folder is called as the catalogue calls one."""
    return tiny_models.chat(tmp_path_factory.mktemp("models") / "Tiny-Chat")


@pytest.fixture(scope="module")
def adapter(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> LanguageAdapter:
    """A LoRA with matrices that are not zero, in peft's files."""
    made = tmp_path_factory.mktemp("adapters") / "tiny"
    tuned = with_lora(ModelStore([folder], device="cpu").chat().model, 2)
    torch.manual_seed(1)
    for name, parameter in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    tuned.save_pretrained(made)
    (made / "suggest.json").write_text(json.dumps({"base": "tiny-chat", "lines": "some-lines"}))
    return LanguageAdapter(made, "suggest.json", "suggest_lines")


@pytest.fixture
def language(
    folder: Path, adapter: LanguageAdapter, monkeypatch: pytest.MonkeyPatch
) -> LoadedLanguage:
    monkeypatch.setattr(language_adapters, "ADAPTERS", {"suggest": (adapter,)})
    return ModelStore([folder], device="cpu").chat()


def logits(model: object) -> Tensor:
    with torch.inference_mode():
        result: Tensor = model(input_ids=torch.tensor([[3, 5, 8, 4]])).logits  # type: ignore[operator]
    return result


def test_it_computes_as_merged_weights_do(
    language: LoadedLanguage, adapter: LanguageAdapter, folder: Path
) -> None:
    plain = logits(language.model)
    with adapted(language, "suggest") as found:
        assert found
        assert language.model.config.suggest_lines == "some-lines"
        with_adapter = logits(language.model)
    merged = merged_lora(ModelStore([folder], device="cpu").chat().model, adapter.folder)
    assert (with_adapter - plain).abs().max() > 0.05
    torch.testing.assert_close(with_adapter, logits(merged), atol=1e-4, rtol=1e-4)


def test_afterwards_the_model_is_as_before_also_after_an_error(language: LoadedLanguage) -> None:
    plain = logits(language.model)
    with pytest.raises(ZeroDivisionError), adapted(language, "suggest"):
        raise ZeroDivisionError
    assert torch.equal(plain, logits(language.model))
    assert not hasattr(language.model.config, "suggest_lines")


def test_another_model_is_left_alone(folder: Path, language: LoadedLanguage) -> None:
    other = shutil.copytree(folder, folder.with_name("another"))
    loaded = ModelStore([other], device="cpu").chat()
    plain = logits(loaded.model)
    with adapted(loaded, "suggest") as found:
        assert not found
        assert torch.equal(plain, logits(loaded.model))


@pytest.mark.parametrize("one", [one for several in ADAPTERS.values() for one in several])
def test_what_is_shipped_is_small_and_says_where_it_comes_from(one: LanguageAdapter) -> None:
    assert sum(file.stat().st_size for file in one.folder.iterdir()) < MOST_BYTES
    assert {"README.md", "LICENSE.txt", "adapter_config.json"} <= {
        file.name for file in one.folder.iterdir()
    }
    assert one.read_facts()[one.facts_key]
    shapes = read_header(one.folder / language_adapters.WEIGHTS).shapes
    ranks = {min(shape) for shape in shapes.values()}
    assert ranks == {json.loads((one.folder / "adapter_config.json").read_text())["r"]}
