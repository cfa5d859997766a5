"""What is known of the networks of a model before any of it is loaded."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference.models.found_model import FoundModel
from inference.models.part_files import tensor_places
from inference.models.single_file import (
    AUTOENCODER,
    UNET,
    autoencoder_sizes,
    text_beginnings,
    unet_sizes,
)
from inference.models.weights import read_header


@dataclass(frozen=True)
class NetworkPart:
    """One network of a model.

    Attributes:
        name: of the part in its pipeline; "model" where there is only one.
        kind: its class, "" where that is not known.
        elements: how many numbers it has.
        largest: how many its largest tensor has.
        file_bytes: what they take in its files.
        file_type: that most of them have there, as safetensors calls it ("F16"); "" for unknown.
        config: of its class.
    """

    name: str
    kind: str
    elements: int
    largest: int
    file_bytes: int
    file_type: str = ""
    config: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_autoencoder(self) -> bool:
        """True for what turns pictures into latents; it computes in float32."""
        return self.kind.startswith("Autoencoder")


def network_parts(model: FoundModel) -> tuple[NetworkPart, ...]:
    """The networks of a model, from its configs and the headers of its weights files.

    Raises:
        OSError, ValueError, DamagedWeights: they cannot be read.
    """
    if model.layout is not None:
        return _parts_of_file(model)
    by_folder: dict[Path, list[Path]] = {}
    for file in model.weights:
        by_folder.setdefault(file.parent, []).append(file)
    return tuple(_part(model, folder, files) for folder, files in by_folder.items())


def _part(model: FoundModel, folder: Path, files: list[Path]) -> NetworkPart:
    name = folder.name if model.parts and folder.name in model.parts else "model"
    headers = [read_header(file) for file in files if file.suffix == ".safetensors"]
    sizes = [math.prod(shape) for header in headers for shape in header.shapes.values()]
    config = folder / "config.json"
    values = json.loads(config.read_text("utf-8")) if config.is_file() else {}
    if not isinstance(values, dict):
        raise ValueError(f"{config.name} is no JSON object")
    return NetworkPart(
        name,
        (model.parts or {}).get(name, ""),
        sum(sizes) or model.elements,
        max(sizes, default=0),
        sum(file.stat().st_size for file in files),
        headers[0].type if headers else "",
        values,
    )


def _parts_of_file(model: FoundModel) -> tuple[NetworkPart, ...]:
    """Of a checkpoint in the authors' names; the sizes stand in the shapes of its tensors."""
    header = tensor_places(model).header
    shapes = header.shapes
    beginnings = {**text_beginnings(shapes), "vae": AUTOENCODER, "unet": UNET}
    sizes_of = {"vae": autoencoder_sizes(shapes), "unet": unet_sizes(shapes)}
    found = []
    for part, start in beginnings.items():
        own = [math.prod(shape) for name, shape in shapes.items() if name.startswith(start)]
        config = json.loads((model.configs / part / "config.json").read_text("utf-8"))
        count = sum(own)
        share = model.bytes * count // max(1, sum(map(math.prod, shapes.values())))
        kind = (model.parts or {}).get(part, "")
        values = {**config, **sizes_of.get(part, {})}
        found.append(NetworkPart(part, kind, count, max(own), share, header.type, values))
    return tuple(found)
