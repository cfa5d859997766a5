"""BLIP (Li et al. 2022): captions of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedCaptioner


class Blip(Family):
    """`BlipForConditionalGeneration` of transformers with its processor."""

    name = "blip"
    roles = ("captioner",)
    short_types = ()  # it has sums that overflow float16, and is small enough for float32

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by its architecture: other classes of BLIP answer questions or match texts."""
        if folder.architecture != "BlipForConditionalGeneration":
            return None
        return folder.found(self.name, "captioner", folder.weights())

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedCaptioner:
        """Network and processor, in float32."""
        import torch
        import transformers

        from inference.models.loaded import LoadedCaptioner
        from inference.models.stock import stock

        processor = transformers.BlipProcessor.from_pretrained(model.folder, local_files_only=True)
        check()
        network = stock(
            transformers.BlipForConditionalGeneration, model.folder, dtype=torch.float32
        )
        return LoadedCaptioner(
            model, network.to(device.place), processor, device.place, torch.float32
        )


FAMILY: Final = Blip()
