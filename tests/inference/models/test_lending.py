"""The language model of an editor captions and answers too, from the memory it is in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from editor.model.image import Image
from inference.language.generate import best_answers
from inference.language.serve import language_of
from inference.models.families import families
from inference.models.store import ModelStore
from inference.request.model_choice import ModelChoice
from inference.vision.captioner import captions
from tests.inference import tiny_models, tiny_pipelines
from tests.inference import tiny_vision_language_models as tiny

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

EDITORS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "flux2-klein": ("flux2_klein", tiny_pipelines.flux2_klein),
    "qwen-image-edit": ("qwen_image_edit", tiny_pipelines.qwen_image_edit),
}


@pytest.fixture
def picture() -> Image:
    return Image.from_array(tiny_models.scene(90, 40))


def test_a_part_is_lent_once_its_model_is_loaded_and_none_is_loaded_twice(
    tmp_path: Path, picture: Image
) -> None:
    tiny_pipelines.qwen_image_edit(tmp_path / "editor")
    store = ModelStore([tmp_path], device="cpu")
    assert [one.role for one in store.found] == ["qwen_image_edit"]
    assert [one.id for one in store.candidates("captioner")] == ["editor"]
    assert store.model("captioner") is None, "it is not loaded for a caption"
    pipeline = store.pipeline("qwen_image_edit")
    found = store.model("captioner")
    assert found is not None
    assert (found.role, found.id) == ("captioner", "editor")
    before = store.loaded_bytes
    captioner = store.captioner()
    assert captioner.model is pipeline.pipeline.text_encoder
    assert store.captioner() is captioner
    assert store.loaded_bytes == before
    assert store.pipeline("qwen_image_edit") is pipeline
    own = pipeline.pipeline.processor.tokenizer
    assert captioner.processor.tokenizer is not own
    ref = store.ref(found)
    with store.using([ref]):  # what a request recorded
        assert store.captioner() is captioner
    (asked,) = captions(captioner, [picture], 1, lambda: None)
    tiny.qwen2_5_vl(tmp_path / "alone" / "vl")
    other = ModelStore([tmp_path / "alone"], device="cpu").captioner()
    alone = replace(other, prompt=captioner.prompt)  # the tiny model's own template is shorter
    alone.model.load_state_dict(captioner.model.state_dict())
    assert captions(alone, [picture], 1, lambda: None)[0] == asked


@pytest.mark.parametrize("family", EDITORS)
def test_the_artists_choice_is_served_and_answers_as_the_network_alone(
    family: str, tmp_path: Path
) -> None:
    role, make = EDITORS[family]
    make(tmp_path / "editor")
    choice = ModelChoice("chat", "editor")
    store = ModelStore([tmp_path], device="cpu", choices=[choice])
    language = language_of(store)
    assert language is not None
    assert language.model is store.pipeline(role).pipeline.text_encoder
    first, again = (best_answers(language, ["a red house"], 6, lambda: None) for _ in range(2))
    assert first == again
    ids = language.tokenizer(["a red house"], return_tensors="pt").input_ids
    made = language.model.generate(input_ids=ids, max_new_tokens=6, do_sample=False)
    text = language.tokenizer.decode(made[0, ids.shape[1] :], skip_special_tokens=True)
    assert first[0].text.strip() == text.partition("\n")[0].strip()


def test_models_of_their_own_go_first_and_every_lender_lends_what_it_says(tmp_path: Path) -> None:
    tiny_pipelines.qwen_image_edit(tmp_path / "a-editor")
    tiny.qwen2_5_vl(tmp_path / "vl")
    store = ModelStore([tmp_path], device="cpu")
    found = store.model("captioner")
    assert found is not None
    assert found.family == "qwen2.5-vl"
    store.pipeline("qwen_image_edit")
    assert {one.id for one in store.candidates("captioner")} == {"a-editor", "vl"}
    lending = {name for name, one in families().items() if one.lends}
    assert lending == {
        "flux2-klein", "flux2-klein-kv", "qwen-image-edit", "qwen-image-edit-plus",
    }  # fmt: skip
