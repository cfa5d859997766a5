"""One kind of model: how it is recognised, what it serves and how it is loaded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final

from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedModel

LARGE: Final = 100_000_000
"""Networks with fewer weights run in float32: they gain nothing from half precision."""


class Family(ABC):
    """All facts about one kind of model; one file in `inference/models/families`.

    The file defines `FAMILY`, an instance, and imports torch only inside functions: folders are
    searched where torch is not imported.

    Attributes:
        name: in `ModelRef` and documents; it never changes.
        roles: what models of this family can serve.
        half: large ones may run in half precision.
    """

    name: str
    roles: tuple[str, ...]
    half: ClassVar[bool] = True

    @abstractmethod
    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """The model in a folder, None if it is none of this family.

        Raises:
            Refused: it is one, and cannot be used.
            OSError: files cannot be read.
        """

    @abstractmethod
    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedModel:
        """Load a model with the stock classes of its kind: offline, no code of its own.

        Args:
            model: as `recognise` found it.
            device: where it goes.
            check: called between parts; what it raises passes.

        Raises:
            Unfit: its parts do not fit together.
        """

    def runs_in_half(self, model: FoundModel, device: Device) -> bool:
        """True if a model's weights are kept in half precision."""
        return self.half and device.half and model.elements >= LARGE

    def expected_bytes(self, model: FoundModel, device: Device) -> int:
        """Memory a model will take once loaded."""
        return model.elements * (2 if self.runs_in_half(model, device) else 4)
