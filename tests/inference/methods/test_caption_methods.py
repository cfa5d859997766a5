"""Edits by captions: what candidates share is computed once, and what stays stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Selection
from inference.diffusion import attention_region
from inference.diffusion.caption_method import CaptionMethod
from inference.diffusion.denoiser import Conditioning, UNetDenoiser
from inference.diffusion.text import text_states
from inference.methods.pix2pix_zero import edit_direction
from inference.models.store import ModelStore
from inference.request.captions import RECONSTRUCTION_PSNR, USED_INVERSION, CaptionsMissing
from inference.request.method_progress import MethodProgress
from inference.request.registry import METHODS, method
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

METHODS_BY_CAPTIONS = [info.name for info in METHODS.values() if info.captions]
STEPS = 4
STRATEGIES = [
    choice
    for choice in METHODS["pix2pix_zero"].setting("inversion").choices
    if choice != "null-text"  # its own test: it computes gradients at every step
]


def asked(name: str, after: str = "a red boat", seed: int = 0, **settings: Any) -> Any:
    values = {"num_inference_steps": STEPS, **settings}
    made = request(name, after, seed=seed, **values)
    return replace(made, instruction=Instruction("make it a boat", "a red house", after))


@pytest.fixture
def source() -> Image:
    return Image.from_array(tiny_models.scene(64, 64))


class Counted:
    """How many predictions were made, and of how many rows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[int] = []
        own = UNetDenoiser.predict

        def predict(
            denoiser: UNetDenoiser, latents: Tensor, timestep: Tensor, to: Conditioning, **how: Any
        ) -> Tensor:
            self.rows.append(len(to.inputs))
            return own(denoiser, latents, timestep, to, **how)

        monkeypatch.setattr(UNetDenoiser, "predict", predict)


def edit(method_: CaptionMethod, source: Image, *requests: Any) -> list[Any]:
    steps: list[MethodProgress] = []
    made = [patch.pixels for patch in method_.edit(requests, source, None, steps.append)]
    numbers = [step.number for step in steps]
    assert numbers == sorted(numbers)
    assert steps[-1].number == steps[-1].total
    return made


@pytest.mark.parametrize("name", METHODS_BY_CAPTIONS)
def test_other_words_for_the_same_picture_need_no_second_inversion(
    name: str, store: ModelStore, source: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted(monkeypatch)
    one = method(name).load()(store)
    (first,) = edit(one, source, asked(name))
    whole = len(counted.rows)
    counted.rows.clear()
    (second,) = edit(one, source, asked(name, "a red swan"))
    assert len(counted.rows) == whole - STEPS
    assert not np.array_equal(first, second)
    (again,) = edit(method(name).load()(store), source, asked(name, "a red swan"))
    assert np.array_equal(again, second)


@pytest.mark.parametrize("name", METHODS_BY_CAPTIONS)
def test_candidates_share_their_source(
    name: str, store: ModelStore, source: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted(monkeypatch)
    three = [asked(name, guidance_scale=scale) for scale in (2.0, 5.0, 9.0)]
    one = method(name).load()(store)
    together = edit(one, source, *three)
    assert counted.rows.count(1) == STEPS, "one inversion"
    assert all(10 < value <= 99 for value in reconstructions(one, *three))
    for single, expected in zip(three, together, strict=True):
        (alone,) = edit(method(name).load()(store), source, single)
        assert np.abs(alone - expected).max() <= 1 / 255


@pytest.mark.parametrize("name", METHODS_BY_CAPTIONS)
def test_where_the_words_belong_is_known_unless_a_selection_says_it(
    name: str, store: ModelStore, source: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = np.zeros((8, 8), np.bool_)
    seen[2, 3] = True
    monkeypatch.setattr(attention_region, "attention_to", lambda *args: seen)
    one = method(name).load()(store)
    edit(one, source, asked(name))
    assert np.array_equal(one.regions[asked(name).key].mask, seen)
    selection = Selection.from_rect(Rect(0, 0, 32, 32), 64, 64)
    one.edit([asked(name)], source, selection, lambda step: None)
    assert one.regions == {}


def reconstructions(method_: CaptionMethod, *requests: Any) -> list[float]:
    facts = method_.request_facts
    return [facts[request.key][RECONSTRUCTION_PSNR] for request in requests]


def test_each_candidate_records_how_its_own_source_comes_back(
    store: ModelStore, source: Image
) -> None:
    """Plain inversion has a source of its own at each guidance."""
    both = [asked("pix2pix_zero", inversion="ddim", guidance_scale=scale) for scale in (1.0, 9.0)]
    one = method("pix2pix_zero").load()(store)
    edit(one, source, *both)
    together = reconstructions(one, *both)
    assert together[0] != together[1]
    chosen = asked("pix2pix_zero")
    edit(one, source, chosen)
    assert one.request_facts[chosen.key][USED_INVERSION] == "direct"
    for single, expected in zip(both, together, strict=True):
        edit(one, source, single)
        assert reconstructions(one, single) == pytest.approx([expected], abs=0.02)


@pytest.mark.parametrize("inversion", [*STRATEGIES, "null-text"])
@pytest.mark.parametrize("name", METHODS_BY_CAPTIONS)
def test_every_way_back_answers(
    name: str, inversion: str, store: ModelStore, source: Image
) -> None:
    one = method(name).load()(store)
    (made,) = edit(one, source, asked(name, inversion=inversion))
    assert np.isfinite(made).all()
    (other,) = edit(one, source, asked(name, "a warm lake at night", inversion=inversion))
    assert not np.array_equal(made, other)


@pytest.mark.parametrize("name", METHODS_BY_CAPTIONS)
def test_both_captions_are_needed(name: str, store: ModelStore, source: Image) -> None:
    with pytest.raises(CaptionsMissing):
        edit(method(name).load()(store), source, request(name, "a boat"))


def test_one_pair_that_begins_with_the_pictures_caption_is_the_caption_after(
    store: ModelStore, source: Image
) -> None:
    one = method("pix2pix_zero").load()(store)
    plain = asked("pix2pix_zero")
    locked = asked("pix2pix_zero", captions_before=("a red house",), captions_after=("a red boat",))
    two = asked(
        "pix2pix_zero",
        captions_before=("a red house", "a house near the lake"),
        captions_after=("a red boat", "a boat near the lake"),
    )
    expected, identical, averaged = edit(one, source, plain, locked, two)
    assert np.abs(identical - expected).max() < 1e-3
    assert np.abs(averaged - expected).max() > 1e-3


def test_captions_of_one_side_alone_count(store: ModelStore, source: Image) -> None:
    one = method("pix2pix_zero").load()(store)
    plain, before, after, other = edit(
        one,
        source,
        asked("pix2pix_zero"),
        asked("pix2pix_zero", captions_before=("a red house",)),
        asked("pix2pix_zero", captions_after=("a red boat",)),
        asked("pix2pix_zero", captions_after=("a red boat", "a boat near the lake")),
    )
    assert np.abs(before - plain).max() < 1e-3
    assert np.abs(after - plain).max() < 1e-3
    assert np.abs(other - plain).max() > 1e-3


def test_the_direction_is_the_difference_of_means(store: ModelStore) -> None:
    model = store.diffusion("text_to_image")
    before, after = (
        text_states(model, texts)
        for texts in (["a house", "the red house"], ["a boat", "the red boat"])
    )
    made = edit_direction(before, after)
    assert made.shape == (1, 77, 16)
    assert torch.equal(made[0], (after[0] + after[1]) / 2 - (before[0] + before[1]) / 2)


def test_the_authors_habits_go_with_every_inversion(store: ModelStore, source: Image) -> None:
    """Those that need a way to be drawn back along are inverted as always."""
    made = {
        inversion: edit(
            method("pix2pix_zero").load()(store),
            source,
            asked("pix2pix_zero", inversion=inversion, as_authors=True),
        )[0]
        for inversion in ("automatic", "regularised", "direct")
    }
    assert np.array_equal(made["automatic"], made["regularised"])
    assert not np.array_equal(made["direct"], made["regularised"])
