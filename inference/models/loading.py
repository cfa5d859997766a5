from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from editor.errors import ExpectedError
from editor.messages import Message, verbatim
from inference.models.devices import Device
from inference.models.discovery import FoundModel
from inference.models.errors import ModelDamaged
from inference.models.guided_upsampler import FOLDER as UPSAMPLER
from inference.models.guided_upsampler import GuidedUpsampler, load_upsampler
from inference.models.interrupt import between_weights
from inference.models.libraries import prepare_libraries, quiet
from inference.models.loaded import (
    ClipPreprocessing,
    LoadedCaptioner,
    LoadedClip,
    LoadedDiffusion,
    LoadedLanguage,
    LoadedModel,
)
from inference.request.cancel import CancelCheck, Cancelled

_LARGE = 100_000_000
"""Networks with fewer weights run in float32: they gain nothing from half precision."""

_PAINTS = ("text_to_image", "instruct_pix2pix", "inpaint")
_LOCAL: dict[str, Any] = {"local_files_only": True, "use_safetensors": True}
_SCHEDULERS = {
    "DDIMScheduler", "DDPMScheduler", "PNDMScheduler", "LMSDiscreteScheduler", "LCMScheduler",
    "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "HeunDiscreteScheduler",
    "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "KDPM2DiscreteScheduler",
    "UniPCMultistepScheduler", "DEISMultistepScheduler",
}  # fmt: skip


def expected_bytes(model: FoundModel, device: Device) -> int:
    """Memory a model will take once loaded."""
    half = model.role != "clip" and _dtype(model, device) is torch.float16
    # Small UNets on a CPU are held twice (`inference.diffusion.lean`); which share of the model
    # they are is not known.
    small = model.elements < _LARGE and device.kind == "cpu" and model.role in _PAINTS
    return model.elements * (2 if half else 8 if small else 4)


def load_model(model: FoundModel, device: Device, check: CancelCheck) -> LoadedModel:
    """Load a model with the stock classes of its kind: offline, safetensors, no code of its own.

    Args:
        model: as `ModelStore` found it.
        device: where it goes.
        check: called between two libraries and two weights; what it raises passes.

    Raises:
        ModelDamaged: config and weights do not fit together, or files are missing or broken.
    """
    loader = {
        "text_to_image": _diffusion,
        "instruct_pix2pix": _diffusion,
        "inpaint": _diffusion,
        "language": _language,
        "chat": _language,
        "captioner": _captioner,
        "clip": _clip,
    }.get(model.role)
    if loader is None:
        raise ModelDamaged(
            Message("model.no_use", model=model.id, role=model.role), Message("do.other_model")
        )
    prepare_libraries()
    check()
    quiet()
    check()
    try:
        with between_weights(check):
            loaded = loader(model, device, check)
            loaded = replace(loaded, nbytes=_nbytes(loaded))
    except (ExpectedError, Cancelled, MemoryError, ImportError):
        raise
    except torch.OutOfMemoryError:
        raise MemoryError from None
    except Exception as error:  # stock loaders raise anything on damaged files
        raise ModelDamaged(
            Message("model.cannot_load", model=model.id, reason=_reason(error)),
            Message("do.other_model"),
        ) from error
    return loaded


def _diffusion(model: FoundModel, device: Device, check: CancelCheck) -> LoadedModel:
    import diffusers
    import transformers

    dtype = _dtype(model, device)
    config = json.loads((model.folder / "scheduler" / "scheduler_config.json").read_text("utf-8"))
    name = str(config.get("_class_name"))
    if name not in _SCHEDULERS:
        raise _Unfit(Message("model.scheduler_unknown", scheduler=name[:80]))
    check()
    tokenizer = transformers.CLIPTokenizer.from_pretrained(
        model.folder / "tokenizer", local_files_only=True
    )
    check()
    text_encoder = _stock(
        transformers.CLIPTextModel, model.folder / "text_encoder", dtype=dtype, variant=True
    )
    check()
    vae = _stock(
        diffusers.AutoencoderKL, model.folder / "vae", torch_dtype=torch.float32, variant=True
    )
    check()
    unet = _stock(
        diffusers.UNet2DConditionModel, model.folder / "unet", torch_dtype=dtype, variant=True
    )
    check()
    latent = int(vae.config.latent_channels)
    wanted = 2 * latent if model.role == "instruct_pix2pix" else latent
    if model.role != "inpaint" and unet.config.in_channels != wanted:
        raise _Unfit(Message("model.unet_takes", channels=unet.config.in_channels, wanted=wanted))
    if unet.config.cross_attention_dim != text_encoder.config.hidden_size:
        raise _Unfit(Message("model.encoder_unfit"))
    if len(tokenizer) > text_encoder.config.vocab_size:
        raise _Unfit(Message("model.tokenizer_over_encoder"))
    return LoadedDiffusion(
        model,
        unet.to(device.place),
        vae.to(device.place),
        text_encoder.to(device.place),
        tokenizer,
        getattr(diffusers, name),
        config,
        device.place,
        dtype,
        may_be_lean=model.elements < _LARGE and device.kind == "cpu" and dtype is torch.float32,
        upsampler=_upsampler(model, device),
    )


def _upsampler(model: FoundModel, device: Device) -> GuidedUpsampler | None:
    folder = model.folder / UPSAMPLER
    if not folder.is_dir():
        return None
    return load_upsampler(folder).to(device.place)


def _language(model: FoundModel, device: Device, check: CancelCheck) -> LoadedModel:
    import transformers

    dtype = _dtype(model, device)
    tokenizer = transformers.AutoTokenizer.from_pretrained(
        model.folder, local_files_only=True, trust_remote_code=False
    )
    check()
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    network = _stock(
        transformers.AutoModelForCausalLM, model.folder, dtype=dtype, trust_remote_code=False
    )
    if len(tokenizer) > network.get_input_embeddings().weight.shape[0]:
        raise _Unfit(Message("model.tokenizer_over_model"))
    template = bool(getattr(tokenizer, "chat_template", None))
    return LoadedLanguage(model, network.to(device.place), tokenizer, device.place, dtype, template)


def _captioner(model: FoundModel, device: Device, check: CancelCheck) -> LoadedModel:
    import transformers

    # BLIP has sums that overflow float16; it is small enough for float32.
    processor = transformers.BlipProcessor.from_pretrained(model.folder, local_files_only=True)
    check()
    network = _stock(transformers.BlipForConditionalGeneration, model.folder, dtype=torch.float32)
    return LoadedCaptioner(model, network.to(device.place), processor, device.place, torch.float32)


def _clip(model: FoundModel, device: Device, check: CancelCheck) -> LoadedModel:
    if not (model.folder / "open_clip_config.json").is_file():
        return _transformers_clip(model, device, check)
    import open_clip

    check()
    config = json.loads((model.folder / "open_clip_config.json").read_text("utf-8"))
    if not isinstance(config.get("model_cfg"), dict):
        raise _Unfit(Message("model.clip_config"))
    name = f"local-dir:{model.folder}"
    options: dict[str, Any] = {"load_weights": False, "pretrained_text": False}
    # Sizes first, without allocating: a config may ask for more than the weights hold.
    with _without_alarm(), torch.device("meta"):
        sizes = open_clip.create_model(name, device="meta", **options)
    if sum(p.numel() for p in sizes.parameters()) > model.elements:
        raise _Unfit(Message("model.sizes_unfit"))
    check()
    with _without_alarm():
        network = open_clip.create_model(name, device="cpu", **options)
    check()
    open_clip.load_checkpoint(network, str(model.weights[0]), strict=True, weights_only=True)
    check()
    tokenizer = open_clip.get_tokenizer(name)
    network.eval().requires_grad_(False)
    size = network.visual.image_size
    size = (size, size) if isinstance(size, int) else (int(size[0]), int(size[1]))
    return LoadedClip(
        model,
        network.to(device.place),
        tokenizer,
        _preprocessing(
            size,
            config.get("preprocess_cfg") or {},
            "mean",
            "std",
            squash=(config.get("preprocess_cfg") or {}).get("resize_mode") == "squash",
        ),
        "open_clip",
        device.place,
    )


@contextmanager
def _without_alarm() -> Iterator[None]:
    """open_clip warns that weights are random, which they are for a moment only."""

    def is_wanted(record: logging.LogRecord) -> bool:
        return "No pretrained weights loaded" not in record.getMessage()

    root = logging.getLogger()
    root.addFilter(is_wanted)
    try:
        yield
    finally:
        root.removeFilter(is_wanted)


def _transformers_clip(model: FoundModel, device: Device, check: CancelCheck) -> LoadedModel:
    import transformers

    network = _stock(transformers.AutoModel, model.folder, dtype=torch.float32)
    check()
    tokenizer = transformers.AutoTokenizer.from_pretrained(
        model.folder, local_files_only=True, trust_remote_code=False
    )
    side = int(network.config.vision_config.image_size)
    path = model.folder / "preprocessor_config.json"
    values = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return LoadedClip(
        model,
        network.to(device.place),
        tokenizer,
        _preprocessing((side, side), values, "image_mean", "image_std", squash=False),
        "transformers",
        device.place,
    )


def _preprocessing(
    size: tuple[int, int], values: dict[str, Any], mean: str, std: str, *, squash: bool
) -> ClipPreprocessing:
    own = ClipPreprocessing(size, squash=squash)
    found: dict[str, tuple[float, ...]] = {}
    for field, name in (("mean", mean), ("std", std)):
        numbers = values.get(name)
        if numbers is None:
            continue
        numbers = tuple(float(number) for number in numbers)
        if len(numbers) != 3 or not all(math.isfinite(x) for x in numbers):
            raise _Unfit(Message("model.not_three_numbers", name=name))
        found[field] = numbers
    if 0.0 in found.get("std", ()):
        raise _Unfit(Message("model.divides_by_zero", name=std))
    return replace(own, **found)  # type: ignore[arg-type]  # only those two fields


def _stock(kind: Any, folder: Path, *, variant: bool = False, **options: Any) -> Any:
    """`from_pretrained`, refusing what leaves weights random; in evaluation mode, frozen."""
    if variant and all(".fp16" in path.name for path in folder.glob("*.safetensors")):
        options["variant"] = "fp16"
    network, info = kind.from_pretrained(folder, output_loading_info=True, **_LOCAL, **options)
    lacking = [str(key) for key in info.get("missing_keys", ())]
    odd = [str(key) for key in info.get("mismatched_keys", ())]
    if lacking or odd:
        first = (lacking or odd)[0][:80]
        count = len(lacking or odd)
        raise _Unfit(Message("model.weights_misshapen", count=count, first=first))
    if info.get("error_msgs"):
        raise ValueError(str(info["error_msgs"][0]))
    return network.eval().requires_grad_(False)


def _dtype(model: FoundModel, device: Device) -> torch.dtype:
    small = model.elements < _LARGE or model.role == "captioner"
    return torch.float32 if small else device.dtype


def _nbytes(loaded: LoadedModel) -> int:
    if isinstance(loaded, LoadedDiffusion):
        networks = [loaded.unet, loaded.vae, loaded.text_encoder]
        if loaded.may_be_lean:  # most weights are held a second time
            networks.append(loaded.unet)
    else:
        networks = [loaded.model]
    tensors = (t for n in networks for t in (*n.parameters(), *n.buffers()))
    return sum(t.numel() * t.element_size() for t in tensors)


class _Unfit(Exception):
    """The parts of a model do not fit together; its argument says how."""


def _reason(error: Exception) -> Message:
    """Our own reason, or the start of a library's message, fit to be shown."""
    if isinstance(error, _Unfit):
        reason: Message = error.args[0]
        return reason
    text = " ".join(str(error).split()) or type(error).__name__
    text = text[:200].split(". ")[0].rstrip(".")
    return verbatim(f"{text}.")
