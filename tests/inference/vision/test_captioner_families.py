"""Captioners beside BLIP: asked in their own words, answered in one sentence, cancelled."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from editor.model.image import Image
from inference.models.store import ModelStore
from inference.request.cancel import Cancelled
from inference.vision.captioner import captions, first_sentence
from tests.inference import tiny_models
from tests.inference import tiny_vision_language_models as tiny

FOLDERS: dict[str, Callable[[Path], Path]] = {
    "florence-2": tiny.florence2,
    "idefics3": tiny.idefics3,
    "qwen2.5-vl": tiny.qwen2_5_vl,
}


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], ModelStore]:
    root, made = tmp_path_factory.mktemp("captioners"), {}

    def store(family: str) -> ModelStore:
        if family not in made:
            FOLDERS[family](root / family / "model")
            made[family] = ModelStore([root / family], device="cpu")
        return made[family]

    return store


@pytest.fixture
def pictures() -> list[Image]:
    return [Image.from_array(tiny_models.scene(*size)) for size in ((90, 40), (48, 64))]


@pytest.mark.parametrize("family", FOLDERS)
def test_every_picture_of_a_batch_is_answered_as_it_is_alone(
    family: str, stores: Callable[[str], ModelStore], pictures: list[Image]
) -> None:
    store = stores(family)
    assert [one.family for one in store.found] == [family]
    captioner = store.captioner()
    assert captioner.prompt
    both = captions(captioner, pictures, 1, lambda: None)
    alone = [captions(captioner, [one], 1, lambda: None)[0] for one in pictures]
    assert len(both) == 2
    assert [one.caption for one in both] == [one.caption for one in alone]
    assert not any("caption" in one.caption or "sentence" in one.caption for one in both)


@pytest.mark.parametrize("family", FOLDERS)
def test_a_cancel_is_heard_between_layers(
    family: str, stores: Callable[[str], ModelStore], pictures: list[Image]
) -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls > 12:
            raise Cancelled

    captioner = stores(family).captioner()
    with pytest.raises(Cancelled):
        captions(captioner, pictures[:1], 1, check)
    assert captions(captioner, pictures[:1], 2, lambda: None)


def test_folders_of_florence_that_run_code_of_their_own_are_refused(tmp_path: Path) -> None:
    tiny.florence2(tmp_path / "model")
    config = tmp_path / "model" / "config.json"
    config.write_text(
        json.dumps({**json.loads(config.read_text()), "auto_map": {"AutoConfig": "a"}})
    )
    store = ModelStore([tmp_path])
    assert store.found == ()
    assert "config.json" in str(store.refused[0].reason)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A red house. It stands by a lake.", "A red house"),
        (" A house of 2.5 floors ", "A house of 2.5 floors"),
        ("What a house! Really.", "What a house!"),
        ("", ""),
    ],
)
def test_the_first_sentence_is_the_caption(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence
