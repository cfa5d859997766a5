"""Stable Diffusion 1 and 2 (Rombach et al. 2022) in the folder layout of diffusers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from editor.messages import Message
from inference.models.family import LARGE, Family
from inference.models.found_model import FoundModel, Refused
from inference.models.model_folder import ModelFolder
from inference.models.pipeline_folder import pipeline_parts
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
_PARTS: Final = {
    "unet": ("UNet2DConditionModel",),
    "vae": ("AutoencoderKL",),
    "text_encoder": ("CLIPTextModel",),
    "tokenizer": ("CLIPTokenizer", "CLIPTokenizerFast"),
}
_SCHEDULERS: Final = {
    "DDIMScheduler", "DDPMScheduler", "PNDMScheduler", "LMSDiscreteScheduler", "LCMScheduler",
    "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "HeunDiscreteScheduler",
    "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "KDPM2DiscreteScheduler",
    "UniPCMultistepScheduler", "DEISMultistepScheduler",
}  # fmt: skip


class StableDiffusion(Family):
    """Pipelines of a UNet with cross attention, an autoencoder and one CLIP text encoder.

    Args:
        name: of the family.
        role: what its models serve.
        pipeline: class that `model_index.json` names.
        channels: of the UNet's input: how many times the autoencoder's latent channels, and how
            many more.
    """

    def __init__(self, name: str, role: str, pipeline: str, channels: tuple[int, int]) -> None:
        self.name, self.roles = name, (role,)
        self._pipeline, self._channels = pipeline, channels

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by the pipeline's class in `model_index.json`."""
        found = pipeline_parts(folder, self._pipeline, _PARTS)
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
        unet, vae, text_encoder = parts.unet, parts.vae, parts.text_encoder
        wanted = self._input_channels(int(vae.config.latent_channels))
        if unet.config.in_channels != wanted:
            channels = unet.config.in_channels
            raise Unfit(Message("model.unet_takes", channels=channels, wanted=wanted))
        if unet.config.cross_attention_dim != text_encoder.config.hidden_size:
            raise Unfit(Message("model.encoder_unfit"))
        if len(parts.tokenizer) > text_encoder.config.vocab_size:
            raise Unfit(Message("model.tokenizer_over_encoder"))
        return LoadedDiffusion(
            model,
            unet.to(device.place),
            vae.to(device.place),
            text_encoder.to(device.place),
            parts.tokenizer,
            getattr(diffusers, name),
            config,
            device.place,
            dtype,
            may_be_lean=model.elements < LARGE and device.kind == "cpu" and dtype is torch.float32,
            upsampler=_upsampler(model, device),
        )


def _load_folder(model: FoundModel, dtype: torch.dtype, check: CancelCheck) -> DiffusionParts:
    """The parts of a pipeline's folder; arguments and errors as of `load_single_file`."""
    import diffusers
    import torch
    import transformers

    from inference.models.loaded import DiffusionParts
    from inference.models.stock import stock

    folder = model.folder
    config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text("utf-8"))
    check()
    tokenizer = transformers.CLIPTokenizer.from_pretrained(
        folder / "tokenizer", local_files_only=True
    )
    check()
    text_encoder = stock(transformers.CLIPTextModel, folder / "text_encoder", dtype=dtype)
    check()
    vae = stock(diffusers.AutoencoderKL, folder / "vae", torch_dtype=torch.float32)
    check()
    unet = stock(diffusers.UNet2DConditionModel, folder / "unet", torch_dtype=dtype)
    return DiffusionParts(tokenizer, text_encoder, vae, unet, config)


def _upsampler(model: FoundModel, device: Device) -> GuidedUpsampler | None:
    from inference.models.guided_upsampler import load_upsampler

    folder = model.folder / _UPSAMPLER
    return load_upsampler(folder).to(device.place) if folder.is_dir() else None


FAMILY: Final = StableDiffusion(
    "stable-diffusion", "text_to_image", "StableDiffusionPipeline", (1, 0)
)
