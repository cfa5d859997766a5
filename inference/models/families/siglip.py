"""SigLIP and SigLIP 2 (Zhai et al. 2023, Tschannen et al. 2025) in the form of transformers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedClip


class Siglip(Family):
    """`SiglipModel` serves as CLIP does; float32, for the digits of ranking.

    SigLIP 2 with pictures of any shape ("naflex") has another class, and is none of this family.
    """

    name = "siglip"
    roles = ("clip",)
    short_types = ()

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by its architecture."""
        if folder.architecture != "SiglipModel":
            return None
        return folder.found(self.name, "clip", folder.weights())

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedClip:
        """Network, tokenizer, and the preprocessing of `preprocessor_config.json`."""
        import torch
        import transformers

        from inference.models.loaded import LoadedClip
        from inference.models.stock import preprocessing, stock

        network = stock(transformers.SiglipModel, model.folder, dtype=torch.float32)
        check()
        # `tokenizer.json` says all there is to know; the classes that the folders name want
        # SentencePiece.
        tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(
            model.folder, local_files_only=True
        )
        side = int(network.config.vision_config.image_size)
        path = model.folder / "preprocessor_config.json"
        values = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return LoadedClip(
            model,
            network.to(device.place),
            tokenizer,
            preprocessing((side, side), values, "image_mean", "image_std", squash=True),
            "transformers",
            device.place,
            is_siglip=True,
        )


FAMILY: Final = Siglip()
