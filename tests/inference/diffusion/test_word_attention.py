"""Maps of the words of a caption: sizes, places, and that they are what the layers attend to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from editor.model.image import Image
from inference.diffusion.attention_control import AttentionLayer
from inference.diffusion.word_attention import _CrossMaps, _maps_of_words, word_attention
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from inference.request.cancel import Cancelled, CancelToken
from inference.request.jobs import (
    AttentionJob,
    AttentionReady,
    Event,
    JobFailed,
    JobFinished,
    Progress,
)
from inference.workflow.engine import Engine
from tests.inference.tiny_models import LIBRARY_WARNINGS

pytestmark = [pytest.mark.filterwarnings(one) for one in LIBRARY_WARNINGS]

CAPTION = "a red house near the lake"


def picture(width: int, height: int) -> Image:
    pixels = np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)
    return Image.from_array(pixels)


def test_one_map_per_word_over_the_whole_picture(model: LoadedDiffusion) -> None:
    found = word_attention(model, picture(64, 64), CAPTION, lambda: None)
    assert found.words == tuple(CAPTION.split())
    assert found.maps.dtype == np.uint8
    assert len(found.maps) == len(found.words)
    assert {(int(one.min()), int(one.max())) for one in found.maps} == {(0, 255)}
    assert found.place == pytest.approx((0, 0, 64, 64))


def test_padding_of_the_model_lies_beyond_the_picture(model: LoadedDiffusion) -> None:
    found = word_attention(model, picture(100, 61), CAPTION, lambda: None)
    left, top, width, height = found.place
    assert left <= 0
    assert top <= 0
    assert left + width >= 100
    assert top + height >= 61
    rows, columns = found.maps.shape[1:]
    assert width / columns == pytest.approx(height / rows)


def test_the_same_question_has_the_same_answer(model: LoadedDiffusion) -> None:
    asked = picture(64, 64)
    first = word_attention(model, asked, CAPTION, lambda: None)
    again = word_attention(model, asked, CAPTION, lambda: None)
    assert np.array_equal(first.maps, again.maps)


def test_a_cancel_comes_through(model: LoadedDiffusion) -> None:
    def pause() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        word_attention(model, picture(64, 64), CAPTION, pause)


def test_layers_and_heads_are_added_at_the_size_of_the_latents() -> None:
    maps = _CrossMaps(torch.Size((4, 4)))
    whole = torch.zeros(2, 16, 3)  # two heads, each pixel, three tokens
    whole[:, 5, 1] = 1.0
    maps(whole, AttentionLayer("down.attn2", True, 2))
    coarse = torch.zeros(1, 4, 3)
    coarse[:, :, 2] = 0.5
    maps(coarse, AttentionLayer("mid.attn2", True, 1))
    maps(torch.ones(1, 16, 16), AttentionLayer("down.attn1", False, 1))
    total = maps.total()
    assert total.shape == (3, 4, 4)
    assert total[1].reshape(-1).nonzero()[0].tolist() == [5]
    assert np.all(total[2] == 0.5)
    assert not total[0].any()


def test_words_behind_the_context_have_no_heat() -> None:
    tokens = np.random.default_rng(1).random((4, 2, 2)).astype(np.float32)
    maps = _maps_of_words(tokens, ((1, 2), ()))
    assert maps[0].max() == 255
    assert not maps[1].any()


def test_the_engine_answers_the_job(text_to_image_folder: Path) -> None:
    engine = Engine(ModelStore([text_to_image_folder], device="cpu"))
    events: list[Event] = []
    engine.run(AttentionJob(picture(64, 64), f"  {CAPTION} "), events.append, CancelToken())
    *loading, ready, end = events
    assert loading
    assert all(isinstance(event, Progress) for event in loading)
    assert isinstance(end, JobFinished)
    assert isinstance(ready, AttentionReady)
    assert (ready.caption, ready.words) == (CAPTION, tuple(CAPTION.split()))


def test_without_a_model_or_a_caption_the_job_says_so(
    text_to_image_folder: Path, tmp_path: Path
) -> None:
    for folders, caption, kind in (
        ([tmp_path], CAPTION, "model_missing"),
        ([text_to_image_folder], " ", "not_understood"),
    ):
        events: list[Event] = []
        job = AttentionJob(picture(64, 64), caption)
        Engine(ModelStore(folders, device="cpu")).run(job, events.append, CancelToken())
        end = events[-1]
        assert isinstance(end, JobFailed)
        assert end.kind == kind
