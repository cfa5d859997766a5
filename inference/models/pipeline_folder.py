"""Folders of diffusers' pipelines: `model_index.json` and a folder for each part."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from editor.messages import Message
from inference.models.found_model import Refused
from inference.models.model_folder import MISSING, ModelFolder

INDEX: Final = "model_index.json"
_OPTIONAL_PARTS: Final = {"safety_checker", "feature_extractor", "image_encoder"}


_LARGEST_SIDE: Final = 1 << 13
_MOST_LEVELS: Final = 8
"""Of latents, and of an autoencoder: more than any model has."""


def pipeline_parts(
    folder: ModelFolder, pipelines: Collection[str], wanted: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, str], list[Path]] | None:
    """The parts of a pipeline and their weights; None if the folder is of another class.

    Args:
        folder: looked at.
        pipelines: classes of which `model_index.json` must name one.
        wanted: by part, the classes that can be used for it.

    Returns:
        The class of each part that is there, and every weights file.

    Raises:
        Refused: a part is missing, of another kind, or without weights.
        OSError: files cannot be read.
    """
    if INDEX not in folder.names:
        return None
    index = folder.config(INDEX)
    if index.get("_class_name") not in pipelines:
        return None
    parts = {
        name: value[1]
        for name, value in index.items()
        if not name.startswith("_") and name in folder.names and _is_class(value)
    }
    weights = [path for name in parts for path in _part_weights(folder, name)]
    for name, classes in wanted.items():
        if name not in parts:
            raise Refused(Message("model.part_missing", part=name))
        if parts[name] not in classes:
            kind, first = parts[name][:80], classes[0]
            raise Refused(Message("model.part_of_other_kind", part=name, kind=kind, wanted=first))
    if not (folder.path / "scheduler" / "scheduler_config.json").is_file():
        raise Refused(Message("model.part_missing", part="scheduler"))
    return parts, weights


def _is_class(value: object) -> bool:
    """True for `["diffusers", "UNet2DConditionModel"]`, as an index names a part's class."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[1], str)


def _part_weights(folder: ModelFolder, name: str) -> list[Path]:
    part = folder.part(name)
    if "config.json" not in part.names:
        return []
    part.config("config.json")
    try:
        return part.weights()
    except Refused as refused:
        if name in _OPTIONAL_PARTS:
            return []
        missing = refused.reason == MISSING
        reason = Message("model.part_without_weights", part=name) if missing else refused.reason
        raise type(refused)(reason, refused.fix) from None


def side_of(folder: Path) -> int:
    """The side in pixels of the square that a pipeline was made for.

    Raises:
        OSError, ValueError, TypeError, KeyError: its configs do not say, or name no real size.
    """
    latents = _values(folder / "unet" / "config.json")["sample_size"]
    levels = len(_values(folder / "vae" / "config.json")["block_out_channels"])
    side = latents if isinstance(latents, int) else max(latents)
    if type(side) is not int or not 0 < side <= _LARGEST_SIDE or not 0 < levels <= _MOST_LEVELS:
        raise ValueError(f"no size of pictures: {levels} levels")
    return side << (levels - 1)


def _values(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return values
