"""CLIP models (Radford et al. 2021) in the form of transformers."""

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


class TransformersClip(Family):
    """`CLIPModel`; float32, for the digits of ranking."""

    name = "transformers-clip"
    roles = ("clip",)
    short_types = ()

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by its architecture; weights of open_clip beside it are that family's."""
        if folder.architecture != "CLIPModel":
            return None
        files = [path for path in folder.weights() if not path.name.startswith("open_clip_")]
        return folder.found(self.name, "clip", files) if files else None

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedClip:
        """Network, tokenizer, and the preprocessing of `preprocessor_config.json`."""
        import torch
        import transformers

        from inference.models.loaded import LoadedClip
        from inference.models.stock import preprocessing, stock

        network = stock(transformers.CLIPModel, model.folder, dtype=torch.float32)
        check()
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            model.folder, local_files_only=True, trust_remote_code=False
        )
        side = int(network.config.vision_config.image_size)
        path = model.folder / "preprocessor_config.json"
        values = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return LoadedClip(
            model,
            network.to(device.place),
            tokenizer,
            preprocessing((side, side), values, "image_mean", "image_std", squash=False),
            "transformers",
            device.place,
        )


FAMILY: Final = TransformersClip()
