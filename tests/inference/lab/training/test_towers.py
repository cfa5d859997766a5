"""CLIP's towers: what others take from them is exactly theirs; what a batch sets against what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from inference.lab.storybook.neighbours import neighbour
from inference.lab.training.autoencoder import to_tensor
from inference.lab.training.captioner import CaptionerSize, new_captioner
from inference.lab.training.clip import (
    HARD,
    ClipLoss,
    ClipRecipe,
    attribute_heads,
    fits_neither,
    named_loss,
    new_clip,
    normalise,
    text_encoder,
    token_ids,
    told_labels,
)
from inference.lab.training.clip_finetune import with_eyes_of
from inference.lab.training.clip_text_pretrain import ReaderRecipe
from inference.lab.training.trainer import Training, TrainingPlan
from inference.starter.captions import canonical
from inference.starter.scene import ATTRIBUTES, is_unseen
from tests.inference.lab.training.sizes import CLIP


def test_clip_text_tower_means_the_same_in_transformers(clip: Any, words: Any) -> None:
    ids = token_ids(words, ["a red house at night", "a boat", ""], CLIP.context)
    with torch.no_grad():
        pooled = text_encoder(clip, words)(input_ids=ids).pooler_output @ clip.text_projection
        assert torch.allclose(pooled, clip.encode_text(ids), atol=1e-5)


def test_captioner_starts_from_exactly_clips_vision(clip: Any, words: Any, pairs: Any) -> None:
    image = normalise(to_tensor(pairs.pixels[:2, 0]))
    blip = new_captioner(clip, words, CaptionerSize(CLIP.vision_layers, 1, 32, 2, 40)).eval()
    with torch.no_grad():
        pooled = blip.vision_model(pixel_values=image).last_hidden_state[:, 0] @ clip.visual.proj
        assert torch.allclose(pooled, clip.encode_image(image), atol=1e-4)


def test_ranker_starts_with_exactly_the_captioners_eyes(clip: Any, words: Any, pairs: Any) -> None:
    blip = new_captioner(clip, words, CaptionerSize(1, 1, 32, 2, 40)).eval()
    with torch.no_grad():
        for parameter in blip.vision_model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))  # as if it had learnt, bias included
        deeper = new_clip(replace(CLIP, vision_layers=3)).eval()
        image = normalise(to_tensor(pairs.pixels[:2, 0]))
        wanted = blip.vision_model(pixel_values=image).last_hidden_state[:, 0]
        found = with_eyes_of(blip, deeper)
        assert torch.allclose(wanted @ deeper.visual.proj, found.encode_image(image), atol=1e-4)
        told = token_ids(words, ["a boat"], CLIP.context)
        assert torch.equal(found.encode_text(told), deeper.encode_text(told))
    with pytest.raises(ValueError, match="differ in"):
        with_eyes_of(blip, new_clip(replace(CLIP, vision_width=128)))


def test_captioner_refuses_a_clip_with_another_first_norm(clip: Any, words: Any) -> None:
    from open_clip import model

    config = CLIP.model_cfg()
    vision = {k: v for k, v in config["vision_cfg"].items() if k != "no_ln_pre"}
    text = {k: v for k, v in config["text_cfg"].items() if k != "hf_tokenizer_name"}
    with pytest.raises(ValueError, match="norm before"):
        new_captioner(model.CLIP(16, vision, text), words, CaptionerSize(1, 1, 32, 2, 40))


def test_half_of_a_clip_batch_are_neighbours(pairs: Any, words: Any) -> None:
    batch = ClipRecipe(pairs, words, CLIP, batch_size=16).batch(0, np.random.default_rng(0))
    shown = batch["shown"]
    for i in range(0, 8, 2):
        changed = int((shown[i] != shown[i + 1]).sum())
        # Adding or removing a second object brings its colour along.
        assert 1 <= changed <= 2
    told = batch["caption_labels"]
    assert ((told == shown) | (told == -1)).all()
    assert (told[8:] == -1).any()


def test_told_labels_are_silent_where_the_caption_is(pairs: Any) -> None:
    scene = pairs.edits[0].source.with_(second="none")
    labels = told_labels(f"a {scene.colour} {scene.subject} at night", scene.with_(light="night"))
    assert [i for i, v in enumerate(labels) if v >= 0] == [0, 1, 2, 4, 6]


def test_wrong_captions_name_one_other_thing(pairs: Any, words: Any) -> None:
    recipe = ClipRecipe(pairs, words, CLIP, batch_size=16, wrong=2)
    batch = recipe.batch(0, np.random.default_rng(0))
    assert batch["wrong"].shape == (32, CLIP.context)
    assert not (batch["wrong"][:, None] == batch["ids"][None]).all(-1).any()
    rng = np.random.default_rng(1)
    for edit in pairs.edits:
        other = fits_neither(edit, edit.source, rng)
        assert canonical(other) not in {canonical(edit.source), canonical(edit.target)}
        assert not is_unseen(other)
        changed = [n for n in ATTRIBUTES if getattr(other, n) != getattr(edit.source, n)]
        assert len(changed) == 1


def test_wrong_captions_count_for_pictures_only(clip: Any, pairs: Any, words: Any) -> None:
    batch = ClipRecipe(pairs, words, CLIP, batch_size=16, wrong=1).batch(
        0, np.random.default_rng(0)
    )
    loss = ClipLoss(clip, CLIP.embed, 0.5).eval()
    with torch.no_grad():
        with_them = loss(**batch)
        wrong = batch.pop("wrong")
        without = loss(**batch)
        again = loss(**batch, wrong=wrong[:0])
    assert torch.equal(again["loss"], without["loss"])
    assert with_them["contrast"] > without["contrast"]  # more to tell apart
    assert torch.allclose(with_them["named"], without["named"])
    assert with_them["top1"] <= without["top1"]


def test_hard_attributes_come_first(pairs: Any) -> None:
    rng = np.random.default_rng(2)
    scene = pairs.edits[0].source.with_(second="ball", second_colour="red")
    found = {neighbour(scene, rng, among=("second",)).second for _ in range(60)}
    assert "ball" not in found
    assert "none" not in found
    assert len(found) >= 4
    alone = scene.with_(second="none")  # shows no second thing: any other attribute
    assert neighbour(alone, rng, among=("second",)).second == "none"


def test_the_reader_leaves_vision_and_scale_alone(clip: Any, words: Any, tmp_path: Path) -> None:
    recipe = ReaderRecipe(
        words, clip, CLIP, batch_size=8, plan=TrainingPlan(steps=9, lr=1e-2, warmup=1)
    )
    training = Training(recipe, tmp_path)
    for step in range(3):
        training.advance(recipe.batch(step, np.random.default_rng(step)))
    network: Any = training.network
    after, before = network.clip.state_dict(), clip.state_dict()
    moved = {name for name in before if not torch.equal(after[name], before[name])}
    assert moved
    assert not any(name.startswith("visual.") or name == "logit_scale" for name in moved)


def test_hard_attributes_count_more() -> None:
    torch.manual_seed(0)
    heads = attribute_heads(8)
    features = nn.functional.normalize(torch.randn(6, 8), dim=-1)
    labels = torch.full((6, len(ATTRIBUTES)), -1)
    labels[:, list(ATTRIBUTES).index("second")] = 1
    once = named_loss(heads, features, labels)
    assert torch.allclose(named_loss(heads, features, labels, ("second",)), HARD * once)
    assert torch.allclose(named_loss(heads, features, labels, ("light",)), once)
