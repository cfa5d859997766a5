from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from editor.image import Image
from inference.clip.embeddings import seen
from inference.domain import storybook
from inference.findings import Domain
from inference.models_search import FoundModel

STORYBOOK = "pentimento-storybook"
"""Name of the tokenizer in the config of a CLIP model that was shown storybook scenes only."""


def domain_of(model: FoundModel | None, picture: Image) -> Domain | None:
    """Whether a picture lies in the world that a CLIP model knows.

    Args:
        model: general models know all pictures; the starter model only storybook scenes.
        picture: the source, at any size.

    Returns:
        None where the model has no world of its own.
    """
    if model is None or not is_storybook(model.folder):
        return None
    verdict = storybook(np.rint(seen(picture) * 255).astype(np.uint8))
    return Domain(verdict.fits, verdict.score)


def is_storybook(folder: Path) -> bool:
    """True for the starter CLIP, wherever it lies."""
    try:
        config = json.loads((folder / "open_clip_config.json").read_text("utf-8"))
        name = config["model_cfg"]["text_cfg"]["hf_tokenizer_name"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
    return bool(name == STORYBOOK)
