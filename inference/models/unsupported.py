"""What looks like a model and is none of the families here: the reason, and what to do.

Pipelines are known by their class, parts and other networks by the class in their config, loose
files by the names of their tensors, of which only the header is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from editor.messages import Message
from inference.models.found_model import Convertible, Refused
from inference.models.model_folder import (
    PICKLES,
    ModelFolder,
    only_safetensors,
    quantised,
)
from inference.models.single_file import checkpoint_of
from inference.models.weights import WeightsHeader

OTHER_FAMILIES: Final = (
    ("StableDiffusionXLImg2Img", "Stable Diffusion XL Refiner"),
    ("StableDiffusion3", "Stable Diffusion 3"),
    ("StableCascade", "Stable Cascade"),
    ("Flux2", "FLUX.2"),
    ("Flux", "FLUX.1"),
    ("QwenImage", "Qwen-Image"),
    ("PixArt", "PixArt"),
    ("Sana", "Sana"),
    ("HunyuanDiT", "Hunyuan-DiT"),
    ("HunyuanVideo", "HunyuanVideo"),
    ("Kandinsky", "Kandinsky"),
    ("AuraFlow", "AuraFlow"),
    ("Lumina", "Lumina"),
    ("ZImage", "Z-Image"),
    ("Chroma", "Chroma"),
    ("Wan", "Wan"),
    ("LTX", "LTX-Video"),
    ("CogVideoX", "CogVideoX"),
    ("CogView", "CogView"),
    ("Wuerstchen", "Würstchen"),
    ("IF", "DeepFloyd IF"),
)
"""Beginnings of pipelines' class names in diffusers, and what people call the family."""

_UPSCALERS: Final = ("StableDiffusionUpscale", "StableDiffusionLatentUpscale", "LDMSuperResolution")
_AUTOENCODERS: Final = ("Autoencoder", "AsymmetricAutoencoder", "ConsistencyDecoderVAE", "VQModel")

_COMPATIBLE: Final = (
    "StableDiffusionImg2ImgPipeline",
    "StableDiffusionControlNetPipeline",
    "StableDiffusionSAGPipeline",
)
_WHAT_WORKS: Final = Message("do.supported_models")
_WHOLE_MODEL: Final = Message("do.whole_model")
_OTHER_FILES: Final = {".gguf": "GGUF", ".ggml": "GGML", ".onnx": "ONNX", ".tflite": "TFLite"}
MODEL_SUFFIXES: Final = frozenset({".safetensors", *PICKLES, *_OTHER_FILES})
"""Name endings, in lower case, of files that may be models."""


def refuse_folder(folder: ModelFolder) -> None:
    """Refuse a folder that no family recognised, if it holds a model of another kind.

    Raises:
        Refused: it does.
        OSError: files cannot be read.
    """
    if "model_index.json" in folder.names:
        raise _other_pipeline(folder)
    if folder.names & {"quantize_config.json", "quant_config.json"} and folder.has_weights:
        raise quantised("GPTQ or AWQ")
    if not folder.has_weights:
        return
    kind = str(folder.transformers_config.get("_class_name") or "")[:80]
    if kind:
        raise _part(kind)
    if folder.architecture:
        raise Refused(Message("model.no_method", kind=folder.architecture), _WHAT_WORKS)


def _other_pipeline(folder: ModelFolder) -> Refused:
    kind = str(folder.config("model_index.json").get("_class_name") or "")[:80]
    if not any(entry.is_dir() for entry in folder.entries):
        return Refused(Message("model.no_weights"), Message("do.copy_again"))
    if not kind:
        return Refused(Message("model.no_method_for_nameless"), _WHAT_WORKS)
    if kind.startswith(_UPSCALERS):
        return Refused(Message("model.other_upscaler"), Message("do.known_upscalers"))
    if kind in _COMPATIBLE:
        wanted = "StableDiffusionPipeline"
        return Refused(
            Message("model.pipeline_of_other_use", kind=kind),
            Message("do.name_pipeline", kind=wanted),
        )
    for beginning, name in OTHER_FAMILIES:
        if kind.startswith(beginning):
            return Refused(Message("model.other_family", name=name), _WHAT_WORKS)
    return Refused(Message("model.no_method", kind=kind), _WHAT_WORKS)


def _part(kind: str) -> Refused:
    """The folder of one network alone, by the class in its config."""
    if kind.startswith(_AUTOENCODERS):
        return Refused(Message("model.only_autoencoder"), _WHOLE_MODEL)
    if "ControlNet" in kind or "Adapter" in kind:
        return Refused(Message("model.is_controlnet"), _WHAT_WORKS)
    return Refused(Message("model.only_part", kind=kind), _WHOLE_MODEL)


def is_own(file: Path) -> bool:
    """True for the judge of `pentimento evaluate`, which serves no role."""
    return file.with_name("judge.json").is_file()


def refuse_file(file: Path) -> None:
    """Refuse a file of another format than safetensors, if it looks like a model.

    Raises:
        Refused: it does.
    """
    suffix = file.suffix.lower()
    if suffix in _OTHER_FILES:
        kind = _OTHER_FILES[suffix]
        if suffix == ".gguf":
            raise Convertible(Message("model.packed", kind=kind))
        raise Refused(Message("model.other_format", kind=kind), Message("do.safetensors_folder"))
    if suffix in PICKLES:
        raise Convertible(only_safetensors(file))


def refused_weights(header: WeightsHeader) -> Refused:
    """Why no family knows a safetensors file that lies in no model's folder."""
    return next(refusal(header) for holds, refusal in _FILES if holds(header))


def _always(reason: Message, fix: Message) -> Callable[[WeightsHeader], Refused]:
    return lambda header: Refused(reason, fix)


def _single_file(header: WeightsHeader) -> Refused:
    checkpoint = checkpoint_of(header)
    name = checkpoint.title if checkpoint is not None else ""
    return Refused(Message("model.single_file_other", name=name), _WHAT_WORKS)


def _has(*beginnings: str) -> Callable[[Mapping[str, tuple[int, ...]]], bool]:
    return lambda shapes: any(name.startswith(beginnings) for name in shapes)


def _is_checkpoint(header: WeightsHeader) -> bool:
    return checkpoint_of(header) is not None


def _is_controlnet(header: WeightsHeader) -> bool:
    return _has("control_model.", "controlnet_")(header.shapes)


def _is_unet(header: WeightsHeader) -> bool:
    return _has("down_blocks.0.")(header.shapes) and _has("time_embedding.")(header.shapes)


def _is_autoencoder(header: WeightsHeader) -> bool:
    names = ("decoder.conv_in.weight", "first_stage_model.decoder.conv_in.weight")
    return any(name in header.shapes for name in names)


def _is_upscaler(header: WeightsHeader) -> bool:
    """ESRGAN in its two spellings, SwinIR and HAT."""
    first = ("conv_first.weight", "model.0.weight")
    return any(name in header.shapes for name in first)


_Kind = tuple[Callable[[WeightsHeader], bool], Callable[[WeightsHeader], Refused]]

_FILES: Final[tuple[_Kind, ...]] = (
    (_is_controlnet, _always(Message("model.is_controlnet"), _WHAT_WORKS)),
    (_is_checkpoint, _single_file),
    (_is_unet, _always(Message("model.only_part", kind="UNet2DConditionModel"), _WHOLE_MODEL)),
    (_is_autoencoder, _always(Message("model.only_autoencoder"), _WHOLE_MODEL)),
    (_is_upscaler, _always(Message("model.other_upscaler"), Message("do.known_upscalers"))),
    (lambda header: True, _always(Message("model.loose_file"), _WHOLE_MODEL)),
)
"""What a loose file may be, the first that fits."""
