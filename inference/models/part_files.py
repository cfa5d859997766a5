"""Stable Diffusion in parts: a UNet, an autoencoder and text encoders, a safetensors file each.

ComfyUI keeps them in ``models/unet`` or ``diffusion_models``, ``vae``, and ``clip`` or
``text_encoders``. What a file is follows from its tensors, never from the folder. Autoencoders of
Stable Diffusion XL alone have no mark of their own, so their file's name has to hold "xl".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations
from pathlib import Path
from typing import Final

from editor.messages import Message
from inference.models.found_model import FoundModel, Refused, RefusedModel
from inference.models.single_file import (
    AUTOENCODER,
    CLIP,
    OPEN_CLIP,
    UNET,
    XL_CLIP,
    XL_OPEN_CLIP,
    checkpoint_of,
    found_checkpoint,
)
from inference.models.weights import WeightsHeader, read_header

_SECOND_WIDTH: Final = 1024
"""Width of the texts of Stable Diffusion 2, which has OpenCLIP's encoder."""
_LATENT_CHANNELS: Final = 4
_CHANNELS: Final = {4: "text_to_image", 8: "instruct_pix2pix", 9: "inpaint"}
"""Roles by how many channels the UNet takes."""
_XL_ENCODERS: Final = {768: Message("model_part.clip_l"), 1280: Message("model_part.clip_g")}
"""Stable Diffusion XL's encoders by the width of their texts."""
_TEXT_ENCODER: Final = Message("model_part.text_encoder")
_AUTOENCODER: Final = Message("model_part.autoencoder")
_XL_AUTOENCODER: Final = Message("model_part.xl_autoencoder")
_ALONE: Final = {
    "vae": Message("model.only_autoencoder"),
    "text": Message("model.only_text_encoder"),
}
"""Why a part without its UNet is not used."""
_PROJECTIONS: Final = ("text_projection", "text_projection.weight")
_TABLES: Final = ("token_embedding.weight", "text_model.embeddings.token_embedding.weight")
"""Of CLIP's text encoder as open_clip and as transformers name it."""
_PICTURES: Final = ("visual.", "vision_model.", "visual_projection.")


@dataclass(frozen=True)
class PartFile:
    """One network in a file of its own.

    Attributes:
        kind: "unet", "vae" or "text".
        file: where it lies.
        header: of the file.
        beginning: what stands before the names of its tensors there.
    """

    kind: str
    file: Path
    header: WeightsHeader
    beginning: str = ""

    @cached_property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Of its tensors, without the beginning."""
        start = len(self.beginning)
        shapes = self.header.shapes.items()
        return {name[start:]: shape for name, shape in shapes if name.startswith(self.beginning)}

    @property
    def is_xl(self) -> bool:
        """True for a UNet of Stable Diffusion XL, and for an autoencoder that is called so."""
        if self.kind == "unet":
            return "label_emb.0.0.weight" in self.shapes
        return "xl" in self.file.stem.lower()

    @property
    def text_width(self) -> int:
        """Of the texts that a UNet reads, or that an encoder writes."""
        if self.kind == "text":
            return next(self.shapes[name][1] for name in _TABLES if name in self.shapes)
        return next(
            shape[1] for name, shape in self.shapes.items() if name.endswith("attn2.to_k.weight")
        )

    @property
    def is_projected(self) -> bool:
        """An encoder whose pooled state is projected, as Stable Diffusion XL needs of one."""
        return any(name in self.shapes for name in _PROJECTIONS)


def part_of(file: Path, header: WeightsHeader) -> PartFile | None:
    """The one network that a file holds; None for whole checkpoints and for anything else."""
    for kind, beginning, marks in (
        ("unet", UNET, ("input_blocks.0.0.weight", "out.2.weight")),
        ("unet", "", ("input_blocks.0.0.weight", "out.2.weight")),
        ("vae", AUTOENCODER, ("decoder.conv_in.weight", "encoder.down.0.block.0.conv1.weight")),
        ("vae", "", ("decoder.conv_in.weight", "encoder.down.0.block.0.conv1.weight")),
        ("text", "", _TABLES[:1]),
        ("text", "", _TABLES[1:]),
    ):
        if any(f"{beginning}{mark}" not in header.shapes for mark in marks):
            continue
        others = {UNET, AUTOENCODER, "cond_stage_model.", "conditioner.", *_PICTURES} - {beginning}
        if any(name.startswith(tuple(others)) for name in header.shapes):
            return None
        part = PartFile(kind, file, header, beginning)
        return part if _is_readable(part) else None
    return None


def _is_readable(part: PartFile) -> bool:
    """A UNet that reads texts, an autoencoder of Stable Diffusion, a table of words."""
    try:
        if part.kind == "vae":
            return part.shapes["decoder.conv_in.weight"][1] == _LATENT_CHANNELS
        return part.text_width > 0
    except (StopIteration, IndexError):
        return False


@dataclass(frozen=True)
class TensorPlaces:
    """A model's tensors as one checkpoint would name them, and where each is.

    Attributes:
        header: as of that checkpoint.
        places: by those names: the file, and the name there.
    """

    header: WeightsHeader
    places: Mapping[str, tuple[Path, str]]


def tensor_places(model: FoundModel) -> TensorPlaces:
    """Where the tensors of a model in one file, or in one file for each part, are.

    Raises:
        DamagedWeights: a file is none any more.
        ValueError: one of several files holds another network than it did.
        OSError: it cannot be read.
    """
    headers = {file: read_header(file) for file in model.weights}
    if len(headers) == 1:
        ((file, header),) = headers.items()
        return TensorPlaces(header, {name: (file, name) for name in header.shapes})
    parts = [part for file, header in headers.items() if (part := part_of(file, header))]
    unet = next((part for part in parts if part.kind == "unet"), None)
    if unet is None or len(parts) != len(headers):
        raise ValueError("these files are not the parts of one model")
    return _united(unet, parts)


def assembled(parts: Sequence[PartFile]) -> Iterator[FoundModel | RefusedModel]:
    """Models out of the parts of one tree, and what cannot be used of them.

    Of several autoencoders or encoders that fit a UNet the first by name is taken.

    Args:
        parts: all that a search has found.
    """
    parts = sorted(parts, key=lambda part: (part.file.name.lower(), str(part.file)))
    used: set[Path] = set()
    for unet in (part for part in parts if part.kind == "unet"):
        found, missing = _belonging(unet, parts)
        used.update(one.file for one in found)
        try:
            yield _model(unet, found, missing)
        except Refused as refused:
            yield RefusedModel(unet.file, refused.reason, refused.fix)
    for part in parts:
        if part.kind != "unet" and part.file not in used:
            yield RefusedModel(part.file, _ALONE[part.kind], Message("do.add_unet"))


def _model(unet: PartFile, others: Sequence[PartFile], missing: Sequence[Message]) -> FoundModel:
    """The model of a UNet and what belongs to it.

    Raises:
        Refused: something of it is missing, or no method uses such a UNet.
    """
    if missing:
        reason = Message("model.parts_missing", name=_title(unet), parts=tuple(missing))
        raise Refused(reason, Message("do.add_parts"))
    united = _united(unet, (unet, *others))
    checkpoint = checkpoint_of(united.header)
    role = _CHANNELS.get(unet.shapes["input_blocks.0.0.weight"][1])
    if checkpoint is None or not checkpoint.family or role is None:
        raise Refused(Message("model.no_method", kind=_title(unet)), Message("do.supported_models"))
    model = found_checkpoint(unet.file, united.header, checkpoint, role)
    files = (unet.file, *(one.file for one in others))
    return replace(model, weights=files, bytes=sum(file.stat().st_size for file in files))


def _belonging(unet: PartFile, parts: Sequence[PartFile]) -> tuple[list[PartFile], list[Message]]:
    """The autoencoder and the encoders of a UNet, and what is missing of them."""
    vae = next((one for one in parts if one.kind == "vae" and one.is_xl == unet.is_xl), None)
    found = [vae] if vae is not None else []
    missing = [] if found else [_XL_AUTOENCODER if unet.is_xl else _AUTOENCODER]
    texts = [one for one in parts if one.kind == "text"]
    if not unet.is_xl:
        one = next((text for text in texts if text.text_width == unet.text_width), None)
        return ([*found, one], missing) if one else (found, [*missing, _TEXT_ENCODER])
    for first, second in permutations(texts, 2):
        width = first.text_width + second.text_width
        if width == unet.text_width and second.is_projected and _is_narrower(first, second):
            return [*found, first, second], missing
    for width, name in _XL_ENCODERS.items():
        alone = next((text for text in texts if text.text_width == width), None)
        if alone is not None:
            found.append(alone)
        else:
            missing.append(name)
    return found, missing or list(_XL_ENCODERS.values())


def _is_narrower(first: PartFile, second: PartFile) -> bool:
    return first.text_width <= second.text_width


def _united(unet: PartFile, parts: Iterable[PartFile]) -> TensorPlaces:
    """The tensors of parts under the names of a checkpoint."""
    second = unet.text_width == _SECOND_WIDTH
    beginnings = iter((XL_CLIP, XL_OPEN_CLIP) if unet.is_xl else (OPEN_CLIP if second else CLIP,))
    shapes: dict[str, tuple[int, ...]] = {}
    places: dict[str, tuple[Path, str]] = {}
    for part in parts:
        kinds = {"unet": UNET, "vae": AUTOENCODER}
        start = kinds[part.kind] if part.kind in kinds else next(beginnings)
        for name, shape in part.shapes.items():
            shapes[start + name] = shape
            places[start + name] = part.file, part.beginning + name
    scaled = next((one.header.scaled_type for one in parts if one.header.scaled_type), "")
    header = replace(unet.header, shapes=shapes, scaled_type=scaled)
    return TensorPlaces(header, places)


def _title(unet: PartFile) -> str:
    if unet.is_xl:
        return "Stable Diffusion XL"
    return f"Stable Diffusion {2 if unet.text_width == _SECOND_WIDTH else 1}"
