"""CLIP features as MagicBrush takes them, and what the columns of a network are called."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from editor.errors import ExpectedError
from editor.model.image import Pixels
from inference.lab.training.environment import starter_folder
from inference.models.found_model import FoundModel
from inference.models.store import ModelStore


class CaptionTooLong(ExpectedError):
    """A caption is longer than the text encoder reads; the authors' script refuses it too."""

    kind = "bad_data"


def network_name(found: FoundModel) -> str:
    """What columns that a network fills are named after: "starter" for the program's own."""
    return "starter" if found.folder.parent == starter_folder() else found.id


class ClipColumns:
    """Features as MagicBrush's script takes them: the middle square of a picture, whole captions.

    Attributes:
        name: of the network; None where none is installed.
    """

    def __init__(self, models: ModelStore) -> None:
        """Nothing is loaded before the first feature."""
        found = models.model("clip")
        self.name = network_name(found) if found is not None else None
        self._models = models
        self._texts: dict[str, NDArray[np.float32]] = {}

    def picture(self, pixels: Pixels) -> NDArray[np.float32]:
        """Unit feature of (H, W, 3) uint8 sRGB, (D,): resized by bicubic interpolation."""
        values = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)).copy())[None]
        found: NDArray[np.float32] = self._models.clip().encode_image(values / 255)[0].numpy()
        return found

    def text(self, caption: str) -> NDArray[np.float32]:
        """Unit feature of a caption, (D,).

        Raises:
            CaptionTooLong: it is not cut.
        """
        if caption not in self._texts:
            clip = self._models.clip()
            if _tokens(clip.tokenizer, caption) > _context(clip):
                raise CaptionTooLong(
                    f"CLIP does not read all of “{caption[:40]}…”.", "Shorten that caption."
                )
            self._texts[caption] = clip.encode_text([caption])[0].numpy()
        return self._texts[caption]


def _tokens(tokenizer: Any, text: str) -> int:
    """Tokens of a text with the marks of its begin and end."""
    inner = getattr(tokenizer, "tokenizer", None)  # open_clip's wrapper of transformers' tokenizers
    if inner is not None:
        return len(inner(text, verbose=False)["input_ids"])
    if hasattr(tokenizer, "sot_token_id"):  # open_clip's own
        return len(tokenizer.encode(text)) + 2
    return len(tokenizer(text, verbose=False)["input_ids"])


def _context(clip: Any) -> int:
    if clip.stock == "open_clip":
        return int(clip.tokenizer.context_length)
    return int(clip.model.config.text_config.max_position_embeddings)
