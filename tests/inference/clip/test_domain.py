from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from clip_cases import image

from editor.image import Image
from inference.clip.domain import domain_of, is_storybook
from inference.models import ModelStore
from inference.training.clip import ClipSize
from inference.training.storybook.render import render
from inference.training.storybook.scene import Scene


def starter(folder: Path) -> Path:
    """A config as the starter CLIP's recipe writes it."""
    folder.mkdir(exist_ok=True)
    text = json.dumps({"model_cfg": ClipSize().model_cfg()})
    (folder / "open_clip_config.json").write_text(text)
    return folder


def test_the_starter_clip_is_known_by_its_config(tmp_path: Path, learnt_folder: Path) -> None:
    assert is_storybook(starter(tmp_path / "clip"))
    assert not is_storybook(learnt_folder)
    assert not is_storybook(tmp_path / "none")
    (tmp_path / "clip" / "open_clip_config.json").write_text('{"model_cfg": [1]}')
    assert not is_storybook(tmp_path / "clip")


def test_general_models_know_all_pictures_the_starter_one_its_own(
    tmp_path: Path, learnt: ModelStore
) -> None:
    from dataclasses import replace

    model = learnt.model("clip")
    assert model is not None
    scene = Image.from_array(render(Scene(seed=3), 128))
    assert domain_of(model, scene) is None
    assert domain_of(None, scene) is None
    small = replace(model, folder=starter(tmp_path / "clip"))
    inside = domain_of(small, scene)
    assert inside is not None
    assert inside.fits
    rng = np.random.default_rng(0)
    noise = Image.from_array(rng.integers(0, 255, (90, 120, 3), np.uint8))
    outside = domain_of(small, noise)
    assert outside is not None
    assert not outside.fits
    assert inside.score > outside.score
    assert domain_of(small, image("red")) is not None
