"""Where an edit of a caption belongs: which words differ, and what is seen of them."""

from __future__ import annotations

import numpy as np
import pytest

from editor.model.image import Image
from inference.diffusion import attention_region
from inference.diffusion.attention_region import attention_to, changed_words, edit_region
from inference.diffusion.framing import frame, work_picture
from inference.diffusion.latents import encode_picture
from inference.models.loaded import LoadedDiffusion
from tests.inference import tiny_models

pytestmark = [pytest.mark.filterwarnings(one) for one in tiny_models.LIBRARY_WARNINGS]


def test_words_that_the_other_caption_does_not_have() -> None:
    before, after = "A red house, by the lake", "a blue house on the lake at night"
    assert changed_words(before, after) == [1]
    assert changed_words(after, before) == [1, 7]
    assert changed_words(before, "the lake: a house, red") == []


@pytest.mark.parametrize(("other", "known"), [("a red boat", True), ("the red house", False)])
def test_the_strongest_attention_of_those_words(
    model: LoadedDiffusion, monkeypatch: pytest.MonkeyPatch, other: str, *, known: bool
) -> None:
    asked: list[str] = []

    def maps(
        model_: object, latents: object, framing: object, caption: str, pause: object
    ) -> object:
        del model_, latents, framing, pause
        asked.append(caption)
        found = np.zeros((3, 8, 8), np.uint8)
        found[0, 0, 0] = found[1, 7, 7] = 255  # words that stay
        found[2, 3, 4], found[2, 6, 6] = 255, 90
        return None, found

    monkeypatch.setattr(attention_region, "latents_attention", maps)
    source = Image.from_array(tiny_models.scene(64, 64))
    framing = frame(source.bounds, None, model.side, model.multiple)
    latents = encode_picture(model, work_picture(source, framing)).mode()
    seen = attention_to(model, latents, framing, "a red house", other, lambda: None)
    assert bool(asked) is known
    if not known:
        assert seen is None
        return
    assert seen is not None
    assert seen[2:5, 3:6].all()
    assert seen.sum() == 9


def test_a_region_is_what_is_seen_before_and_after() -> None:
    source = Image.from_array(tiny_models.scene(64, 64))
    framing = frame(source.bounds, None, 64, 8)
    one, two = np.zeros((2, 8, 8), np.bool_)
    one[0, 0] = two[5, 5] = True
    region = edit_region((one, None, two), framing)
    assert region is not None
    assert np.array_equal(region.mask, one | two)
    assert region.place == (0.0, 0.0, 64.0, 64.0)
    assert edit_region((None, None), framing) is None
    assert edit_region((one, ~two), framing) is None, "almost the whole picture"
