from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from inference.diffusion.framing import frame, work_picture
from inference.diffusion.lean.choice import lean_unet
from inference.methods.instruct_pix2pix import InstructPix2Pix
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from inference.request.cancel import Cancelled
from inference.request.method_progress import MethodProgress
from tests.inference import tiny_models
from tests.inference.checks import Checks
from tests.inference.methods.diffusion_cases import request, stock_edit

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

NAME = "instruct_pix2pix"


def nothing(step: MethodProgress) -> None:
    pass


def picture(width: int = 64, height: int = 64, dtype: str = "uint8") -> Image:
    return Image.from_array(tiny_models.scene(width, height, dtype))


def pixels_of(patch: Patch) -> Any:
    assert patch.pixels is not None
    return patch.pixels


def test_equals_the_stock_pipeline(store: ModelStore, lean: bool) -> None:
    """Random weights turn to noise what they see, so equality here is a hard test."""
    assert (lean_unet(store.diffusion("instruct_pix2pix")) is not None) == lean
    source = picture()
    asked = [
        request(NAME, seed=3),
        request(NAME, "replace the boat with a swan", seed=4, guidance_scale=5.0),
        request(NAME, seed=5, image_guidance_scale=1.1),
    ]
    made = InstructPix2Pix(store).edit(asked, source, None, nothing)
    seen = work_picture(source, frame(source.bounds, None, 64, 64))
    for one, patch in zip(asked, made, strict=True):
        assert patch.pixels is not None
        assert patch.placement is not None
        assert patch.pixels.shape == (64, 64, 3)
        stock = stock_edit(store, seen, one)
        assert np.abs(patch.pixels - stock).max() <= 2 / 255
        assert stock.std() > 0.02


def test_eight_latent_channels_as_the_starter_models_have(tmp_path: Path) -> None:
    tiny_models.diffusion(tmp_path / "eight", edits=True, latents=8)
    store = ModelStore([tmp_path], device="cpu")
    source = picture()
    seen = work_picture(source, frame(source.bounds, None, 64, 64))
    asked = request(NAME, seed=3)
    steps: list[MethodProgress] = []
    (patch,) = InstructPix2Pix(store).edit([asked], source, None, steps.append)
    assert np.abs(patch.pixels - stock_edit(store, seen, asked)).max() <= 2 / 255
    assert steps[0].previews[asked.key].shape == (64, 64, 3)


def test_branches_whose_factor_is_nought_are_left_out_exactly(store: ModelStore) -> None:
    source = picture()
    seen = work_picture(source, frame(source.bounds, None, 64, 64))
    cases: tuple[dict[str, Any], ...] = (
        {"image_guidance_scale": 1.0, "guidance_scale": 4.0},
        {"image_guidance_scale": 2.0, "guidance_scale": 2.0},
    )
    for values in cases:
        asked = request(NAME, seed=1, **values)
        (patch,) = InstructPix2Pix(store).edit([asked], source, None, nothing)
        assert np.abs(patch.pixels - stock_edit(store, seen, asked)).max() <= 2 / 255


def test_a_candidate_does_not_depend_on_its_neighbours(store: ModelStore) -> None:
    source = picture()
    asked = [request(NAME, seed=n) for n in range(3)]
    together = InstructPix2Pix(store).edit(asked, source, None, nothing)
    alone = InstructPix2Pix(store).edit(asked[1:2], source, None, nothing)
    assert np.abs(pixels_of(together[1]) - pixels_of(alone[0])).max() <= 1 / 255
    again = InstructPix2Pix(store).edit(asked, source, None, nothing)
    assert [p.digest for p in again] == [p.digest for p in together]
    assert len({p.digest for p in together}) == 3


def test_threads_share_rows_without_changing_them(store: ModelStore) -> None:
    import torch

    source = picture()
    asked = [request(NAME, seed=n) for n in range(4)]
    before = torch.get_num_threads()
    made = {}
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            made[threads] = InstructPix2Pix(store).edit(asked, source, None, nothing)
            assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    for threads in (2, 3):
        for one, two in zip(made[1], made[threads], strict=True):
            assert np.abs(pixels_of(one) - pixels_of(two)).max() <= 1 / 255


def test_decoders_have_all_threads_and_threads_are_as_before(store: ModelStore) -> None:
    """Only what comes between the network's calls is computed on one."""
    import torch

    seen: list[int] = []
    decoder = store.diffusion("instruct_pix2pix").vae.decoder
    handle = decoder.register_forward_pre_hook(lambda *_: seen.append(torch.get_num_threads()))
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        InstructPix2Pix(store).edit([request(NAME)], picture(), None, nothing)
        assert torch.get_num_threads() == 3
        store.check = Checks(40)
        with pytest.raises(Cancelled):
            InstructPix2Pix(store).edit([request(NAME)], picture(), None, nothing)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
        handle.remove()
    assert len(seen) >= 2  # the preview's colours, and the picture
    assert set(seen) == {3}


def test_different_steps_and_sizes_may_be_mixed(store: ModelStore) -> None:
    source = picture(100, 60)
    asked = [
        request(NAME, seed=1),
        request(NAME, seed=1, num_inference_steps=2),
        request(NAME, seed=1, work_size=(128, 64)),
    ]
    patches = InstructPix2Pix(store).edit(asked, source, None, nothing)
    assert patches[0].digest != patches[1].digest
    assert pixels_of(patches[2]).shape == (64, 128, 3)


def test_progress_never_falls_and_previews_come_with_every_step(store: ModelStore) -> None:
    steps: list[MethodProgress] = []
    asked = [request(NAME, seed=n) for n in range(2)]
    InstructPix2Pix(store).edit(asked, picture(100, 60), None, steps.append)
    assert [s.number for s in steps] == [1, 2, 3, 4, 4]  # the last again when it is decoded
    assert {s.total for s in steps} == {4}
    for step in steps[:-1]:
        assert set(step.previews) == {r.key for r in asked}
        for shown in step.previews.values():
            assert shown.dtype == np.uint8
            assert shown.ndim == 3
            assert shown.shape[1] > shown.shape[0]  # of the picture's shape: no padding


def test_a_cancel_is_heard_within_a_step(store: ModelStore) -> None:
    method = InstructPix2Pix(store)
    method.edit([request(NAME)], picture(), None, nothing)  # loaded now
    whole = Checks()
    store.check = whole
    method.edit([request(NAME, seed=9)], picture(), None, nothing)
    assert whole.calls > 4 * 8  # several times in every one of four steps
    for limit in range(0, whole.calls, 5):
        store.check = Checks(limit)
        with pytest.raises(Cancelled):
            method.edit([request(NAME, seed=100 + limit)], picture(), None, nothing)
    unet = store.diffusion("instruct_pix2pix").unet
    assert not any(module._forward_pre_hooks for module in unet.modules())


def test_what_was_done_before_a_cancel_is_not_done_again(store: ModelStore) -> None:
    method = InstructPix2Pix(store)
    asked = [request(NAME, seed=1)]

    def until_decoded(step: MethodProgress) -> None:
        if not step.previews:
            raise Cancelled

    with pytest.raises(Cancelled):
        method.edit(asked, picture(), None, until_decoded)
    steps: list[MethodProgress] = []
    (patch,) = method.edit(asked, picture(), None, steps.append)
    assert [s.total for s in steps] == [1]
    (fresh,) = InstructPix2Pix(store).edit(asked, picture(), None, nothing)
    assert np.abs(pixels_of(patch) - pixels_of(fresh)).max() <= 1 / 255


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("size", [(300, 211), (64, 64)])
def test_outside_the_selection_every_byte_stays(
    store: ModelStore, dtype: str, size: tuple[int, int]
) -> None:
    source = picture(*size, dtype)
    selection = Selection.from_rect(Rect(20, 10, 30, 40), *size).feathered(6)
    (patch,) = InstructPix2Pix(store).edit([request(NAME)], source, selection, nothing)
    result = composite.render(source, patch, selection).array()
    before, outside = source.array(), selection.array() == 0
    assert result.dtype == before.dtype
    assert np.array_equal(result[outside], before[outside])
    assert not np.array_equal(result[~outside], before[~outside])


@pytest.mark.parametrize("size", [(1, 1), (1, 90), (333, 7), (257, 129)])
def test_any_picture_size(store: ModelStore, size: tuple[int, int]) -> None:
    source = picture(*size)
    (patch,) = InstructPix2Pix(store).edit([request(NAME)], source, None, nothing)
    result = composite.render(source, patch, None)
    assert (result.width, result.height) == size


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_grey_and_alpha(store: ModelStore, channels: int) -> None:
    pixels = tiny_models.scene(90, 70)
    if channels < 3:
        pixels = pixels[:, :, :1]
    if channels in (2, 4):
        alpha = np.full((70, 90, 1), 255, np.uint8)
        alpha[:30] = 0
        pixels = np.concatenate([pixels, alpha], axis=2)
    source = Image.from_array(pixels)
    (patch,) = InstructPix2Pix(store).edit([request(NAME)], source, None, nothing)
    result = composite.render(source, patch, None)
    assert result.has_alpha == source.has_alpha
    if source.has_alpha:
        after = result.array()
        assert np.array_equal(after[..., -1], pixels[..., -1])
        assert np.array_equal(after[:30, :, 0], pixels[:30, :, 0])


def test_half_precision_that_runs_over_is_made_good(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first network's results are spoilt, as an overflow would."""
    import torch

    from inference.models.errors import ModelDamaged

    spoilt = store.diffusion("instruct_pix2pix")
    with torch.no_grad():
        spoilt.unet.conv_out.bias.fill_(float("inf"))
    (patch,) = InstructPix2Pix(store).edit([request(NAME)], picture(), None, nothing)
    assert np.isfinite(pixels_of(patch)).all()
    assert store.diffusion("instruct_pix2pix") is not spoilt

    def widen(role: str) -> LoadedDiffusion:
        return spoilt

    monkeypatch.setattr(store, "widen", widen)
    monkeypatch.setattr(store, "diffusion", lambda role: spoilt)
    with pytest.raises(ModelDamaged, match="not numbers"):
        InstructPix2Pix(store).edit([request(NAME)], picture(), None, nothing)
