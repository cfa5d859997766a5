from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor.messages import Message, verbatim
from inference.models.weights import DamagedWeights, read_header

HOW_TO_CONVERT = Message("model.convert")

_PICKLES = (".ckpt", ".pt", ".pth", ".bin")
_DEPTH = 6
_FOLDERS = 5000
_CONFIG_BYTES = 1 << 22
_MOST_LAYERS = 1000
_OPTIONAL_PARTS = {"safety_checker", "feature_extractor", "image_encoder"}

_PIPELINE_ROLES = {
    "StableDiffusionInstructPix2PixPipeline": "instruct_pix2pix",
    "StableDiffusionPipeline": "text_to_image",
    "StableDiffusionInpaintPipeline": "inpaint",
}
_UNET_CHANNELS = {"instruct_pix2pix": (2, 0), "text_to_image": (1, 0), "inpaint": (2, 1)}
"""Input channels by role: (multiple of the autoencoder's latent channels, further ones)."""

_LATENT_CHANNELS = 4
_PARTS = {
    "unet": ("UNet2DConditionModel",),
    "vae": ("AutoencoderKL",),
    "text_encoder": ("CLIPTextModel",),
    "tokenizer": ("CLIPTokenizer", "CLIPTokenizerFast"),
}


@dataclass(frozen=True)
class FoundModel:
    """A model folder that can be loaded.

    Attributes:
        role: what it is for: a method's name, "captioner", "language", "chat", "clip", ...
        id: its name, "owner/name" where the folder shows it.
        folder: where it lies.
        weights: its weights files, sorted.
        bytes: their size together.
        elements: how many numbers they hold.
        parts: the class of each part of a pipeline, by name.
    """

    role: str
    id: str
    folder: Path
    weights: tuple[Path, ...]
    bytes: int
    elements: int = 0
    parts: Mapping[str, str] | None = None


@dataclass(frozen=True)
class RefusedModel:
    """A folder or file that looks like a model and is not loaded, and why."""

    folder: Path
    reason: Message
    fix: Message | None = None


class _Refused(Exception):
    def __init__(self, reason: Message, fix: Message | None = None) -> None:
        super().__init__(reason)
        self.reason, self.fix = reason, fix


def search(root: Path) -> Iterator[FoundModel | RefusedModel]:
    """Every model below a folder, recognised by its own config; nothing is imported or written.

    Links are followed only where they stay below `root`.
    """
    yield from _Search(root).folder(root, _DEPTH)


class _Search:
    """One walk below one root."""

    def __init__(self, root: Path) -> None:
        self._root = _hub_root(root.resolve())
        self._seen: set[Path] = set()

    def folder(self, folder: Path, depth: int) -> Iterator[FoundModel | RefusedModel]:
        try:
            real = folder.resolve()
            if real in self._seen or len(self._seen) >= _FOLDERS or not folder.is_dir():
                return
            self._seen.add(real)
            if not self._inside(folder):
                yield RefusedModel(folder, Message("model.link_outside"))
                return
            entries = sorted(folder.iterdir())
        except (OSError, RuntimeError) as error:  # RuntimeError: a link to itself
            own = getattr(error, "strerror", None)
            reason = verbatim(own) if own else Message("model.link_to_itself")
            yield RefusedModel(folder, Message("model.folder_unreadable", reason=reason))
            return
        names = {entry.name for entry in entries}
        try:
            found = self._model(folder, names)
        except _Refused as refused:
            yield RefusedModel(folder, refused.reason, refused.fix)
            return
        except OSError as error:
            yield RefusedModel(folder, Message("model.unreadable", reason=str(error.strerror)))
            return
        except RecursionError:
            yield RefusedModel(folder, Message("model.nested"))
            return
        if found is not None:
            yield found
            return
        for entry in entries:
            if entry.is_dir():
                if depth and not entry.name.startswith("."):
                    yield from self.folder(entry, depth - 1)
            elif entry.suffix in _PICKLES:
                yield RefusedModel(entry, _only_safetensors(entry), HOW_TO_CONVERT)

    def _inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self._root)

    def _model(self, folder: Path, names: set[str]) -> FoundModel | None:
        """The model in this very folder, None if there is none."""
        if "model_index.json" in names:
            return self._pipeline(folder)
        if "open_clip_config.json" in names:
            self._config(folder / "open_clip_config.json")
            return self._found("clip", folder, self._weights(folder))
        if "config.json" in names:
            weighty = any(name.endswith((".safetensors", *_PICKLES)) for name in names)
            try:
                config = self._config(folder / "config.json")
            except _Refused:
                if weighty:
                    raise
                return None  # the config of another program
            role = _transformers_role(config, names, folder)
            if role:
                return self._found(role, folder, self._weights(folder))
        return None

    def _pipeline(self, folder: Path) -> FoundModel:
        index = self._config(folder / "model_index.json")
        weights: list[Path] = []
        parts: dict[str, str] = {}
        for name, value in index.items():
            part = folder / name
            if name.startswith("_") or Path(name).name != name or not isinstance(value, list):
                continue
            if len(value) != 2 or not isinstance(value[1], str) or not part.is_dir():
                continue
            parts[name] = value[1]
            if not (part / "config.json").is_file():
                continue
            config = self._config(part / "config.json")
            try:
                weights += self._weights(part)
            except _Refused as refused:
                if name not in _OPTIONAL_PARTS:
                    missing = refused.reason == _MISSING
                    reason = Message("model.part_without_weights", part=name)
                    raise _Refused(reason if missing else refused.reason, refused.fix) from None
            self._sane(config, part)
        if not weights:
            raise _Refused(Message("model.no_weights"))
        kind = str(index.get("_class_name", ""))
        role = _PIPELINE_ROLES.get(kind)
        if role is None:
            raise _Refused(_no_method(kind))
        for name, classes in _PARTS.items():
            if name not in parts:
                raise _Refused(Message("model.part_missing", part=name))
            if parts[name] not in classes:
                raise _Refused(
                    Message(
                        "model.part_of_other_kind",
                        part=name,
                        kind=parts[name][:80],
                        wanted=classes[0],
                    )
                )
        if not (folder / "scheduler" / "scheduler_config.json").is_file():
            raise _Refused(Message("model.part_missing", part="scheduler"))
        latents = self._config(folder / "vae" / "config.json").get("latent_channels")
        latents = latents if isinstance(latents, int) else _LATENT_CHANNELS
        channels = self._config(folder / "unet" / "config.json").get("in_channels", latents)
        times, more = _UNET_CHANNELS[role]
        if channels != times * latents + more:
            wanted = times * latents + more
            raise _Refused(Message("model.unet_channels", channels=channels, wanted=wanted))
        if (folder / _UPSAMPLER).is_dir():  # what it draws depends on it too
            weights += self._weights(folder / _UPSAMPLER)
        return self._found(role, folder, weights, parts)

    def _weights(self, folder: Path) -> list[Path]:
        """Safetensors files of one folder, all shards present; else refuses.

        Of weights in several precisions ("variant" in diffusers) only the plain ones count.
        """
        files = sorted(folder.glob("*.safetensors"))
        plain = [file for file in files if not _is_variant(file)]
        files = plain or files
        for index in folder.glob("*.safetensors.index.json"):
            shards = self._config(index).get("weight_map")
            named = set(shards.values()) if isinstance(shards, dict) else set()
            absent = named - {file.name for file in files}
            if absent and not (_is_variant(index) and plain):
                raise _Refused(Message("model.files_missing", count=len(absent)))
        if not files:
            pickled = next((p for p in sorted(folder.iterdir()) if p.suffix in _PICKLES), None)
            if pickled is not None:
                raise _Refused(_only_safetensors(pickled), HOW_TO_CONVERT)
            raise _Refused(_MISSING)
        for file in files:
            if not self._inside(file):
                raise _Refused(Message("model.file_outside", file=file.name))
        return files

    def _found(
        self,
        role: str,
        folder: Path,
        weights: Sequence[Path],
        parts: Mapping[str, str] | None = None,
    ) -> FoundModel:
        try:
            elements = sum(read_header(path).elements for path in weights)
        except DamagedWeights as error:
            raise _Refused(error.reason) from None
        size = sum(path.stat().st_size for path in weights)
        return FoundModel(role, _id_of(folder), folder, tuple(weights), size, elements, parts)

    def _config(self, path: Path) -> dict[str, Any]:
        """A config file's values; refuses anything that is not a small, sane JSON object."""
        if not self._inside(path):
            raise _Refused(Message("model.file_outside", file=path.name))
        if path.stat().st_size > _CONFIG_BYTES:
            raise _Refused(Message("model.file_too_large", file=path.name))
        try:
            values = json.loads(path.read_text("utf-8"))
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            raise _Refused(Message("model.file_damaged", file=path.name))
        self._sane(values, path)
        return values

    def _sane(self, values: Mapping[str, Any], path: Path) -> None:
        """Refuse custom code, and layer counts that would keep the program busy for hours."""
        for name, value in values.items():
            if isinstance(value, dict):
                self._sane(value, path)
            elif "layer" in name and isinstance(value, int) and value > _MOST_LAYERS:
                raise _Refused(Message("model.too_many_layers", file=path.name, layers=value))
            elif name == "trust_remote_code":
                raise _Refused(Message("model.asks_code", file=path.name))


_UPSAMPLER = "upsampler"
_MISSING = Message("model.weights_missing")


def _only_safetensors(file: Path) -> Message:
    return Message("model.only_safetensors", suffix=file.suffix)


def _no_method(kind: str) -> Message:
    if not kind:
        return Message("model.no_method_for_nameless")
    return Message("model.no_method", kind=kind[:80])


def _is_variant(file: Path) -> bool:
    """True for `model.fp16.safetensors` and its like, not for `model-00001-of-2.safetensors`."""
    return ".fp16" in file.name or ".bf16" in file.name or ".non_ema" in file.name


def _transformers_role(config: Mapping[str, Any], names: set[str], folder: Path) -> str | None:
    """The role by the class a transformers config names; None for anything else."""
    classes = config.get("architectures")
    name = str(classes[0]) if isinstance(classes, list) and classes else ""
    if name.startswith(("CLIPModel", "SiglipModel")):
        return "clip"
    if name.startswith("Blip"):
        return "captioner"
    if name.endswith(("ForCausalLM", "LMHeadModel")):
        return "chat" if _has_template(names, folder) else "language"
    return "other" if name else None


def _has_template(names: set[str], folder: Path) -> bool:
    """True if a chat template comes with the tokenizer, in a file of its own or inside."""
    if names & {"chat_template.jinja", "chat_template.json"}:
        return True
    path = folder / "tokenizer_config.json"
    try:
        if path.stat().st_size > _CONFIG_BYTES:
            return False
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and bool(values.get("chat_template"))


def _hub_root(root: Path) -> Path:
    """A snapshot of a hub cache keeps its files beside it, in `blobs`."""
    parents = (root, *root.parents)
    return next((part for part in parents if part.name.startswith("models--")), root)


def _id_of(folder: Path) -> str:
    """The model's name: "owner/name" in a hub cache, the folder's name elsewhere."""
    for part in (folder, *folder.parents):
        if part.name.startswith("models--"):
            return part.name.removeprefix("models--").replace("--", "/")
    return folder.name
