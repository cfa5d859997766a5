"""What looks like a model and is none of the families here: the reason, and what to do.

Pipelines are known by their class, parts and other networks by the class in their config, loose
files by the names of their tensors, of which only the header is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from editor.messages import Message
from inference.models.found_model import Refused
from inference.models.model_folder import (
    HOW_TO_CONVERT,
    PICKLES,
    ModelFolder,
    only_safetensors,
    quantised,
)
from inference.models.weights import DamagedWeights, WeightsHeader, read_header

OTHER_FAMILIES: Final = (
    ("StableDiffusionXL", "Stable Diffusion XL"),
    ("StableDiffusion3", "Stable Diffusion 3"),
    ("StableCascade", "Stable Cascade"),
    ("Flux2", "FLUX.2"),
    ("Flux", "FLUX.1"),
    ("QwenImageEdit", "Qwen-Image-Edit"),
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
_OWN: Final = "judge.json"
"""Beside the weights of the judge of `pentimento evaluate`, which serves no role."""

_WHAT_WORKS: Final = Message("do.supported_models")
_LORA: Final = Message("model.is_lora")
_NAME_LORA: Final = Message("do.name_lora")
_WHOLE_MODEL: Final = Message("do.whole_model")
_OTHER_FILES: Final = {".gguf": "GGUF", ".ggml": "GGML", ".onnx": "ONNX", ".tflite": "TFLite"}


def refuse_folder(folder: ModelFolder) -> None:
    """Refuse a folder that no family recognised, if it holds a model of another kind.

    Raises:
        Refused: it does.
        OSError: files cannot be read.
    """
    if "model_index.json" in folder.names:
        raise _other_pipeline(folder)
    if "adapter_config.json" in folder.names:
        raise Refused(_LORA, _NAME_LORA)
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
        return Refused(Message("model.is_upscaler"), _WHAT_WORKS)
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


def refuse_file(file: Path, folder: ModelFolder) -> None:
    """Refuse a file that lies in no model's folder, if it looks like a model.

    Raises:
        Refused: it does.
        OSError: it cannot be read.
    """
    suffix = file.suffix.lower()
    if suffix in _OTHER_FILES:
        kind = _OTHER_FILES[suffix]
        raise Refused(Message("model.other_format", kind=kind), Message("do.safetensors_folder"))
    if suffix in PICKLES:
        raise Refused(only_safetensors(file), HOW_TO_CONVERT)
    if suffix != ".safetensors" or _OWN in folder.names:
        return
    try:
        header = read_header(file)
    except DamagedWeights as error:
        raise Refused(error.reason, Message("do.copy_again")) from None
    raise next(refusal(header) for holds, refusal in _FILES if holds(header))


def _always(reason: Message, fix: Message) -> Callable[[WeightsHeader], Refused]:
    return lambda header: Refused(reason, fix)


def _single_file(header: WeightsHeader) -> Refused:
    name = _checkpoint_family(header.shapes)
    if name not in _CONVERTIBLE:
        return Refused(Message("model.single_file_other", name=name), _WHAT_WORKS)
    pipeline = _CONVERTIBLE[name]
    return Refused(
        Message("model.single_file", name=name), Message("do.convert_file", pipeline=pipeline)
    )


_CONVERTIBLE: Final = {
    "Stable Diffusion 1": "StableDiffusionPipeline",
    "Stable Diffusion 2": "StableDiffusionPipeline",
    "InstructPix2Pix": "StableDiffusionInstructPix2PixPipeline",
    "Stable Diffusion Inpainting": "StableDiffusionInpaintPipeline",
}
_FIRST_CONVOLUTION: Final = "model.diffusion_model.input_blocks.0.0.weight"


def _checkpoint_family(shapes: Mapping[str, tuple[int, ...]]) -> str:
    """What people call the model in one file, by the names and shapes of its tensors."""
    if _has("conditioner.embedders.1.", "model.diffusion_model.label_emb.")(shapes):
        return "Stable Diffusion XL"
    if _has("model.diffusion_model.joint_blocks.")(shapes):
        return "Stable Diffusion 3"
    if _has("model.diffusion_model.double_blocks.", "double_blocks.")(shapes):
        return "FLUX"
    channels = shapes.get(_FIRST_CONVOLUTION, (0, 0))[1]
    if channels == _INSTRUCT_CHANNELS:
        return "InstructPix2Pix"
    if channels == _INPAINT_CHANNELS:
        return "Stable Diffusion Inpainting"
    second = _has("cond_stage_model.model.transformer.")(shapes)
    return "Stable Diffusion 2" if second else "Stable Diffusion 1"


_INSTRUCT_CHANNELS: Final = 8
_INPAINT_CHANNELS: Final = 9


def _has(*beginnings: str) -> Callable[[Mapping[str, tuple[int, ...]]], bool]:
    return lambda shapes: any(name.startswith(beginnings) for name in shapes)


def _is_lora(header: WeightsHeader) -> bool:
    marks = (
        ".lora_",
        "lora_up.",
        "lora_down.",
        ".lora.",
        "_lora.",
        "hada_w1_",
        "lokr_w",
        ".dora_scale",
    )
    return any(mark in name for name in header.shapes for mark in marks)


def _is_embedding(header: WeightsHeader) -> bool:
    """Textual inversion (Gal et al. 2023): a few vectors of a text encoder's width."""
    shapes = header.shapes
    if set(shapes) & {"emb_params", "clip_l", "clip_g"}:
        return True
    (first,) = list(shapes.values())[:1] or [()]
    return len(shapes) == 1 and len(first) in (1, 2) and first[-1] in _ENCODER_WIDTHS


_ENCODER_WIDTHS: Final = (768, 1024, 1280)


def _is_checkpoint(header: WeightsHeader) -> bool:
    return _has("model.diffusion_model.", "double_blocks.")(header.shapes)


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
    (_is_lora, _always(_LORA, _NAME_LORA)),
    (_is_embedding, _always(Message("model.is_textual_inversion"), _WHAT_WORKS)),
    (_is_controlnet, _always(Message("model.is_controlnet"), _WHAT_WORKS)),
    (_is_checkpoint, _single_file),
    (_is_unet, _always(Message("model.only_part", kind="UNet2DConditionModel"), _WHOLE_MODEL)),
    (_is_autoencoder, _always(Message("model.only_autoencoder"), _WHOLE_MODEL)),
    (_is_upscaler, _always(Message("model.is_upscaler"), _WHAT_WORKS)),
    (lambda header: True, _always(Message("model.loose_file"), _WHOLE_MODEL)),
)
"""What a loose file may be, the first that fits."""
