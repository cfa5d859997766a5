"""MediaPipe's selfie segmentation (Apache-2.0): which pixels are people."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from editor.messages import Message
from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedSegmentation

_FILE: Final = "selfie_segmentation.tflite"
_IDENTIFIER: Final = b"TFL3"
"""Bytes 4 to 8 of every TFLite file (its flatbuffer's identifier)."""


class SelfieSegmentation(Family):
    """One TFLite file, which OpenCV computes on the CPU."""

    name = "selfie-segmentation"
    roles = ("segmentation",)
    short_types: ClassVar[tuple[str, ...]] = ()

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by the name of its file."""
        if _FILE not in folder.names:
            return None
        file = folder.path / _FILE
        with file.open("rb") as content:
            if content.read(8)[4:] != _IDENTIFIER:
                return None  # refused as a file
        return folder.found_file(self.name, self.roles[0], file)

    def expected_bytes(self, model: FoundModel, device: Device) -> int:
        """As many as the file has; OpenCV holds its weights in the types that they have there."""
        return model.bytes

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedSegmentation:
        """The network; OpenCV computes it on the CPU whatever the device."""
        import cv2

        from inference.models.loaded import LoadedSegmentation
        from inference.models.stock import Unfit

        try:
            network = cv2.dnn.readNetFromTFLite(str(model.weights[0]))
        except cv2.error:
            raise Unfit(Message("model.network_unreadable")) from None
        return LoadedSegmentation(model, network)


FAMILY: Final = SelfieSegmentation()
