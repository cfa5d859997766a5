"""Frozen beside the program while it is checked: do the heavy packages work in there?

The program itself imports them only once models are installed, which a build machine has none of.
Prints one JSON line. Never shipped: build.py removes it.
"""

import json
import multiprocessing
import sys
import time

PARTS = ("torch", "torchvision", "transformers", "diffusers", "open_clip", "step", "vips")


def import_torch():
    import torch

    torch.set_num_threads(1)
    torch.linalg.svd(torch.eye(4))
    torch.nn.functional.conv2d(torch.ones(1, 3, 8, 8), torch.ones(2, 3, 3, 3))
    return torch.__version__


def import_torchvision():
    import torch

    if torch.version.cuda is None:  # see hooks/hook-torchvision.py
        library = torch.library.Library("torchvision", "FRAGMENT")
        for name in ("nms", "qnms"):
            library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        globals()["_alive"] = library
    import torchvision

    return torchvision.__version__


def import_transformers():
    import transformers
    from transformers import BlipForConditionalGeneration, CLIPTextModel, Qwen3ForCausalLM

    assert all((BlipForConditionalGeneration, CLIPTextModel, Qwen3ForCausalLM))
    return transformers.__version__


def import_diffusers():
    import diffusers
    from diffusers import StableDiffusionInstructPix2PixPipeline

    assert "dummy" not in StableDiffusionInstructPix2PixPipeline.__module__
    return diffusers.__version__


def import_open_clip():
    import open_clip

    assert open_clip.list_models()
    assert open_clip.get_tokenizer("ViT-B-32")(["a castle"]).shape == (1, 77)
    return open_clip.__version__


def import_step():
    """One denoising step of a tiny network."""
    import torch
    from diffusers import DDIMScheduler, UNet2DConditionModel

    unet = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(32, 32),
        layers_per_block=1,
        cross_attention_dim=16,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=8,
    )
    scheduler = DDIMScheduler()
    scheduler.set_timesteps(2)
    latents, words = torch.zeros(1, 4, 8, 8), torch.zeros(1, 4, 16)
    with torch.no_grad():
        noise = unet(latents, scheduler.timesteps[0], words).sample
    out = scheduler.step(noise, scheduler.timesteps[0], latents).prev_sample
    assert torch.isfinite(out).all()
    return "ok"


def import_vips():
    import pyvips

    assert pyvips.Image.black(8, 8).avg() == 0
    return f"{pyvips.version(0)}.{pyvips.version(1)}"


def main():
    report = {}
    for part in PARTS:
        began = time.monotonic()
        try:
            report[part] = globals()[f"import_{part}"]()
        except Exception as error:
            report[part] = f"FAILED: {error!r}"[:600]
        report[f"{part}_s"] = round(time.monotonic() - began, 2)
    print(json.dumps(report))
    return 1 if any(str(value).startswith("FAILED") for value in report.values()) else 0


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
