"""FLUX.1 Kontext (Batifol et al. 2025) in the folder layout of diffusers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from editor.messages import Message
from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.models.pipeline_folder import pipeline_parts
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedPipeline

_PARTS: Final = {
    "transformer": ("FluxTransformer2DModel",),
    "vae": ("AutoencoderKL",),
    "text_encoder": ("CLIPTextModel",),
    "tokenizer": ("CLIPTokenizer", "CLIPTokenizerFast"),
    "text_encoder_2": ("T5EncoderModel",),
    "tokenizer_2": ("T5TokenizerFast", "T5Tokenizer"),
}
_SHARE: Final = 0.6
"""Part of a device's memory that all parts together may fill; above it they come in turn."""


class FluxKontextFamily(Family):
    """A flow transformer with CLIP's and T5's text encoders; it sees the picture beside the noise.

    Sizes are chosen here and not by the pipeline, which would snap to 17 fixed ones and shift what
    is in the picture.
    """

    name = "flux-kontext"
    roles = ("flux_kontext",)
    short_types: ClassVar[tuple[str, ...]] = ("bfloat16",)
    preloads: ClassVar[bool] = False
    comes_in_parts: ClassVar[bool] = True

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by the pipeline's class in `model_index.json`."""
        found = pipeline_parts(folder, "FluxKontextPipeline", _PARTS)
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

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedPipeline:
        """The parts, each with its stock class, in one type: the pipeline mixes their tensors."""
        import diffusers
        import torch
        import transformers

        from inference.models.loaded import LoadedPipeline
        from inference.models.stock import Unfit, stock

        folder, dtype = model.folder, getattr(torch, self.dtype_name(model, device))
        config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text("utf-8"))
        if config.get("_class_name") != "FlowMatchEulerDiscreteScheduler":
            name = str(config.get("_class_name"))[:80]
            raise Unfit(Message("model.scheduler_unknown", scheduler=name))
        local = {"local_files_only": True}
        parts = {
            "tokenizer": transformers.CLIPTokenizer.from_pretrained(folder / "tokenizer", **local),
            "tokenizer_2": transformers.T5TokenizerFast.from_pretrained(
                folder / "tokenizer_2", **local
            ),
        }
        for part, kind in (
            ("text_encoder", transformers.CLIPTextModel),
            ("text_encoder_2", transformers.T5EncoderModel),
        ):
            check()
            parts[part] = stock(kind, folder / part, dtype=dtype)
        for part, kind in (
            ("vae", diffusers.AutoencoderKL),
            ("transformer", diffusers.FluxTransformer2DModel),
        ):
            check()
            parts[part] = stock(kind, folder / part, torch_dtype=dtype)
        check()
        scheduler = diffusers.FlowMatchEulerDiscreteScheduler.from_config(config)
        pipeline = diffusers.FluxKontextPipeline(scheduler=scheduler, **parts)
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


def _largest_part(weights: Iterable[Path]) -> int:
    """Bytes of the part, a folder, whose weights files are the largest together."""
    sizes: dict[Path, int] = {}
    for file in weights:
        sizes[file.parent] = sizes.get(file.parent, 0) + file.stat().st_size
    return max(sizes.values(), default=0)


FAMILY: Final = FluxKontextFamily()
