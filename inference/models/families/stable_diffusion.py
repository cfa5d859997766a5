"""Stable Diffusion 1 and 2 (Rombach et al. 2022) in the folder layout of diffusers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from editor.messages import Message
from inference.models.family import LARGE, Family
from inference.models.few_steps import few_step_settings
from inference.models.found_model import FoundModel, Refused
from inference.models.model_folder import ModelFolder
from inference.models.pipeline_folder import INDEX, pipeline_parts
from inference.models.single_file import checkpoint_of, found_checkpoint
from inference.models.weights import WeightsHeader
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    import torch

    from inference.models.devices import Device
    from inference.models.guided_upsampler import GuidedUpsampler
    from inference.models.loaded import DiffusionParts, LoadedDiffusion

_UPSAMPLER: Final = "upsampler"
_LATENT_CHANNELS: Final = 4
_XL_GUIDANCE: Final = 5.0
"""As in diffusers' pipelines of Stable Diffusion XL."""

_SIZES: Final = 6
"""Numbers that tell Stable Diffusion XL the sizes of original and crop."""

_TOKENIZERS: Final = ("CLIPTokenizer", "CLIPTokenizerFast")
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "unet": ("UNet2DConditionModel",),
    "vae": ("AutoencoderKL",),
    "text_encoder": ("CLIPTextModel",),
    "tokenizer": _TOKENIZERS,
}
XL_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    **PARTS,
    "text_encoder_2": ("CLIPTextModelWithProjection",),
    "tokenizer_2": _TOKENIZERS,
}
"""What Stable Diffusion XL has (Podell et al. 2023)."""

_SCHEDULERS: Final = {
    "DDIMScheduler", "DDPMScheduler", "PNDMScheduler", "LMSDiscreteScheduler", "LCMScheduler",
    "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "HeunDiscreteScheduler",
    "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "KDPM2DiscreteScheduler",
    "UniPCMultistepScheduler", "DEISMultistepScheduler", "TCDScheduler",
}  # fmt: skip


class StableDiffusion(Family):
    """Pipelines of a UNet with cross attention, an autoencoder and CLIP text encoders.

    Args:
        name: of the family.
        role: what its models serve.
        pipelines: classes that `model_index.json` may name.
        channels: of the UNet's input: how many times the autoencoder's latent channels, and how
            many more.
        parts: that a folder must have, and the classes that can be used for each.
    """

    def __init__(
        self,
        name: str,
        role: str,
        pipelines: tuple[str, ...],
        channels: tuple[int, int],
        parts: Mapping[str, tuple[str, ...]] = PARTS,
    ) -> None:
        self.name, self.roles = name, (role,)
        self._pipelines, self._channels, self._parts = pipelines, channels, parts

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by the pipeline's class in `model_index.json`."""
        found = pipeline_parts(folder, self._pipelines, self._parts)
        if found is None:
            return None
        parts, weights = found
        self._check_channels(folder)
        if _UPSAMPLER in folder.names:  # what it draws depends on it too
            weights += folder.part(_UPSAMPLER).weights()
        return folder.found(self.name, self.roles[0], weights, parts)

    def recognise_file(self, file: Path, header: WeightsHeader) -> FoundModel | None:
        """Known by the names of the tensors, and by how many channels its UNet takes."""
        checkpoint = checkpoint_of(header)
        if checkpoint is None or checkpoint.family != self.name:
            return None
        return found_checkpoint(file, header, checkpoint, self.roles[0])

    def _check_channels(self, folder: ModelFolder) -> None:
        latents = folder.part("vae").config("config.json").get("latent_channels")
        wanted = self._input_channels(latents if isinstance(latents, int) else _LATENT_CHANNELS)
        channels = folder.part("unet").config("config.json").get("in_channels", wanted)
        if channels != wanted:
            raise Refused(Message("model.unet_channels", channels=channels, wanted=wanted))

    def _input_channels(self, latents: int) -> int:
        times, more = self._channels
        return times * latents + more

    def preferred_settings(self, model: FoundModel) -> Mapping[str, Any]:
        """Those of distilled models; Stable Diffusion XL is led less than the others."""
        few = few_step_settings(model.configs)
        is_xl = "text_encoder_2" in self._parts
        return few or ({"guidance_scale": _XL_GUIDANCE} if is_xl else {})

    def expected_bytes(self, model: FoundModel, device: Device) -> int:
        """Small UNets on a CPU are held twice; which share of the model they are is not known."""
        if model.elements < LARGE and device.kind == "cpu":
            return model.elements * 8
        return super().expected_bytes(model, device)

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedDiffusion:
        """The parts, each with its stock class; the autoencoder stays in float32."""
        import diffusers
        import torch

        from inference.models.loaded import LoadedDiffusion
        from inference.models.single_file_loading import load_single_file
        from inference.models.stock import Unfit

        dtype: torch.dtype = getattr(torch, self.dtype_name(model, device))
        load = load_single_file if model.layout else _load_folder
        parts = load(model, dtype, check)
        config = parts.scheduler_config
        name = str(config.get("_class_name"))
        if name not in _SCHEDULERS:
            raise Unfit(Message("model.scheduler_unknown", scheduler=name[:80]))
        check()
        unet, vae, second = parts.unet, parts.vae, parts.text_encoder_2
        wanted = self._input_channels(int(vae.config.latent_channels))
        if unet.config.in_channels != wanted:
            channels = unet.config.in_channels
            raise Unfit(Message("model.unet_takes", channels=channels, wanted=wanted))
        _check_texts(parts)
        return LoadedDiffusion(
            model,
            unet.to(device.place),
            vae.to(device.place),
            parts.text_encoder.to(device.place),
            parts.tokenizer,
            getattr(diffusers, name),
            config,
            device.place,
            dtype,
            may_be_lean=model.elements < LARGE and device.kind == "cpu" and dtype is torch.float32,
            upsampler=_upsampler(model, device),
            text_encoder_2=second.to(device.place) if second is not None else None,
            tokenizer_2=parts.tokenizer_2,
            empty_is_zero=parts.empty_is_zero,
        )


def _check_texts(parts: DiffusionParts) -> None:
    """Refuse text encoders that do not fit the UNet or their tokenizers."""
    from inference.models.stock import Unfit

    unet, second = parts.unet.config, parts.text_encoder_2
    width = parts.text_encoder.config.hidden_size
    if second is not None:
        width += second.config.hidden_size
        pooled = second.config.projection_dim
        sizes = unet.addition_time_embed_dim or 0
        wanted = unet.projection_class_embeddings_input_dim
        if (
            unet.addition_embed_type != "text_time"
            or pooled > width
            or wanted != _SIZES * sizes + pooled
        ):
            raise Unfit(Message("model.encoder_unfit"))
    elif unet.addition_embed_type is not None:
        raise Unfit(Message("model.encoder_unfit"))
    if unet.cross_attention_dim != width:
        raise Unfit(Message("model.encoder_unfit"))
    for tokenizer, encoder in (
        (parts.tokenizer, parts.text_encoder),
        (parts.tokenizer_2, second),
    ):
        if encoder is not None and len(tokenizer) > encoder.config.vocab_size:
            raise Unfit(Message("model.tokenizer_over_encoder"))


def _load_folder(model: FoundModel, dtype: torch.dtype, check: CancelCheck) -> DiffusionParts:
    """The parts of a pipeline's folder; arguments and errors as of `load_single_file`."""
    import diffusers
    import torch
    import transformers

    from inference.models.loaded import DiffusionParts
    from inference.models.stock import stock

    folder = model.folder
    config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text("utf-8"))
    tokenizers, encoders = [], []
    kinds = {
        "": transformers.CLIPTextModel,
        "_2": transformers.CLIPTextModelWithProjection,
    }
    for number, kind in kinds.items():
        if f"text_encoder{number}" not in (model.parts or {}):
            continue
        check()
        tokenizers.append(
            transformers.CLIPTokenizer.from_pretrained(
                folder / f"tokenizer{number}", local_files_only=True
            )
        )
        check()
        encoders.append(stock(kind, folder / f"text_encoder{number}", dtype=dtype))
    check()
    vae = stock(diffusers.AutoencoderKL, folder / "vae", torch_dtype=torch.float32)
    check()
    unet = stock(diffusers.UNet2DConditionModel, folder / "unet", torch_dtype=dtype)
    parts = DiffusionParts(tokenizers[0], encoders[0], vae, unet, config)
    if len(encoders) == 1:
        return parts
    index = json.loads((folder / INDEX).read_text("utf-8"))
    return replace(
        parts,
        tokenizer_2=tokenizers[1],
        text_encoder_2=encoders[1],
        # The stock pipelines' default, as of the published models.
        empty_is_zero=bool(index.get("force_zeros_for_empty_prompt", True)),
    )


def _upsampler(model: FoundModel, device: Device) -> GuidedUpsampler | None:
    from inference.models.guided_upsampler import load_upsampler

    folder = model.folder / _UPSAMPLER
    return load_upsampler(folder).to(device.place) if folder.is_dir() else None


FAMILY: Final = StableDiffusion(
    "stable-diffusion",
    "text_to_image",
    ("StableDiffusionPipeline", "LatentConsistencyModelPipeline"),
    (1, 0),
)
