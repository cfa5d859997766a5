"""Networks that draw pictures larger, in the files of their authors: one table of tensors each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.models.upscaler_scale import scale_of
from inference.models.weights import WeightsHeader
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from pathlib import Path

    from inference.models.devices import Device
    from inference.models.loaded import LoadedUpscaler

_NETWORKS: Final = (
    # Real-ESRGAN, ESRGAN in its older and its first names, BSRGAN (Wang et al. 2018 and 2021).
    frozenset({"conv_first.weight", "body.0.rdb1.conv1.weight", "conv_last.weight"}),
    frozenset({"model.0.weight", "model.1.sub.0.RDB1.conv1.0.weight"}),
    frozenset({"conv_first.weight", "RRDB_trunk.0.RDB1.conv1.weight", "conv_last.weight"}),
    # Real-ESRGAN's compact networks: convolutions and PReLUs in turn.
    frozenset({"body.0.weight", "body.0.bias", "body.1.weight", "body.2.weight"}),
    # SwinIR (Liang et al. 2021), HAT (Chen et al. 2023).
    frozenset(
        {
            "conv_first.weight",
            "layers.0.residual_group.blocks.0.norm1.weight",
            "layers.0.residual_group.blocks.0.attn.relative_position_bias_table",
        }
    ),
)
"""Names of tensors that only one kind of network has together."""


class SuperResolution(Family):
    """One safetensors file; `load_upscaler` reads sizes and scale out of its tensors."""

    name = "super-resolution"
    roles = ("upscaler",)
    short_types: ClassVar[tuple[str, ...]] = ()

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """None: such a model is a file, whatever lies beside it."""
        return None

    def recognise_file(self, file: Path, header: WeightsHeader) -> FoundModel | None:
        """Known by the names of its tensors."""
        if not any(header.shapes.keys() >= names for names in _NETWORKS):
            return None
        return FoundModel(
            self.roles[0],
            file.stem,
            file,
            (file,),
            file.stat().st_size,
            header.elements,
            family=self.name,
            scale=scale_of(header.shapes),
        )

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedUpscaler:
        """The network in float32."""
        from inference.models.upscaler_loading import load_upscaler

        return load_upscaler(model, device, check)


FAMILY: Final = SuperResolution()
