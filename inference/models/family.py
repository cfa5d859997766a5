"""One kind of model: how it is recognised, what it serves and how it is loaded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.models.weights import WeightsHeader
from inference.request.cancel import CancelCheck
from inference.request.device_info import DeviceInfo

if TYPE_CHECKING:
    from pathlib import Path

    from inference.models.devices import Device
    from inference.models.loaded import LoadedModel

LARGE: Final = 100_000_000
"""Networks with fewer weights run in float32: they gain nothing from 16-bit types."""

MODEL_SHARE: Final = 0.6
"""Part of a device's memory that models may fill; activations need the rest."""


class Family(ABC):
    """All facts about one kind of model; one file in `inference/models/families`.

    The file defines `FAMILY`, an instance, and imports torch only inside functions: folders are
    searched where torch is not imported.

    Attributes:
        name: in `ModelRef` and documents; it never changes.
        roles: what models of this family can serve.
        short_types: torch's names of the 16-bit types that large ones may be kept in, the best
            first; () for those that need float32. UNets of Stable Diffusion fit float16; flow
            transformers overflow it and need the range of bfloat16.
        preloads: may be loaded while nothing is asked for, so that the first edit need not wait;
            not what fills a graphics card.
        comes_in_parts: where a graphics card cannot hold it whole, its parts come there in turn.
        lends: roles that a part of a loaded model serves too (`lent`): the language model by which
            an editor reads words also captions and suggests.
    """

    name: str
    roles: tuple[str, ...]
    short_types: ClassVar[tuple[str, ...]] = ("float16",)
    preloads: ClassVar[bool] = True
    comes_in_parts: ClassVar[bool] = False
    lends: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """The model in a folder, None if it is none of this family.

        Raises:
            Refused: it is one, and cannot be used.
            OSError: files cannot be read.
        """

    def recognise_file(self, file: Path, header: WeightsHeader) -> FoundModel | None:
        """The model that a safetensors file is by itself, None if it is none of this family.

        Args:
            file: lies in no model's folder.
            header: of it.

        Raises:
            Refused: it is one, and cannot be used.
        """
        return None

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

    def lent(self, role: str, loaded: LoadedModel) -> LoadedModel:
        """A part of a loaded model for a role of `lends`; its weights are the model's own."""
        raise NotImplementedError(f"{self.name} lends nothing for {role}")

    def dtype_name(self, model: FoundModel, device: DeviceInfo) -> str:
        """Torch's name of the type that a model's networks are kept in on a device.

        Autoencoders stay in float32 everywhere, as several overflow float16. So does CLIP: the
        differences of unit vectors that rank candidates need the digits.
        """
        if model.elements < LARGE:
            return "float32"
        return next((name for name in self.short_types if name in device.short_types), "float32")

    def preferred_settings(self, model: FoundModel) -> Mapping[str, Any]:
        """Settings that suit a model better than the defaults of the methods, by name.

        Read from its configs alone, such as the few steps of distilled models.

        Raises:
            OSError, ValueError, TypeError: a config cannot be read.
        """
        return {}

    def expected_bytes(self, model: FoundModel, device: Device) -> int:
        """Memory a model will take once loaded."""
        return model.elements * (4 if self.dtype_name(model, device) == "float32" else 2)
