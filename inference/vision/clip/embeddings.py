from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from editor.messages import Message
from editor.model.image import Image
from editor.render.color import SRGB, ColorSpace, Floats, scaled
from inference.models.errors import ModelDamaged
from inference.models.found_model import FoundModel
from inference.models.store import ModelStore
from inference.vision.clip.similarity import Features, Similarity, similarities

if TYPE_CHECKING:
    from inference.models.loaded import LoadedClip

KEPT_BYTES = 16 << 20
"""Bytes of features to keep: some 8,000 pictures of ViT-B/32."""

_BATCH = 16
_LARGE = 200_000_000
_SMALL_BATCH = 2
"""A large model on a CPU gains nothing from a batch, and a cancel waits for a layer of it."""


class Embeddings:
    """Unit CLIP features of pictures and texts, each encoded once while it is remembered.

    They are kept by the digest of the model's weights and the content itself (pixel digest, text),
    and the least recently used go first. The model is loaded only when something new is needed.
    """

    def __init__(self, models: ModelStore, *, limit: int = KEPT_BYTES, role: str = "clip") -> None:
        """Nothing is loaded yet.

        Args:
            models: the CLIP model that serves there is used.
            role: which of them: "clip", or "preference" for one that was taught it.
            limit: bytes of features to keep.
        """
        self._models = models
        self._role = role
        self._limit = limit
        self._kept: OrderedDict[tuple[str, str, str], Features] = OrderedDict()
        self._bytes = 0
        self._digest: tuple[object, str] | None = None

    @property
    def model(self) -> FoundModel | None:
        """The model that makes the features; None if there is none."""
        return self._models.model(self._role)

    @property
    def digest(self) -> str:
        """Digest of its weights; "" without a model. Read again only where a file has changed."""
        model = self.model
        if model is None:
            return ""
        states = [path.stat() for path in model.weights]
        state = (model.folder, tuple((one.st_size, one.st_mtime_ns) for one in states))
        if self._digest is None or self._digest[0] != state:
            self._digest = (state, self._models.digest(model))
        return self._digest[1]

    @property
    def kept_bytes(self) -> int:
        """Bytes of the remembered features."""
        return self._bytes

    def pictures(
        self, images: Sequence[Image], check: Callable[[], None] | None = None
    ) -> Features:
        """(N, D) float32 unit features; what is new is encoded in batches.

        The whole picture is resized to the model's square, as InstructPix2Pix's filter does (Brooks
        et al. 2023): a crop could cut away what was edited. It is resized with antialiasing, as
        open_clip does (their filter does without). Colours are taken to sRGB; transparent pixels
        take the mean colour of the opaque ones.

        Args:
            images: of any size and depth.
            check: called between pictures and layers; what it raises passes.

        Raises:
            ModelMissing, ModelDamaged, OutOfMemory: as `ModelStore.clip`.
        """
        return self._features(
            "picture",
            [_name(image) for image in images],
            lambda some, ask: _encode_pictures(self._clip, [images[i] for i in some], ask),
            check,
        )

    def texts(self, texts: Sequence[str], check: Callable[[], None] | None = None) -> Features:
        """(N, D) float32 unit features of captions; see `pictures`."""
        return self._features(
            "text",
            list(texts),
            lambda some, ask: _encode_texts(self._clip, [texts[i] for i in some], ask),
            check,
        )

    def compare(
        self,
        source: Image,
        candidates: Sequence[Image],
        source_prompt: str,
        target_prompts: Sequence[str],
        check: Callable[[], None] | None = None,
    ) -> list[Similarity]:
        """What CLIP says about candidates of one source; one batch of pictures and one of texts.

        Args:
            source: the picture before.
            candidates: pictures after, of any size.
            source_prompt: caption before; "" if it is not known.
            target_prompts: caption after of each candidate, "" where it is not known.
            check: see `pictures`.
        """
        found = self.pictures([source, *candidates], check)
        texts = [text for text in dict.fromkeys((source_prompt, *target_prompts)) if text.strip()]
        read = dict(zip(texts, self.texts(texts, check), strict=True)) if texts else {}
        return similarities(
            found[0],
            found[1:],
            read.get(source_prompt),
            [read.get(prompt) for prompt in target_prompts],
        )

    @property
    def _clip(self) -> LoadedClip:
        return self._models.clip(self._role)

    @property
    def _at_once(self) -> int:
        model = self.model
        large = model is not None and model.elements > _LARGE
        return _SMALL_BATCH if large and self._models.device.kind == "cpu" else _BATCH

    def _features(
        self,
        kind: str,
        names: Sequence[str],
        encode: Callable[[Sequence[int], Callable[[], None]], Features],
        check: Callable[[], None] | None,
    ) -> Features:
        digest = self.digest
        keys = [(kind, digest, name) for name in names]
        found = {key: self._kept[key] for key in keys if key in self._kept}
        new = [i for i, key in enumerate(keys) if key not in found and keys.index(key) == i]
        at_once = self._at_once if new else 1
        ask = check or _never
        for start in range(0, len(new), at_once):
            ask()
            some = new[start : start + at_once]
            made = encode(some, ask)
            if not np.isfinite(made).all():
                name = self.model.id if self.model is not None else ""
                raise ModelDamaged(
                    Message("model.not_numbers", model=name), Message("do.other_model")
                )
            for i, vector in zip(some, made, strict=True):
                found[keys[i]] = vector
                self._keep(keys[i], vector)
        for key in keys:
            if key in self._kept:
                self._kept.move_to_end(key)
        return np.stack([found[key] for key in keys])

    def _keep(self, key: tuple[str, str, str], vector: Features) -> None:
        # A copy, because a row would keep its whole batch alive.
        self._kept[key] = vector.copy()
        self._bytes += _size(key, vector)
        while self._bytes > self._limit:
            self._bytes -= _size(*self._kept.popitem(last=False))


def _size(key: tuple[str, str, str], vector: Features) -> int:
    return vector.nbytes + len(key[2])


def _name(image: Image) -> str:
    """What the model sees of a picture depends on its pixels and its profile."""
    return f"{image.pixel_digest} {image.meta_digest if image.meta.icc else ''}"


def _never() -> None:
    """Nobody can cancel."""


def _encode_texts(clip: LoadedClip, texts: Sequence[str], check: Callable[[], None]) -> Features:
    from inference.models.interrupt import between_layers

    with between_layers([clip.model], check):
        features: Features = clip.encode_text(texts).numpy()
    return features


def _encode_pictures(
    clip: LoadedClip, images: Sequence[Image], check: Callable[[], None]
) -> Features:
    """(N, D), each resized on its own and then encoded as one batch."""
    import torch
    from torch.nn import functional

    from inference.models.interrupt import between_layers

    size = clip.preprocessing.size
    ready = []
    for image in images:
        check()
        pixels = torch.from_numpy(np.ascontiguousarray(as_clip_sees(image).transpose(2, 0, 1)))[
            None
        ]
        if pixels.shape[-2:] != size:
            pixels = functional.interpolate(
                pixels, size, mode="bicubic", antialias=True, align_corners=False
            ).clamp(0.0, 1.0)
        ready.append(pixels)
    whole = replace(clip, preprocessing=replace(clip.preprocessing, squash=True))
    try:
        with between_layers([clip.model], check):
            features: Features = whole.encode_image(torch.cat(ready)).numpy()
    except torch.OutOfMemoryError:
        raise MemoryError from None
    return features


def as_clip_sees(image: Image) -> Floats:
    """(h, w, 3) float32 0..1 sRGB of the whole picture, opaque."""
    pixels = image.array()
    colours = ColorSpace.of(image).converted(pixels[:, :, : image.colour_channels], SRGB)
    if colours.shape[2] == 1:
        colours = colours.repeat(3, axis=2)
    if image.has_alpha:
        opaque = scaled(pixels[:, :, -1:])
        weight = float(opaque.sum())
        mean = (colours * opaque).sum(axis=(0, 1)) / weight if weight else colours.mean((0, 1))
        colours = colours * opaque + mean.astype(np.float32) * (1.0 - opaque)
    return colours
