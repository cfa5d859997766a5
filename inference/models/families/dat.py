"""DAT (Chen et al. 2023, "Dual Aggregation Transformer for Image Super-Resolution")."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, ClassVar, Final

from editor.messages import Message
from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.models.weights import DamagedWeights, read_header
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedUpscaler

_TENSORS: Final = frozenset(
    {"conv_first.weight", "before_RG.1.weight", "layers.0.blocks.0.attn.qkv.weight"}
)
"""Names that only this network has together."""


class Dat(Family):
    """One safetensors file; spandrel reads sizes and scale out of its tensors."""

    name = "dat"
    roles = ("upscaler",)
    short_types: ClassVar[tuple[str, ...]] = ()

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by the names of its tensors, where the folder holds one weights file."""
        files = [entry for entry in folder.entries if entry.suffix == ".safetensors"]
        if len(files) != 1 or "config.json" in folder.names:
            return None
        try:
            header = read_header(files[0])
        except DamagedWeights:
            return None  # refused as a file, with the reason
        if not header.shapes.keys() >= _TENSORS:
            return None
        return folder.found(self.name, self.roles[0], folder.weights())

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedUpscaler:
        """The network in float32."""
        import spandrel
        import torch
        from safetensors.torch import load_file

        from inference.models.loaded import LoadedUpscaler
        from inference.models.stock import Unfit

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
        network = described.model.eval().requires_grad_(False).to(device.place)
        return LoadedUpscaler(model, network, described.scale, device.place, torch.float32)


FAMILY: Final = Dat()
