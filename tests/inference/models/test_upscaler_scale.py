"""The scale of upscalers, read without torch as spandrel reads it, and which one serves."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from inference.language.enlargement_words import asked_factor
from inference.models.discovery import search
from inference.models.found_model import FoundModel
from inference.models.libraries import prepare_libraries
from inference.models.serving import serving
from inference.models.upscaler_scale import scale_of
from tests.inference.tiny_helper_models import esrgan_tensors

pytestmark = pytest.mark.filterwarnings("ignore:torch.meshgrid:UserWarning")


def dat(scale: int, upsampler: str) -> torch.nn.Module:
    from spandrel.architectures.DAT.__arch.DAT import DAT

    return DAT(
        upscale=scale, upsampler=upsampler, embed_dim=64, depth=[1], num_heads=[2],
        split_size=[2, 4], expansion_factor=2, img_size=8,
    )  # fmt: skip


def swinir(scale: int, upsampler: str) -> torch.nn.Module:
    from spandrel.architectures.SwinIR.__arch.SwinIR import SwinIR

    return SwinIR(
        upscale=scale, upsampler=upsampler, embed_dim=12, depths=[1], num_heads=[2],
        window_size=4, img_size=8, mlp_ratio=2,
    )  # fmt: skip


def compact(scale: int) -> torch.nn.Module:
    from spandrel.architectures.Compact.__arch.SRVGG import SRVGGNetCompact

    return SRVGGNetCompact(num_feat=8, num_conv=2, upscale=scale)


CASES = {
    "Real-ESRGAN ×4": lambda: esrgan_tensors(4),
    "Real-ESRGAN ×2": lambda: esrgan_tensors(2),
    "DAT light ×3": lambda: dat(3, "pixelshuffledirect").state_dict(),
    "DAT ×4": lambda: dat(4, "pixelshuffle").state_dict(),
    "SwinIR light ×2": lambda: swinir(2, "pixelshuffledirect").state_dict(),
    "SwinIR ×3": lambda: swinir(3, "pixelshuffle").state_dict(),
    "SwinIR for photographs ×4": lambda: swinir(4, "nearest+conv").state_dict(),
    "Real-ESRGAN compact ×4": lambda: compact(4).state_dict(),
}


@pytest.mark.parametrize("name", CASES)
def test_the_scale_is_the_one_that_spandrel_finds(name: str, tmp_path: Path) -> None:
    prepare_libraries()
    import spandrel

    state = {key: value.contiguous() for key, value in CASES[name]().items()}
    described = spandrel.ModelLoader(device="cpu").load_from_state_dict(dict(state))
    assert isinstance(described, spandrel.ImageModelDescriptor)
    assert f"×{described.scale}" == name.rsplit(maxsplit=1)[-1]
    assert scale_of({key: value.shape for key, value in state.items()}) == described.scale
    save_file(state, tmp_path / "drawn.safetensors")
    (found,) = search(tmp_path)
    assert isinstance(found, FoundModel)
    assert (found.role, found.scale) == ("upscaler", described.scale)


def upscalers(**scales: int | None) -> list[FoundModel]:
    return [
        FoundModel("upscaler", name, Path("/models") / name, (), 0, scale=scale)
        for name, scale in scales.items()
    ]


@pytest.mark.parametrize(
    ("factor", "name", "reason"),
    [
        (2.0, "b2", "its factor is the smallest that reaches ×2"),
        (1.5, "b2", "its factor is the smallest that reaches ×1.5"),
        (2.5, "c3", "its factor is the smallest that reaches ×2.5"),
        (4.0, "a4", "its factor is the smallest that reaches ×4"),
        (6.0, "a4", "no factor here reaches ×6, and it comes nearest when it is applied again"),
        (None, "b2", "it has the smallest factor, and another serves where more is asked for"),
    ],
)
def test_the_smallest_upscaler_that_reaches_the_factor_serves(
    factor: float | None, name: str, reason: str
) -> None:
    served = serving(upscalers(a4=4, b2=2, c3=3, unknown=None), factor=factor)
    assert served is not None
    assert (served.model.id, str(served.reason), served.others) == (name, reason, 3)


def test_the_artists_choice_goes_before_the_factor_and_the_name_decides_among_equals() -> None:
    chosen = serving(upscalers(a4=4, b2=2), "a4", factor=2.0)
    assert chosen is not None
    assert (chosen.model.id, str(chosen.reason)) == ("a4", "you chose it")
    alike = serving(upscalers(b4=4, a4=4), factor=4.0)
    assert alike is not None
    assert (alike.model.id, str(alike.reason)) == ("a4", "its name comes first of 2")


def test_a_setting_goes_before_the_words() -> None:
    assert asked_factor((("scale", 3.0),), "upscale 4x") == 3.0
    assert asked_factor((), "upscale 4x") == 4.0
    assert asked_factor((), "upscale") == 2.0
