"""Heads on CLIP's features: LAION's aesthetic predictors, and the starter models' own two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inference.models.family import Family
from inference.models.found_model import FoundModel, Refused
from inference.models.head_layout import head_layout
from inference.models.model_folder import ModelFolder
from inference.models.weights import DamagedWeights, read_header
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedHead

ROLES: Final = {"AestheticPredictor": "aesthetic", "PreferenceHead": "preference"}
"""Role of each architecture that a config of ours names."""

_MOST_BYTES: Final = 16 << 20


class AestheticHead(Family):
    """A safetensors file with the layers of a head, alone in its folder.

    LAION's (Schuhmann et al. 2022, "LAION-5B", on features of OpenAI's ViT-L/14) come without a
    config; those of the starter models name what they rate and the CLIP weights they belong to.
    """

    name = "aesthetic-head"
    roles = ("aesthetic", "preference")
    short_types = ()

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by the names and shapes of its tensors."""
        files = [entry for entry in folder.entries if entry.suffix == ".safetensors"]
        if len(files) != 1 or files[0].stat().st_size > _MOST_BYTES:
            return None
        own = folder.architecture
        if own and own not in ROLES:
            return None
        try:
            shapes = read_header(files[0]).shapes
        except DamagedWeights as error:
            if own:
                raise Refused(error.reason) from None
            return None  # whatever it is, it is refused as that
        if head_layout(shapes) is None:
            return None
        return folder.found(self.name, ROLES.get(own, "aesthetic"), folder.weights())

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedHead:
        """The network, on the CPU: it is smaller than the way to a card."""
        from inference.models.loaded import LoadedHead
        from inference.models.score_head import load_head, own_config

        check()
        config = own_config(model.folder)
        return LoadedHead(model, load_head(model.weights[0]), str(config.get("clip_weights", "")))


FAMILY: Final = AestheticHead()
