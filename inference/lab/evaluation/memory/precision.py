"""A UNet on a CPU in several precisions: ``python -m inference.lab.evaluation.memory.precision``.

Each way runs in a process of its own, on the same random weights, latents and text states. The
error is that of one prediction against float32, root mean square over root mean square.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import torch

from inference.lab.evaluation.memory.run_case import peak_bytes
from inference.models.libraries import prepare_libraries, quiet
from inference.models.memory.placing import keep_short

_ROOT: Final = Path(__file__).resolve().parents[4]
_STATES: Final = 77


def _as_is(unet: Any) -> None:
    """Computes as it was loaded."""


def _kept(kept: torch.dtype) -> Callable[[Any], None]:
    return lambda unet: keep_short(unet, kept)


def _int8(unet: Any) -> None:
    quantization = import_module("torchao.quantization")  # not among the dependencies
    quantization.quantize_(unet, quantization.Int8WeightOnlyConfig())


WAYS: Final[dict[str, tuple[torch.dtype, Callable[[Any], None], bool]]] = {
    "float32": (torch.float32, _as_is, False),
    "float16 kept, float32 computed": (torch.float16, _kept(torch.float16), False),
    "bfloat16 kept, float32 computed": (torch.bfloat16, _kept(torch.bfloat16), False),
    "float32 kept, bfloat16 computed (autocast)": (torch.float32, _as_is, True),
    "bfloat16": (torch.bfloat16, _as_is, False),
    "int8 weights of linear layers (torchao)": (torch.float32, _int8, False),
}
"""Type that is loaded, what is done then, whether autocast computes."""


def measure(model: Path, way: str, side: int, rows: int, out: Path) -> dict[str, float]:
    """Seconds of a prediction, the second of two, and the peak in bytes; the result goes to `out`.

    Args:
        model: a folder with `unet`.
        way: one of `WAYS`.
        side: of the picture in pixels.
        rows: of one prediction, computed one by one as the program does at this size.
        out: where the prediction of the last row is written.
    """
    prepare_libraries()
    quiet()
    from diffusers import UNet2DConditionModel

    loaded, prepare, casts = WAYS[way]
    unet = UNet2DConditionModel.from_pretrained(
        model / "unet", torch_dtype=loaded, local_files_only=True
    ).eval().requires_grad_(False)  # fmt: skip
    prepare(unet)
    random = torch.Generator().manual_seed(1)
    shape = (1, unet.config.in_channels, side // 8, side // 8)
    latents = torch.randn(shape, generator=random)
    states = torch.randn((1, _STATES, unet.config.cross_attention_dim), generator=random)
    computed = torch.bfloat16 if way == "bfloat16" else torch.float32
    autocast: AbstractContextManager[Any] = (
        torch.autocast("cpu", torch.bfloat16) if casts else nullcontext()
    )
    seconds = 0.0
    with torch.inference_mode(), autocast:
        for _ in range(2):
            began = time.monotonic()
            for _ in range(rows):
                predicted = unet(latents.to(computed), 500, states.to(computed)).sample
            seconds = time.monotonic() - began
    torch.save(predicted.float(), out)
    return {"seconds": seconds, "peak": peak_bytes()}


def compare(model: Path, side: int, rows: int, folder: Path) -> None:
    """Print a row for each way; one that cannot run says why."""
    truth = None
    for number, way in enumerate(WAYS):
        out = folder / f"{number}.pt"
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            __spec__.name if __spec__ else "",
            str(model),
        ]
        command += ["--side", str(side), "--rows", str(rows), "--way", way, "--out", str(out)]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{way:<44} {done.stderr.strip().splitlines()[-1][:90]}")
            continue
        found, made = json.loads(done.stdout.splitlines()[-1]), torch.load(out, weights_only=True)
        truth = made if truth is None else truth
        error = float((made - truth).square().mean().sqrt() / truth.square().mean().sqrt())
        print(
            f"{way:<44} {found['seconds']:6.1f} s  peak {found['peak'] / 1e9:5.2f} GB  "
            f"error {error:.3e}",
            flush=True,
        )


def main() -> None:
    """Compare all ways, or measure one."""
    import tempfile

    parser = argparse.ArgumentParser(prog="precision", description=__doc__)
    parser.add_argument("model", type=Path, help="a folder of a Stable Diffusion model")
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--rows", type=int, default=3)
    parser.add_argument("--way", choices=list(WAYS))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.way:
        print(json.dumps(measure(args.model, args.way, args.side, args.rows, args.out)))
        return
    with tempfile.TemporaryDirectory(prefix="pentimento-precision-") as folder:
        compare(args.model, args.side, args.rows, Path(folder))


if __name__ == "__main__":
    main()
