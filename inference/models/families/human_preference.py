"""CLIP models that were taught what people prefer: PickScore and HPSv2."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from inference.models.families.open_clip import CONFIG, OpenClip
from inference.models.families.transformers_clip import TransformersClip
from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedClip

_NAMES: Final = re.compile(r"pick.?score|hps(?:v?\d|\b)|human.?preference", re.IGNORECASE)


class HumanPreference(Family):
    """PickScore (Kirstain et al. 2023) and HPSv2 (Wu et al. 2023): ViT-H/14, fine-tuned.

    Their files are those of any CLIP, in the form of transformers or of open_clip; only the name of
    the folder, or the one in its config, says what they were taught: it contains PickScore or HPS.
    """

    name = "human-preference"
    roles = ("preference",)
    short_types = ()

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """A CLIP model by that name."""
        for family in (OpenClip(), TransformersClip()):
            found = family.recognise(folder)
            if found is not None:
                names = (found.id, str(folder.transformers_config.get("_name_or_path", "")))
                if not any(_NAMES.search(name) for name in names):
                    return None
                return replace(found, role="preference", family=self.name)
        return None

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedClip:
        """As the CLIP model that it is."""
        own = OpenClip() if (model.folder / CONFIG).is_file() else TransformersClip()
        return own.load(model, device, check)


FAMILY: Final = HumanPreference()
