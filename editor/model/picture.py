from __future__ import annotations

import hashlib
from dataclasses import dataclass

from editor.model.image import DIGEST_BYTES, Image
from editor.model.selection import Selection


@dataclass(frozen=True)
class Layer:
    """One layer: pixels with an optional mask, opacity 0..1 and a blend mode.

    `blend` is always "normal" so far; files have had the field since format version 1.
    """

    image: Image
    mask: Selection | None = None
    opacity: float = 1.0
    blend: str = "normal"
    name: str = ""
    visible: bool = True


@dataclass(frozen=True)
class Picture:
    """What a history node holds: layers, bottom first, all of one size."""

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        if not self.layers:
            raise ValueError("a picture has at least one layer")

    @classmethod
    def of(cls, image: Image, name: str = "") -> Picture:
        """A picture of one layer."""
        return cls((Layer(image, name=name),))

    @property
    def image(self) -> Image:
        """The image edits start from: the bottom layer while there is only one."""
        if len(self.layers) != 1:
            raise NotImplementedError("several layers come with the layers issue")
        return self.layers[0].image

    @property
    def pixel_digest(self) -> str:
        """Digest of the one layer's pixels, or of all layers in order."""
        if len(self.layers) == 1 and self.layers[0].mask is None:
            return self.layers[0].image.pixel_digest
        state = hashlib.blake2b(b"pentimento-picture-1", digest_size=DIGEST_BYTES)
        for layer in self.layers:
            mask = layer.mask.digest if layer.mask else "-"
            state.update(
                f"{layer.image.pixel_digest},{mask},{layer.opacity!r},{layer.blend},"
                f"{layer.visible};".encode()
            )
        return state.hexdigest()
