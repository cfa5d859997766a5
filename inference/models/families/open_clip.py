"""CLIP models (Radford et al. 2021) as open_clip publishes them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from editor.messages import Message
from inference.models.family import Family
from inference.models.found_model import FoundModel, Refused
from inference.models.model_folder import ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedClip

CONFIG: Final = "open_clip_config.json"
_PREFERRED: Final = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "model.safetensors",
)
"""Names that open_clip itself looks for first (`_find_checkpoint_in_dir`)."""


class OpenClip(Family):
    """A folder with `open_clip_config.json`; float32, for the digits of ranking."""

    name = "open-clip"
    roles = ("clip",)
    short_types = ()

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by its config; of several weights files, the one that open_clip prefers.

        A folder may hold the same model in the form of transformers too, as laion publishes it;
        then `model.safetensors` is that form's.
        """
        if CONFIG not in folder.names:
            return None
        folder.config(CONFIG)
        shared = folder.architecture != ""
        try:
            files = folder.weights()
        except Refused:
            if shared:
                return None
            raise
        ours = [path for path in files if not (shared and path.name == _PREFERRED[-1])]
        if not ours:
            return None  # the family of transformers' CLIP takes it
        return folder.found(self.name, "clip", [_preferred(ours)])

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedClip:
        """Network, tokenizer and preprocessing of the config."""
        import open_clip
        import torch

        from inference.models.loaded import LoadedClip
        from inference.models.stock import Unfit, preprocessing

        check()
        config = json.loads((model.folder / CONFIG).read_text("utf-8"))
        if not isinstance(config.get("model_cfg"), dict):
            raise Unfit(Message("model.clip_config"))
        name = f"local-dir:{model.folder}"
        options: dict[str, Any] = {"load_weights": False, "pretrained_text": False}
        # Sizes first, without allocating: a config may ask for more than the weights hold.
        with _without_alarm(), torch.device("meta"):
            sizes = open_clip.create_model(name, device="meta", **options)
        if sum(p.numel() for p in sizes.parameters()) > model.elements:
            raise Unfit(Message("model.sizes_unfit"))
        check()
        with _without_alarm():
            network = open_clip.create_model(name, device="cpu", **options)
        check()
        open_clip.load_checkpoint(network, str(model.weights[0]), strict=True, weights_only=True)
        check()
        tokenizer = open_clip.get_tokenizer(name)
        network.eval().requires_grad_(False)
        size = network.visual.image_size
        size = (size, size) if isinstance(size, int) else (int(size[0]), int(size[1]))
        values = config.get("preprocess_cfg") or {}
        squash = values.get("resize_mode") == "squash"
        return LoadedClip(
            model,
            network.to(device.place),
            tokenizer,
            preprocessing(size, values, "mean", "std", squash=squash),
            "open_clip",
            device.place,
        )


def _preferred(files: list[Path]) -> Path:
    by_name = {path.name: path for path in files}
    return next((by_name[name] for name in _PREFERRED if name in by_name), files[0])


@contextmanager
def _without_alarm() -> Iterator[None]:
    """open_clip warns that weights are random, which they are for a moment only."""

    def is_wanted(record: logging.LogRecord) -> bool:
        return "No pretrained weights loaded" not in record.getMessage()

    root = logging.getLogger()
    root.addFilter(is_wanted)
    try:
        yield
    finally:
        root.removeFilter(is_wanted)


FAMILY: Final = OpenClip()
