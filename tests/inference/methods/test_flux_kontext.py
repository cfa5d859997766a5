"""Where FLUX.1 Kontext's result lies: packing, sizes and placing shift nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from editor.model.edit import Candidate
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.rect import Rect
from editor.model.score import Score
from editor.model.selection import Selection
from editor.ranking.misaligned import misaligned
from editor.render import composite
from inference.models.store import ModelStore
from inference.request.registry import method
from inference.workflow.misalignment import with_misalignment
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def draws_its_source(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the networks of a pipeline be exact: the flow leads to the picture, no pixel is lost."""

    def encode(picture: Tensor) -> Any:
        packed = functional.pad(functional.pixel_unshuffle(picture, 2), (0, 0, 0, 0, 0, 4))
        return SimpleNamespace(latents=packed)

    def decode(latents: Tensor, return_dict: bool = True) -> tuple[Tensor]:
        del return_dict
        return (functional.pixel_shuffle(latents[:, :12], 2),)

    def flow(hidden_states: Tensor, timestep: Tensor, **others: Any) -> tuple[Tensor]:
        del others
        noisy, picture = hidden_states.chunk(2, 1)
        return (torch.cat([(noisy - picture) / timestep[:, None, None], picture], 1),)

    monkeypatch.setattr(pipeline.vae, "encode", encode)
    monkeypatch.setattr(pipeline.vae, "decode", decode)
    monkeypatch.setattr(pipeline.transformer, "forward", flow)


def waves(width: int, height: int) -> np.ndarray[Any, Any]:
    """(h, w, 3) uint8: soft enough to be scaled without loss; .1 px aside changes it by 4."""
    y, x = np.mgrid[0:height, 0:width]
    both = np.stack([np.sin(x / 2.5), np.sin(y / 2.5), np.sin((x + y) / 3.5)], -1)
    return np.rint(128 + 100 * both).astype(np.uint8)


@pytest.mark.parametrize("size", [(64, 64), (72, 48), (53, 91), (200, 140)])
@pytest.mark.parametrize("inside", [False, True])
def test_a_model_that_draws_its_source_changes_no_pixel(
    size: tuple[int, int], inside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_models.flux_kontext(tmp_path / "kontext")
    store = ModelStore([tmp_path], device="cpu")
    draws_its_source(store.pipeline("flux_kontext").pipeline, monkeypatch)
    source = Image.from_array(waves(*size))
    selection = Selection.from_rect(Rect(7, 9, 30, 25), *size) if inside else None
    asked = request("flux_kontext", num_inference_steps=4)
    (patch,) = method("flux_kontext").load()(store).edit(
        [asked], source, selection, lambda step: None
    )  # fmt: skip
    made = composite.render(source, patch, selection).array().astype(int)
    away = np.abs(made - source.array().astype(int))[4:-4, 4:-4]
    assert away.max() <= 3


def photograph(width: int, height: int) -> np.ndarray[Any, Any]:
    """(h, w, 3) uint8 with blots of several sizes, which repeat nowhere."""
    random = np.random.default_rng(5)
    made = np.zeros((height, width, 3), np.float32)
    for reach in (2, 6, 15):
        noise = random.standard_normal(made.shape).astype(np.float32)
        made += cv2.GaussianBlur(noise, (0, 0), reach) * reach
    return np.rint(255 * (made - made.min()) / np.ptp(made)).astype(np.uint8)


@pytest.mark.parametrize(("pixels", "fact"), [(2, "moved_back_percent"), (10, "shifted_percent")])
def test_what_the_model_draws_aside_is_moved_back_or_said(
    pixels: int, fact: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_models.flux_kontext(tmp_path / "kontext")
    store = ModelStore([tmp_path], device="cpu")
    pipeline = store.pipeline("flux_kontext").pipeline
    draws_its_source(pipeline, monkeypatch)
    exact = pipeline.vae.decode
    monkeypatch.setattr(
        pipeline.vae,
        "decode",
        lambda latents, return_dict=True: (exact(latents)[0].roll(pixels, -1),),
    )
    source = Image.from_array(photograph(200, 140))
    asked = request("flux_kontext", num_inference_steps=2, work_size=(200, 140))
    maker = method("flux_kontext").load()(store)
    (patch,) = maker.edit([asked], source, None, lambda step: None)
    noted = maker.request_facts[asked.key]
    assert noted[fact] == pytest.approx(100 * pixels / 200, abs=0.15)
    made = composite.render(source, patch, None).array().astype(int)
    away = np.abs(made - source.array().astype(int))[16:-16, 16:-16].mean()
    assert away < 2 if fact == "moved_back_percent" else away > 10
    score = with_misalignment(Score(asked.key), Candidate(asked, patch, settings_of(noted)))
    clause = misaligned(score)
    assert str(clause) == (
        "None" if fact == "moved_back_percent" else "the result is shifted by 5 %"
    )
