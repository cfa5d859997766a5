"""Files that change a model: which kind they are and for which model, by their tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from editor.messages import Message
from inference.models.found_model import FoundAdapter, Refused
from inference.models.trigger_words import trigger_words
from inference.models.weights import WeightsHeader

LORA_KIND: Final = "lora"
WORD_KIND: Final = "textual_inversion"

OTHER_KINDS: Final = {"DoRA": "dora_scale", "LoHa": "hada_", "LoKr": "lokr_"}
"""What stands in the keys of adapters that are no plain LoRA."""

_LORA_MARKS: Final = (".lora_", "lora_up.", "lora_down.", ".lora.", "_lora.")
XL_TABLES: Final = ("clip_l", "clip_g")
"""The vectors of a word for Stable Diffusion XL, for its first and its second encoder."""

_WIDTHS: Final = {
    768: "Stable Diffusion 1",
    1024: "Stable Diffusion 2",
    2048: "Stable Diffusion XL",
}
"""Width of the texts that a UNet reads."""

_LONGEST: Final = 256
_GENERAL_NAMES: Final = frozenset(
    {"pytorch_lora_weights", "adapter_model", "learned_embeds", "model"}
)
"""Names that libraries give: the folder's says more."""


def found_adapter(file: Path, header: WeightsHeader) -> FoundAdapter | None:
    """The adapter that a file holds, None if it holds none.

    Args:
        file: safetensors.
        header: of it.

    Raises:
        Refused: it is an adapter of a kind that is not used here.
    """
    shapes = header.shapes
    for kind, mark in OTHER_KINDS.items():
        if any(mark in key for key in shapes):
            raise Refused(
                Message("lora.other_kind", file=file.name, kind=kind),
                Message("do.choose_other_file"),
            )
    if any(mark in key for key in shapes for mark in _LORA_MARKS):
        words = trigger_words(header.metadata)
        return replace(_found(file, LORA_KIND, _lora_made_for(shapes)), words=words)
    if is_word(shapes):
        both = shapes.keys() == set(XL_TABLES)
        width = next(iter(shapes.values()))[-1]
        made_for = _WIDTHS[2048] if both else _WIDTHS.get(width, "")
        return _found(file, WORD_KIND, made_for)
    return None


def is_word(shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """True for a textual inversion (Gal et al. 2023): a few vectors of a text encoder's width."""
    vectors = all(
        len(shape) in (1, 2) and shape[-1] in (*_WIDTHS, 1280) and shape[0] <= _LONGEST * 8
        for shape in shapes.values()
    )
    return vectors and (len(shapes) == 1 or shapes.keys() == set(XL_TABLES))


def _found(file: Path, kind: str, made_for: str) -> FoundAdapter:
    name = file.parent.name if file.stem in _GENERAL_NAMES else file.stem
    return FoundAdapter(kind, name, file, file.stat().st_size, made_for)


def _lora_made_for(shapes: Mapping[str, tuple[int, ...]]) -> str:
    """By the width of the texts that its layers of cross attention read."""
    if any("double_blocks" in key or "single_transformer_blocks" in key for key in shapes):
        return "FLUX"
    for key, shape in shapes.items():
        reads_text = "attn2" in key and "to_k" in key
        if (
            reads_text
            and ("down" in key.rpartition("to_k")[2] or "lora_A" in key)
            and len(shape) > 1
        ):
            return _WIDTHS.get(shape[1], "")
    return ""
