from __future__ import annotations

from pathlib import Path

import numpy as np

from editor.model.image import Image
from inference.ipc.domains import STORYBOOK
from inference.lab.storybook.render import render
from inference.models.model_domain import write_world
from inference.models.store import ModelStore
from inference.starter.scene import Scene
from inference.vision.clip.domain import clip_domain
from tests.inference.vision.clip.clip_cases import image


def test_general_models_know_all_pictures_the_starter_one_its_own(
    tmp_path: Path, learnt: ModelStore
) -> None:
    from dataclasses import replace

    model = learnt.model("clip")
    assert model is not None
    scene = Image.from_array(render(Scene(seed=3), 128))
    assert clip_domain(model, scene) is None
    assert clip_domain(None, scene) is None
    write_world(tmp_path, STORYBOOK)
    small = replace(model, folder=tmp_path)
    inside = clip_domain(small, scene)
    assert inside is not None
    assert inside.fits
    rng = np.random.default_rng(0)
    noise = Image.from_array(rng.integers(0, 255, (90, 120, 3), np.uint8))
    outside = clip_domain(small, noise)
    assert outside is not None
    assert not outside.fits
    assert inside.score > outside.score
    assert clip_domain(small, image("red")) is not None
