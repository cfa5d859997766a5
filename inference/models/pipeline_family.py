"""Families whose models run as stock pipelines of diffusers."""

from __future__ import annotations

import copy
import json
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from editor.messages import Message
from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.models.pipeline_folder import INDEX, pipeline_parts
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedModel, LoadedPipeline

_SHARE: Final = 0.6
"""Part of a device's memory that all parts together may fill; above it they come in turn."""


class PipelineFamily(Family):
    """Flow transformers with text encoders and an autoencoder, in the folder layout of diffusers.

    Attributes:
        pipeline: class that `model_index.json` names.
        parts: that a folder must have, and the classes that can be used for each; the first is the
            one that loads it.
        takes_references: it can be shown other pictures beside the source.
    """

    short_types: ClassVar[tuple[str, ...]] = ("bfloat16",)
    preloads: ClassVar[bool] = False
    comes_in_parts: ClassVar[bool] = True
    pipeline: ClassVar[str]
    parts: ClassVar[Mapping[str, tuple[str, ...]]]
    takes_references: ClassVar[bool] = False

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by the pipeline's class in `model_index.json`."""
        found = pipeline_parts(folder, (self.pipeline,), self.parts)
        if found is None:
            return None
        parts, weights = found
        return folder.found(self.name, self.roles[0], weights, parts)

    def offloads(self, model: FoundModel, device: Device) -> bool:
        """True where its parts do not fit into a device's memory together."""
        whole = super().expected_bytes(model, device)
        return device.kind in {"cuda", "xpu"} and whole > device.bytes * _SHARE

    def expected_bytes(self, model: FoundModel, device: Device) -> int:
        """Of all parts, or of the largest one where they come in turn."""
        whole = super().expected_bytes(model, device)
        if not self.offloads(model, device):
            return whole
        return round(whole * _largest_part(model.weights) / max(1, model.bytes))

    @abstractmethod
    def assembled(self, parts: Mapping[str, Any], index: Mapping[str, Any]) -> Any:
        """The pipeline of loaded parts.

        Args:
            parts: as its constructor names them, the scheduler too.
            index: values of `model_index.json`.
        """

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedPipeline:
        """The parts, each with its stock class, in one type: the pipelines mix their tensors."""
        import diffusers
        import torch

        from inference.models.loaded import LoadedPipeline
        from inference.models.stock import Unfit

        folder, dtype = model.folder, getattr(torch, self.dtype_name(model, device))
        config = _values(folder / "scheduler" / "scheduler_config.json")
        if config.get("_class_name") != "FlowMatchEulerDiscreteScheduler":
            name = str(config.get("_class_name"))[:80]
            raise Unfit(Message("model.scheduler_unknown", scheduler=name))
        parts: dict[str, Any] = {}
        for name, (kind, *_) in self.parts.items():
            check()
            parts[name] = _part(kind, folder / name, dtype)
        check()
        parts["scheduler"] = diffusers.FlowMatchEulerDiscreteScheduler.from_config(config)
        pipeline = self.assembled(parts, index_of(model))
        pipeline.set_progress_bar_config(disable=True)
        offloads = self.offloads(model, device)
        if offloads:
            pipeline.enable_model_cpu_offload(device=device.place)
        else:
            pipeline.to(device.place)
        return LoadedPipeline(
            model,
            pipeline,
            side=pipeline.default_sample_size * pipeline.vae_scale_factor,
            multiple=2 * pipeline.vae_scale_factor,
            device=device.place,
            dtype=dtype,
            offloads=offloads,
        )


def lent_chat(loaded: LoadedModel) -> LoadedModel:
    """The text encoder of a pipeline as the chat model that it is."""
    from inference.models.loaded import LoadedLanguage, LoadedPipeline

    assert isinstance(loaded, LoadedPipeline)
    tokenizer = copy.deepcopy(loaded.pipeline.tokenizer)  # answers are padded at the other side
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return LoadedLanguage(
        replace(loaded.found, role="chat"),
        loaded.pipeline.text_encoder,
        tokenizer,
        loaded.device,
        loaded.dtype,
        bool(getattr(tokenizer, "chat_template", None)),
    )


def index_of(model: FoundModel) -> Mapping[str, Any]:
    """Values of a pipeline's `model_index.json`.

    Raises:
        OSError, ValueError: it cannot be read.
    """
    return _values(model.folder / INDEX)


def _part(kind: str, folder: Path, dtype: Any) -> Any:
    """A part of a pipeline: a network, a tokenizer or a processor."""
    import diffusers
    import transformers

    from inference.models.stock import stock

    if hasattr(diffusers, kind):
        return stock(getattr(diffusers, kind), folder, torch_dtype=dtype)
    found = getattr(transformers, kind)
    if issubclass(found, transformers.PreTrainedModel):
        return stock(found, folder, dtype=dtype)
    return found.from_pretrained(folder, local_files_only=True)


def _values(file: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return values


def _largest_part(weights: Iterable[Path]) -> int:
    """Bytes of the part, a folder, whose weights files are the largest together."""
    sizes: dict[Path, int] = {}
    for file in weights:
        sizes[file.parent] = sizes.get(file.parent, 0) + file.stat().st_size
    return max(sizes.values(), default=0)
