"""DAT (Chen et al. 2023, "Dual Aggregation Transformer for Image Super-Resolution")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.models.upscaler_scale import scale_of
from inference.models.weights import DamagedWeights, WeightsHeader, read_header
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from pathlib import Path

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
        """Known by the names of its tensors, in a folder of its own."""
        if "model.safetensors" not in folder.names or "config.json" in folder.names:
            return None
        try:
            header = read_header(folder.path / "model.safetensors")
        except DamagedWeights:
            return None  # refused as a file, with the reason
        if not header.shapes.keys() >= _TENSORS:
            return None
        found = folder.found(self.name, self.roles[0], folder.weights())
        return replace(found, scale=scale_of(header.shapes))

    def recognise_file(self, file: Path, header: WeightsHeader) -> FoundModel | None:
        """The same among files of other networks."""
        if not header.shapes.keys() >= _TENSORS:
            return None
        size = file.stat().st_size
        return FoundModel(
            self.roles[0],
            file.stem,
            file,
            (file,),
            size,
            header.elements,
            family=self.name,
            scale=scale_of(header.shapes),
        )

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedUpscaler:
        """The network in float32."""
        from inference.models.upscaler_loading import load_upscaler

        return load_upscaler(model, device, check)


FAMILY: Final = Dat()
