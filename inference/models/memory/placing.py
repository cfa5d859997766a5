"""Puts the networks of a loaded model where its plan wants them, with the libraries' own hooks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import torch

from inference.models.devices import Device
from inference.models.family import LARGE
from inference.models.loaded import LoadedDiffusion, LoadedModel, LoadedPipeline
from inference.models.memory.plan import MemoryPlan, Residence
from inference.models.memory.prediction import TILE

_LAYERS: Final = (
    torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Conv3d, torch.nn.Linear, torch.nn.Embedding,
)  # fmt: skip
"""Layers whose weights can be kept in a short type; norms are small, and need their digits."""

_HOOKED: Final = "diffusers."
"""Networks that a pipeline asks for their type, and that then answer with the one they compute in;
those of transformers name the type that they are kept in."""

_NO_NAME: Final = "(?!)"
"""A pattern that matches nothing: without it a list of the hook's own is taken."""


def loading_device(device: Device, plan: MemoryPlan) -> Device:
    """Where a model is loaded to: main memory where its parts come to the device in turn.

    Weights that are kept in a short type are loaded in it, so that they are never there twice.
    """
    if plan.residence is not Residence.RESIDENT:
        device = replace(device, kind="cpu")
    if plan.kept_as:
        device = replace(device, short_types=frozenset({plan.kept_as}))
    return device


def placed(loaded: LoadedModel, plan: MemoryPlan, device: Device) -> LoadedModel:
    """The model, held as a plan says.

    Args:
        loaded: on `loading_device`.
        plan: how it is held.
        device: where it computes.
    """
    if not isinstance(loaded, LoadedDiffusion | LoadedPipeline):
        return loaded
    networks, vae = _networks(loaded), _autoencoder(loaded)
    if plan.kept_as:
        vae.to(torch.float32)
        for network in (one for one in networks if one is not vae):
            if isinstance(loaded, LoadedDiffusion) or type(network).__module__.startswith(_HOOKED):
                keep_short(network, getattr(torch, plan.kept_as))
            else:
                network.to(torch.float32)
        loaded = replace(loaded, dtype=torch.float32)
    if plan.tiles and hasattr(vae, "enable_tiling"):
        vae.enable_tiling()
        _shrink_tiles(vae)
    if plan.residence is Residence.RESIDENT:
        return replace(loaded, plan=plan)
    if isinstance(loaded, LoadedPipeline):
        # The pipeline's own sequential offload wants a GPU's number.
        if plan.residence is Residence.SEQUENTIAL_OFFLOAD:
            _offload_networks(networks, plan.residence, device)
        else:
            _offload_pipeline(loaded.pipeline, plan.residence, device)
        whole = plan.residence is Residence.MODEL_OFFLOAD
        return replace(loaded, plan=plan, device=device.place, offloads=whole)
    _offload_networks(networks, plan.residence, device)
    upsampler = loaded.upsampler.to(device.place) if loaded.upsampler is not None else None
    return replace(loaded, plan=plan, device=device.place, may_be_lean=False, upsampler=upsampler)


def _networks(loaded: LoadedDiffusion | LoadedPipeline) -> list[Any]:
    """In the order of their use, where the program itself calls them."""
    if isinstance(loaded, LoadedPipeline):
        return loaded.networks
    parts = (loaded.text_encoder, loaded.text_encoder_2, loaded.unet, loaded.vae)
    return [part for part in parts if part is not None]


def _autoencoder(loaded: LoadedDiffusion | LoadedPipeline) -> Any:
    return loaded.pipeline.vae if isinstance(loaded, LoadedPipeline) else loaded.vae


def keep_short(network: Any, kept: torch.dtype) -> None:
    """Keep the layers of a large network in a short type and compute in float32 (diffusers' hook).

    A small one is widened: it gains nothing.
    """
    from diffusers.hooks import apply_layerwise_casting

    if sum(tensor.numel() for tensor in network.parameters()) < LARGE:
        network.to(torch.float32)
        return
    wide = getattr(network, "_keep_in_fp32_modules", None) or ()  # the libraries' own list
    names = [rf"(^|\.){re.escape(name)}(\.|$)" for name in wide]
    for path, module in network.named_modules():
        named = any(re.search(name, path) for name in names)
        if named or not isinstance(module, _LAYERS):
            for own in (*module.parameters(recurse=False), *module.buffers(recurse=False)):
                if own.is_floating_point():
                    own.data = own.data.to(torch.float32)
    apply_layerwise_casting(network, kept, torch.float32, (_NO_NAME, *names))


def _shrink_tiles(vae: Any) -> None:
    """Tiles of `TILE` pixels: the library's own are as large as the model's whole picture."""
    if hasattr(vae, "tile_sample_min_size"):
        factor = 2 ** (len(vae.config.block_out_channels) - 1)
        vae.tile_sample_min_size, vae.tile_latent_min_size = TILE, TILE // factor


def _offload_pipeline(pipeline: Any, residence: Residence, device: Device) -> None:
    if residence is Residence.MODEL_OFFLOAD:
        pipeline.enable_model_cpu_offload(device=device.place)
    else:
        pipeline.enable_group_offload(
            onload_device=device.place,
            offload_device=torch.device("cpu"),
            offload_type="leaf_level",
            use_stream=_has_streams(device),
        )


def _offload_networks(networks: list[Any], residence: Residence, device: Device) -> None:
    """The same for networks that are called one by one, in the order of their use."""
    from accelerate import cpu_offload, cpu_offload_with_hook
    from diffusers.hooks import apply_group_offloading

    hook = None
    for network in networks:
        if residence is Residence.MODEL_OFFLOAD:
            _, hook = cpu_offload_with_hook(network, device.place, prev_module_hook=hook)
        elif residence is Residence.SEQUENTIAL_OFFLOAD:
            cpu_offload(network, device.place)
        else:
            apply_group_offloading(
                network,
                onload_device=device.place,
                offload_device=torch.device("cpu"),
                offload_type="leaf_level",
                use_stream=_has_streams(device),
            )


def _has_streams(device: Device) -> bool:
    """True where the next layer can come while the last one computes."""
    return device.kind in {"cuda", "xpu"}
