"""Prompt-to-Prompt: words, maps and blending against the authors' code, and drawing beside."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionLayer
from inference.diffusion.inversion import Trajectory, ddim_scheduler
from inference.diffusion.prompt_attention import (
    PromptAttention,
    WordEdit,
    _Blend,
    draw_beside,
    word_edit,
)
from inference.diffusion.prompt_words import prompt_words, refinement, replacement
from inference.diffusion.source_branch import SourceBranch
from inference.diffusion.text import text_states
from inference.models.libraries import prepare_libraries
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from tests.inference import tiny_models
from tests.inference.diffusion.published_code import PAIRS, expected, wave

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)
prepare_libraries()
from inference.diffusion.denoiser import UNetDenoiser  # noqa: E402

HEADS, QUERIES, STEPS = 2, 4, 10
TOKENIZER = tiny_models.clip_tokenizer()


def edit(pair: tuple[str, str], **facts: Any) -> WordEdit:
    before, after = (prompt_words(TOKENIZER, prompt) for prompt in pair)
    return word_edit(before, after, **facts)


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_words_correspond_as_in_the_authors_code(number: int) -> None:
    reference = expected()
    before, after = (prompt_words(TOKENIZER, prompt) for prompt in PAIRS[number])
    if f"replace_{number}" in reference:
        made = replacement(before, after).numpy()
        changed = [k for k, word in enumerate(after.words) if word != before.words[k]]
        end = after.places[changed[-1]][-1] + 1  # behind it the authors' code goes astray
        assert (made[:24, :end] == reference[f"replace_{number}"][:, :end]).all()
        for own, other in list(zip(before.places, after.places, strict=True))[changed[-1] + 1 :]:
            assert [made[a, b] for a, b in zip(own, other, strict=True)] == [1.0] * len(own)
        assert (made.sum(0) > 0).all()
    taken, share = refinement(before, after)
    assert (share.numpy() == reference[f"refine_share_{number}"]).all()
    known = share.numpy() > 0
    assert (taken == reference[f"refine_{number}"])[known].all()


def test_a_word_has_all_its_tokens_and_words_behind_the_context_have_none() -> None:
    words = prompt_words(TOKENIZER, "the xylophone,  in   snow")
    assert words.words == ("the", "xylophone,", "in", "snow")
    assert words.places[0] == (1,)
    assert len(words.places[1]) > 5
    assert words.places[2][0] == words.places[1][-1] + 1
    assert words.tokens_of(["XYLOPHONE"]) == words.places[1]
    long = prompt_words(TOKENIZER, "red " * 100)
    assert len(long.cut) == 100 - 75


def test_replacing_needs_as_many_words() -> None:
    before, after = (prompt_words(TOKENIZER, prompt) for prompt in PAIRS[1])
    with pytest.raises(ValueError, match="one by one"):
        replacement(before, after)


def maps(keys: int, k: float) -> Tensor:
    """In our order of rows: (empty, text) of the source, then of the edit."""
    drawn = torch.softmax(wave(2 * 2 * HEADS, QUERIES, keys, k=k) * 5, -1).float()
    empty_source, empty_edit, source, own = drawn.split(HEADS)
    return torch.cat([empty_source, source, empty_edit, own])


@pytest.mark.parametrize("step", [0, 4, 8])
@pytest.mark.parametrize(
    ("name", "pair", "weights"),
    [("replaced", 0, {}), ("refined", 1, {}), ("reweighted", 0, {"house": 2.5})],
)
def test_maps_are_those_of_the_authors_controllers(
    name: str, pair: int, weights: dict[str, float], step: int
) -> None:
    one = edit(PAIRS[pair], weights=weights, cross_steps=0.5, self_steps=0.4)
    hook = PromptAttention([one], step, STEPS)
    for kind, keys, k in (("cross", 77, 1.3), ("self", QUERIES, 1.7)):
        given = maps(keys, k)
        made = hook(given, AttentionLayer("up.attn", kind == "cross", HEADS))
        reference = torch.from_numpy(expected()[f"{name}_{kind}_{step}"])
        assert (made[-HEADS:] - reference).abs().max() < 1e-6
        assert torch.equal(made[:-HEADS], given[:-HEADS]), "source and empty text are left alone"


def test_pixels_outside_the_words_stay_as_in_the_authors_blend() -> None:
    one = edit(PAIRS[2], blended=("swan", "boat"))
    blend = _Blend([one])
    rows = {
        f"layer {i}": torch.softmax(wave(2, HEADS, 256, 77, k=1.1 + i) * 6, -1).float().mean(1)
        for i in range(5)
    }
    latents = (wave(2, 4, 64, 64, k=7.0) - 0.5).float()
    made = blend(1, 5, rows, latents)
    stays = (made[1] == latents[1]).all(0).numpy()
    assert (stays == expected()["blended"]).all()
    assert torch.equal(made[1][:, ~stays], latents[0][:, ~stays])
    assert torch.equal(_Blend([one])(0, 5, rows, latents), latents), "not before its time"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LoadedDiffusion:
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "sd", edits=False)
    return ModelStore([root], device="cpu").diffusion("text_to_image")


def beside(model: LoadedDiffusion, before: str, *edits: WordEdit) -> tuple[Tensor, Tensor]:
    scheduler = ddim_scheduler(model.scheduler_config)
    scheduler.set_timesteps(4)
    noise = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    texts = text_states(model, [before, *(" ".join(one.target.words) for one in edits)])
    empty = text_states(model, [""])
    source = SourceBranch(Trajectory((noise,), ()), texts[:1], [empty] * 4, 5.0, exact=False)
    return draw_beside(
        scheduler, UNetDenoiser(model), source, edits, texts[1:], [5.0] * len(edits),
        lambda *args: None,
    )  # fmt: skip


@torch.no_grad()
def test_an_edit_that_changes_no_word_is_its_source(model: LoadedDiffusion) -> None:
    source, made = beside(model, "a red house", edit(("a red house", "a red house")))
    assert torch.equal(made, source)


@torch.no_grad()
def test_edits_are_nearer_to_the_source_with_its_maps_and_do_not_touch_it(
    model: LoadedDiffusion,
) -> None:
    pair = ("a red house", "a warm boat")
    free = edit(pair, cross_steps=0.0, self_steps=0.0)
    held = edit(pair, cross_steps=1.0, self_steps=1.0)
    source, made = beside(model, pair[0], free, held)
    alone, _ = beside(model, pair[0], free)
    assert (source - alone).abs().max() < 1e-5
    assert (made[1] - source).norm() < (made[0] - source).norm()
