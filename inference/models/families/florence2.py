"""Florence-2 (Xiao et al. 2024): captions of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from editor.messages import Message
from inference.models.family import Family
from inference.models.found_model import FoundModel, Refused
from inference.models.model_folder import ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedCaptioner

_TASK: Final = "<CAPTION>"


class Florence2(Family):
    """`Florence2ForConditionalGeneration` of transformers with its processor."""

    name = "florence-2"
    roles = ("captioner",)
    short_types = ()  # as BLIP: small enough for float32

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by its architecture.

        The first folders that were published, by Microsoft, run code of their own and name their
        weights otherwise.
        """
        if folder.architecture != "Florence2ForConditionalGeneration":
            return None
        if "auto_map" in folder.transformers_config:
            raise Refused(Message("model.asks_code", file="config.json"), Message("do.other_model"))
        return folder.found(self.name, "captioner", folder.weights())

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedCaptioner:
        """Network and processor, in float32."""
        import torch
        import transformers

        from inference.models.loaded import LoadedCaptioner
        from inference.models.stock import stock

        processor = transformers.Florence2Processor.from_pretrained(
            model.folder, local_files_only=True
        )
        check()
        network = stock(
            transformers.Florence2ForConditionalGeneration, model.folder, dtype=torch.float32
        )
        return LoadedCaptioner(
            model,
            network.to(device.place),
            processor,
            device.place,
            torch.float32,
            prompt=_TASK,
        )


FAMILY: Final = Florence2()
