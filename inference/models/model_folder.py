"""A folder as a `Family` looks at it: its names, configs and weights, read with care."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from editor.messages import Message
from inference.models.found_model import Convertible, FoundModel, Refused
from inference.models.weights import DamagedWeights, read_header
from inference.models.weights_files import chosen_weights, missing_shards, variant_of

PICKLES: Final = (".ckpt", ".pt", ".pth", ".bin")
"""Name endings of weights that run code when they are read."""
PACKED: Final = ".gguf"
"""Name ending of language models whose weights are packed into few bits."""

MISSING: Final = Message("model.weights_missing")

CONFIG_BYTES: Final = 1 << 22
_MOST_LAYERS: Final = 1000


class ModelFolder:
    """One folder below a folder with models; nothing is imported or written.

    Links are followed: artists keep models on other drives, and a hub cache is made of links.

    Attributes:
        path: the folder.
        names: of the entries in the folder.
    """

    def __init__(self, path: Path) -> None:
        """Lists the folder.

        Raises:
            OSError: it cannot be read.
        """
        self.path = path
        self.entries = tuple(sorted(path.iterdir()))
        self.names = frozenset(entry.name for entry in self.entries)

    def part(self, name: str) -> ModelFolder:
        """The folder of one part of a pipeline."""
        return ModelFolder(self.path / name)

    @property
    def has_weights(self) -> bool:
        """True if there is a file with an ending that weights have."""
        return any(name.endswith((".safetensors", *PICKLES)) for name in self.names)

    @cached_property
    def transformers_config(self) -> Mapping[str, Any]:
        """Values of `config.json`; empty where there is none, or only another program's.

        Raises:
            Refused: it is damaged, and there are weights that it belongs to.
        """
        if "config.json" not in self.names:
            return {}
        try:
            return self.config("config.json")
        except Refused:
            if self.has_weights:
                raise
            return {}

    @property
    def architecture(self) -> str:
        """The class that a transformers config names first; "" where it names none."""
        classes = self.transformers_config.get("architectures")
        return str(classes[0])[:80] if isinstance(classes, list) and classes else ""

    def config(self, name: str) -> dict[str, Any]:
        """A config file's values.

        Raises:
            Refused: it is not a small, sane JSON object, or the weights are quantised.
        """
        path = self.path / name
        check_regular(path)
        if path.stat().st_size > CONFIG_BYTES:
            raise Refused(Message("model.file_too_large", file=path.name), COPY_AGAIN)
        try:
            values = json.loads(path.read_text("utf-8"))
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            raise Refused(Message("model.file_damaged", file=path.name), COPY_AGAIN)
        _check_sane(values, path.name)
        return values

    def weights(self) -> list[Path]:
        """The safetensors files in the folder, with all shards.

        Of weights in several precisions ("variant" in diffusers) only the plain ones count.

        Raises:
            Refused: there are none, some are missing, or they are pickles.
        """
        here = [entry for entry in self.entries if entry.suffix == ".safetensors"]
        files = chosen_weights(here)
        self._check_shards(files)
        if not files:
            pickled = next((entry for entry in self.entries if entry.suffix in PICKLES), None)
            if pickled is not None:
                raise Convertible(only_safetensors(pickled))
            raise Refused(MISSING, COPY_AGAIN)
        return files

    def found(
        self,
        family: str,
        role: str,
        weights: Sequence[Path],
        parts: Mapping[str, str] | None = None,
    ) -> FoundModel:
        """The model in this folder.

        Raises:
            Refused: its weights are damaged, or of a type that is only used with scales beside it.
        """
        elements = 0
        for path in weights:
            try:
                header = read_header(path)
            except DamagedWeights as error:
                raise Refused(error.reason) from None
            if header.scaled_type:
                raise quantised(header.scaled_type)
            elements += header.elements
        size = sum(path.stat().st_size for path in weights)
        name = _id_of(self.path)
        return FoundModel(role, name, self.path, tuple(weights), size, elements, parts, family)

    def found_file(self, family: str, role: str, file: Path) -> FoundModel:
        """The model that is one file of another format than safetensors.

        Raises:
            Refused: it is no file with bytes of its own.
        """
        check_regular(file)
        return FoundModel(
            role, _id_of(self.path), self.path, (file,), file.stat().st_size, family=family
        )

    def _check_shards(self, files: Sequence[Path]) -> None:
        """Refuse weights of which a shard is missing, by every index and by the files' names."""
        names = {file.name for file in files}
        variant = variant_of(files[0].name) if files else ""
        missing = missing_shards(files)
        for index in self.entries:
            if index.suffix != ".json" or ".index" not in index.name:
                continue
            shards = self.config(index.name).get("weight_map")
            if not isinstance(shards, dict) or (files and variant_of(index.name) != variant):
                continue
            listed = {str(name) for name in shards.values()}
            weights = {name for name in listed if name.endswith(".safetensors")}
            missing = max(missing, len(weights - names))
        if missing:
            raise Refused(Message("model.files_missing", count=missing), COPY_AGAIN)


def check_regular(path: Path) -> None:
    """Refuse what is no file with bytes of its own: reading a pipe or a device may never end.

    Raises:
        Refused: it is none.
        OSError: it is a link that leads nowhere.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise Refused(Message("model.no_file", file=path.name))


COPY_AGAIN: Final = Message("do.copy_again")


def only_safetensors(file: Path) -> Message:
    """Why a pickle is not loaded."""
    return Message("model.only_safetensors", suffix=file.suffix)


def quantised(kind: str) -> Refused:
    """The refusal of weights that are stored in few bits."""
    return Refused(Message("model.quantised", kind=kind[:80]), Message("do.full_precision"))


def _check_sane(values: Mapping[str, Any], file: str) -> None:
    """Refuse custom code, quantised weights, and layer counts that would take hours."""
    for name, value in values.items():
        if name == "quantization_config" and isinstance(value, dict):
            raise quantised(str(value.get("quant_method") or value.get("quant_type") or "?"))
        if isinstance(value, dict):
            _check_sane(value, file)
        elif "layer" in name and isinstance(value, int) and value > _MOST_LAYERS:
            raise Refused(Message("model.too_many_layers", file=file, layers=value))
        elif name == "trust_remote_code":
            raise Refused(Message("model.asks_code", file=file), Message("do.other_model"))


def _id_of(folder: Path) -> str:
    """The model's name: "owner/name" in a hub cache, the folder's name elsewhere."""
    for part in (folder, *folder.parents):
        if part.name.startswith("models--"):
            return part.name.removeprefix("models--").replace("--", "/")
    return folder.name
