from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor.errors import ModelMissing
from editor.image import DIGEST_BYTES
from inference.registry import MethodInfo

ONLY_SAFETENSORS = "Only safetensors are loaded; {suffix} files can run code."
HOW_TO_CONVERT = (
    "Load the model once in a place you trust and save it again with "
    "save_pretrained(folder, safe_serialization=True)."
)

_PICKLES = (".ckpt", ".pt", ".pth", ".bin")
_DEPTH = 6
_CONFIG_BYTES = 1 << 22
_OPTIONAL_PARTS = {"safety_checker", "feature_extractor", "image_encoder"}

_PIPELINE_ROLES = {
    "StableDiffusionInstructPix2PixPipeline": "instruct_pix2pix",
    "StableDiffusionPipeline": "text_to_image",
    "StableDiffusionInpaintPipeline": "inpaint",
}


@dataclass(frozen=True)
class FoundModel:
    """A model folder that can be loaded.

    Attributes:
        role: what it is for: a method's name, "captioner", "language", "chat", "clip", ...
        id: its name, "owner/name" where the folder tells.
        folder: where it lies.
        weights: its weights files, sorted.
        bytes: their size together.
    """

    role: str
    id: str
    folder: Path
    weights: tuple[Path, ...]
    bytes: int


@dataclass(frozen=True)
class RefusedModel:
    """A folder or file that looks like a model and is not loaded, and why."""

    folder: Path
    reason: str
    fix: str = ""


class ModelStore:
    """Finds the models in any tree of diffusers, transformers and open_clip folders.

    Each is recognised by its own config, its role by the class the config names; nothing is
    imported for that and nothing is written beside the models.
    """

    def __init__(self, folders: Sequence[Path] = (), cache: Path | None = None) -> None:
        """Args: `folders` to search, in order; `cache` is a JSON file that keeps digests."""
        self._folders = tuple(folders)
        self._cache = cache
        self._scan: tuple[tuple[FoundModel, ...], tuple[RefusedModel, ...]] | None = None

    @property
    def found(self) -> tuple[FoundModel, ...]:
        """Every usable model, in search order."""
        return self._scanned()[0]

    @property
    def refused(self) -> tuple[RefusedModel, ...]:
        """What looks like a model and is not used, each with its reason."""
        return self._scanned()[1]

    def missing(self, info: MethodInfo) -> tuple[str, ...]:
        """Roles a method needs that no model fills."""
        if not info.roles:
            return ()
        have = {model.role for model in self.found}
        return tuple(role for role in info.roles if role not in have)

    def require(self, info: MethodInfo) -> None:
        """Raise `ModelMissing` unless the method has all it needs."""
        missing = self.missing(info)
        if missing:
            raise ModelMissing(
                f"{info.title} needs a model you do not have yet: {', '.join(missing)}.",
                "Add a model",
            )

    def digest(self, model: FoundModel) -> str:
        """Hex BLAKE2b over the digests of all weights files; kept by size and time."""
        known = self._read_cache()
        state = hashlib.blake2b(digest_size=DIGEST_BYTES)
        fresh = dict(known)
        for path in model.weights:
            stat = path.stat()
            key = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
            if key not in fresh:
                fresh[key] = file_digest(path)
            state.update(fresh[key].encode())
        if fresh != known:
            self._write_cache(fresh)
        return state.hexdigest()

    def _scanned(self) -> tuple[tuple[FoundModel, ...], tuple[RefusedModel, ...]]:
        if self._scan is None:
            found: list[FoundModel] = []
            refused: list[RefusedModel] = []
            seen: set[Path] = set()
            for folder in self._folders:
                for item in _search(folder, _DEPTH, seen):
                    if isinstance(item, FoundModel):
                        found.append(item)
                    else:
                        refused.append(item)
            self._scan = tuple(found), tuple(refused)
        return self._scan

    def _read_cache(self) -> dict[str, str]:
        if self._cache is None:
            return {}
        try:
            values = json.loads(self._cache.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(values, dict):
            return {}
        return {k: v for k, v in values.items() if isinstance(k, str) and isinstance(v, str)}

    def _write_cache(self, values: dict[str, str]) -> None:
        if self._cache is None:
            return
        with suppress(OSError):  # a cache only; a read-only home must not stop anything
            draft = self._cache.with_name(f"{self._cache.name}.{os.getpid()}")
            draft.write_text(json.dumps(values), "utf-8")
            draft.replace(self._cache)


def file_digest(path: Path) -> str:
    """Hex BLAKE2b of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(
            file, lambda: hashlib.blake2b(digest_size=DIGEST_BYTES)
        ).hexdigest()


def _search(folder: Path, depth: int, seen: set[Path]) -> Iterator[FoundModel | RefusedModel]:
    try:
        real = folder.resolve()
        if real in seen or not folder.is_dir():
            return
        seen.add(real)
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield RefusedModel(folder, f"The folder cannot be read: {error.strerror}.")
        return
    names = {entry.name for entry in entries}
    if "model_index.json" in names:
        yield _pipeline(folder)
        return
    if "open_clip_config.json" in names:
        yield _single(folder, "clip")
        return
    if "config.json" in names:
        config = _config(folder / "config.json")
        role = _transformers_role(config, names)
        if role:
            yield _single(folder, role)
            return
    for entry in entries:
        if entry.is_dir():
            if depth and not entry.name.startswith("."):
                yield from _search(entry, depth - 1, seen)
        elif entry.suffix in _PICKLES:
            yield _pickle(entry)


def _pipeline(folder: Path) -> FoundModel | RefusedModel:
    index = _config(folder / "model_index.json")
    weights: list[Path] = []
    for name, value in index.items():
        part = folder / name
        if name.startswith("_") or not isinstance(value, list) or value[:1] == [None]:
            continue
        if Path(name).name != name or not (part / "config.json").is_file():
            continue
        own, refused = _weights(part)
        if own:
            weights += own
        elif name not in _OPTIONAL_PARTS:
            return refused or RefusedModel(folder, f"The weights of its part {name} are missing.")
    role = _PIPELINE_ROLES.get(str(index.get("_class_name", "")), "pipeline")
    if not weights:
        return RefusedModel(folder, "It has no weights.")
    return _found(role, folder, weights)


def _single(folder: Path, role: str) -> FoundModel | RefusedModel:
    weights, refused = _weights(folder)
    if weights:
        return _found(role, folder, weights)
    return refused or RefusedModel(folder, "Its weights are missing.")


def _weights(folder: Path) -> tuple[list[Path], RefusedModel | None]:
    """Safetensors files of one folder, all shards present; else why not."""
    files = sorted(folder.glob("*.safetensors"))
    for index in folder.glob("*.safetensors.index.json"):
        shards = _config(index).get("weight_map")
        named = set(shards.values()) if isinstance(shards, dict) else set()
        absent = named - {file.name for file in files}
        if absent:
            return [], RefusedModel(folder, f"{len(absent)} of its weights files are missing.")
    if not files:
        pickled = next((p for p in sorted(folder.iterdir()) if p.suffix in _PICKLES), None)
        return [], _pickle(pickled, folder) if pickled else None
    return files, None


def _pickle(path: Path, folder: Path | None = None) -> RefusedModel:
    return RefusedModel(folder or path, ONLY_SAFETENSORS.format(suffix=path.suffix), HOW_TO_CONVERT)


def _found(role: str, folder: Path, weights: Sequence[Path]) -> FoundModel:
    return FoundModel(
        role, _id_of(folder), folder, tuple(weights), sum(p.stat().st_size for p in weights)
    )


def _transformers_role(config: dict[str, Any], names: set[str]) -> str | None:
    """The role by the class a transformers config names; None for anything else."""
    classes = config.get("architectures")
    name = str(classes[0]) if isinstance(classes, list) and classes else ""
    if name.startswith(("CLIPModel", "SiglipModel")):
        return "clip"
    if name.startswith("Blip"):
        return "captioner"
    if name.endswith(("ForCausalLM", "LMHeadModel")):
        template = "chat_template.jinja" in names or "chat_template.json" in names
        return "chat" if template else "language"
    return "other" if name else None


def _id_of(folder: Path) -> str:
    """A hub cache tells owner and name, any other folder only its own name."""
    for part in (folder, *folder.parents):
        if part.name.startswith("models--"):
            return part.name.removeprefix("models--").replace("--", "/")
    return folder.name


def _config(path: Path) -> dict[str, Any]:
    """A config file's values; empty for anything that is not a small JSON object."""
    try:
        if path.stat().st_size > _CONFIG_BYTES:
            return {}
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
