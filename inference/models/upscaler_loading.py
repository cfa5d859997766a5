"""Loads a network for super-resolution with spandrel, which reads its sizes out of the tensors."""

from __future__ import annotations

import warnings

import spandrel
import torch
from safetensors.torch import load_file

from editor.messages import Message
from inference.models.devices import Device
from inference.models.found_model import FoundModel
from inference.models.loaded import LoadedUpscaler
from inference.models.stock import Unfit
from inference.request.cancel import CancelCheck


def load_upscaler(model: FoundModel, device: Device, check: CancelCheck) -> LoadedUpscaler:
    """The network in float32.

    Args:
        model: one safetensors file.
        device: where it goes.
        check: called once the file is read; what it raises passes.

    Raises:
        Unfit: it is of no kind that is known, or does not make colour pictures larger.
    """
    state = load_file(model.weights[0])
    check()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "torch.meshgrid", UserWarning)
        try:
            described = spandrel.ModelLoader(device="cpu").load_from_state_dict(state)
        except (spandrel.UnsupportedModelError, RuntimeError, KeyError):
            raise Unfit(Message("model.sizes_unfit")) from None
    if not isinstance(described, spandrel.ImageModelDescriptor):
        raise Unfit(Message("model.sizes_unfit"))
    if described.scale < 2 or (described.input_channels, described.output_channels) != (3, 3):
        raise Unfit(Message("model.enlarges_nothing"))
    network = described.model.float().eval().requires_grad_(False).to(device.place)
    return LoadedUpscaler(model, network, described.scale, device.place, torch.float32)
