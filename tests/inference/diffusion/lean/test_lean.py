"""The lean UNet computes what diffusers' does, and only such UNets as it knows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from inference.diffusion.denoiser import Conditioning, UNetDenoiser
from inference.diffusion.lean.choice import lean_unet
from inference.diffusion.lean.layers import Upsample
from inference.diffusion.lean.network import LeanUNet, can_be_lean
from inference.models.libraries import prepare_libraries
from inference.models.store import ModelStore
from inference.request.cancel import Cancelled
from tests.inference import tiny_models
from tests.inference.checks import Checks

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

STARTER = Path(__file__).resolve().parents[4] / "resources" / "models" / "starter"
SIZES: dict[str, Any] = {
    "block_out_channels": (16, 32, 32, 32),
    "norm_num_groups": 8,
    "cross_attention_dim": 24,
    "attention_head_dim": 4,
    "layers_per_block": 1,
    "sample_size": 16,
}
LAYOUTS: dict[str, dict[str, Any]] = {
    "Stable Diffusion 1.5": {"layers_per_block": 2},
    "InstructPix2Pix": {"in_channels": 8},
    "Stable Diffusion 2": {"use_linear_projection": True, "attention_head_dim": (2, 4, 4, 4)},
    "starter": {
        "down_block_types": ("DownBlock2D", *["CrossAttnDownBlock2D"] * 2, "DownBlock2D"),
        "up_block_types": ("UpBlock2D", *["CrossAttnUpBlock2D"] * 2, "UpBlock2D"),
    },
    "two levels": {
        "block_out_channels": (16, 32),
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
    },
}


def new_unet(**values: Any) -> Any:
    prepare_libraries()
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    unet = UNet2DConditionModel(**(SIZES | values)).eval().requires_grad_(False)
    for name, weights in unet.named_parameters():
        if "norm" in name:  # as made they are ones and noughts, and hide a mistake
            weights.normal_(1.0 if name.endswith("weight") else 0.0, 0.3)
    return unet


def drawn(unet: Any, inputs: int, rows: int, height: int = 16, width: int = 16) -> list[Tensor]:
    rng = torch.Generator().manual_seed(1)
    channels, context = unet.config.in_channels, unet.config.cross_attention_dim
    return [
        torch.randn(inputs, channels, height, width, generator=rng),
        torch.randn(rows, 7, context, generator=rng),
    ]


def stock(unet: Any, noisy: Tensor, timestep: Any, states: Tensor) -> Tensor:
    with torch.inference_mode():
        made: Tensor = unet(noisy, timestep, encoder_hidden_states=states).sample
        return made


@contextmanager
def without_onednn() -> Iterator[None]:
    torch._C._set_mkldnn_enabled(False)
    try:
        yield
    finally:
        torch._C._set_mkldnn_enabled(True)


def nothing() -> None:
    pass


@pytest.mark.parametrize("layout", LAYOUTS)
def test_equals_diffusers(layout: str) -> None:
    unet = new_unet(**LAYOUTS[layout])
    assert can_be_lean(unet)
    lean = LeanUNet(unet)
    for height, width in ((16, 16), (8, 24)):
        noisy, states = drawn(unet, 3, 3, height, width)
        for timestep in (torch.tensor(0), torch.tensor(999), torch.tensor(421.5)):
            expected = stock(unet, noisy, timestep, states)
            with torch.inference_mode():
                made = lean(noisy, timestep, lean.texts(states), [0, 1, 2], nothing)
            assert made.shape == expected.shape
            assert (made - expected).abs().max() < 1e-5 * expected.abs().max()
    assert expected.std() > 0.01


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("inputs", [[0, 0, 1, 2, 2, 3], [0, 0, 0], [0, 1, 1]])
def test_rows_of_one_input_share_what_no_text_enters(layout: str, inputs: list[int]) -> None:
    unet = new_unet(**LAYOUTS[layout])
    lean = LeanUNet(unet)
    noisy, states = drawn(unet, 1 + max(inputs), len(inputs))
    before = noisy.clone()
    expected = stock(unet, noisy[inputs], 500, states)
    with torch.inference_mode():
        texts = lean.texts(states)
        for _ in range(2):  # nothing that is kept for the next step was written over
            made = lean(noisy, torch.tensor(500), texts, inputs, nothing)
            assert (made - expected).abs().max() < 1e-5 * expected.abs().max()
    assert torch.equal(noisy, before)


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (8, 8)])
def test_an_enlargement_is_the_doubled_picture_convolved(size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    module = torch.nn.Conv2d(6, 5, 3, padding=1).double()
    pixels = torch.randn(2, 6, *size, dtype=torch.float64)
    with torch.inference_mode():
        expected = module(functional.interpolate(pixels, scale_factor=2.0, mode="nearest"))
        made = Upsample(module)(pixels)
    assert (made - expected).abs().max() < 1e-12


@pytest.mark.parametrize(
    "values",
    [
        {"class_embed_type": "timestep"},
        {"act_fn": "gelu"},
        {"resnet_time_scale_shift": "scale_shift"},
        {"time_cond_proj_dim": 8},
        {"transformer_layers_per_block": 2},
        {"only_cross_attention": True},
        {"down_block_types": ("DownBlock2D",) * 3 + ("AttnDownBlock2D",)},
        {"conv_in_kernel": 1},
        {"mid_block_scale_factor": 2.0},
    ],
    ids=lambda values: next(iter(values)),
)
def test_other_networks_stay_diffusers(values: dict[str, Any]) -> None:
    assert not can_be_lean(new_unet(**values))


def test_half_precision_stays_diffusers() -> None:
    assert not can_be_lean(new_unet().half())


def test_a_large_network_is_not_held_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_models.diffusion(tmp_path / "ip2p", edits=True)
    small = ModelStore([tmp_path], device="cpu").diffusion("instruct_pix2pix")
    monkeypatch.setattr("inference.models.families.stable_diffusion.LARGE", 1)
    large = ModelStore([tmp_path], device="cpu").diffusion("instruct_pix2pix")
    assert lean_unet(small) is lean_unet(small) is not None
    assert lean_unet(large) is None
    assert small.nbytes > large.nbytes > 0  # what the budget of loaded models counts


def test_a_cancel_waits_for_one_block() -> None:
    unet = new_unet()
    lean = LeanUNet(unet)
    noisy, states = drawn(unet, 1, 1)
    names = [type(module).__name__ for module in unet.modules()]
    blocks = names.count("ResnetBlock2D") + names.count("Transformer2DModel")
    with torch.inference_mode():
        texts = lean.texts(states)
        whole = Checks()
        lean(noisy, torch.tensor(1), texts, [0], whole)
        assert whole.calls == blocks > 8
        for limit in range(blocks):
            cut = Checks(limit)
            with pytest.raises(Cancelled):
                lean(noisy, torch.tensor(1), texts, [0], cut)
            assert cut.calls == limit + 1


def test_inputs_in_another_order_are_refused() -> None:
    unet = new_unet()
    lean = LeanUNet(unet)
    noisy, states = drawn(unet, 2, 2)
    for inputs in ([1, 0], [0, 0]):
        with torch.inference_mode(), pytest.raises(ValueError, match="order"):
            lean(noisy, torch.tensor(1), lean.texts(states), inputs, nothing)


def test_equals_diffusers_without_onednn() -> None:
    """Torch takes NNPACK there from 16 rows on, whose results lie otherwise in memory."""
    unet = new_unet(**LAYOUTS["starter"])
    lean = LeanUNet(unet)
    noisy, states = drawn(unet, 16, 18, 16, 16)
    inputs = [0, 0, 1, 1, *range(2, 16)]
    with without_onednn(), torch.inference_mode():
        expected = stock(unet, noisy[inputs], 500, states)
        made = lean(noisy, torch.tensor(500), lean.texts(states), inputs, nothing)
    assert (made - expected).abs().max() < 1e-4 * expected.abs().max()


def test_texts_are_kept_once_however_many_rows_they_have(tmp_path: Path) -> None:
    tiny_models.diffusion(tmp_path / "ip2p", edits=True)
    model = ModelStore([tmp_path], device="cpu").diffusion("instruct_pix2pix")
    rng = torch.Generator().manual_seed(0)
    noisy, texts = (torch.randn(shape, generator=rng) for shape in ((6, 8, 8, 8), (3, 77, 16)))
    order = [2, 0, 2, 1, 0, 0]
    rows = Conditioning(list(range(6)), texts[order])
    made = UNetDenoiser(model).predict(noisy, torch.tensor(3), rows)
    assert {len(keys) for keys, _ in rows.texts} == {3}
    expected = stock(model.unet, noisy, 3, texts[order])
    assert (made - expected).abs().max() < 1e-5 * expected.abs().max()


STEPS = """
import random, resource, sys, threading
import torch
from pathlib import Path
from inference.diffusion.denoiser import Conditioning, UNetDenoiser
from inference.models.store import ModelStore

model = ModelStore([Path(sys.argv[1])], device="cpu").diffusion("instruct_pix2pix")
left = []

def lived():  # threads that came and went have left things in the heap
    for _ in range(200):
        left.append(bytearray(random.randrange(8_000, 500_000)))
    for _ in range(100):
        left.pop(random.randrange(len(left)))

past = [threading.Thread(target=lived) for _ in range(12)]
for thread in past:
    thread.start()
for thread in past:
    thread.join()
denoiser = UNetDenoiser(model, threads=2)
inputs = [number for row in range(8) for number in (row, row, 8 + row)]
rows = Conditioning(inputs, torch.randn(24, 48, 192))
noisy = torch.randn(16, 8, 32, 32)
for _ in range(5):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    denoiser.predict(noisy, torch.tensor(500), rows)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's heap is tuned")
def test_steps_use_the_same_memory_again() -> None:
    """In a process of its own: what a heap does depends on all that went before."""
    done = subprocess.run(
        [sys.executable, "-c", STEPS, str(STARTER)],
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=True,
    )
    faults = sorted(int(line) for line in done.stdout.split())
    assert faults[len(faults) // 2] < 3000, faults  # 18,000 where memory is mapped again
