from __future__ import annotations

import numpy as np

from editor.model.image import Image
from inference.models.discovery import FoundModel
from inference.models.model_domain import knows_storybook_only
from inference.request.analysis import Domain
from inference.starter.picture_domain import storybook
from inference.vision.clip.embeddings import as_clip_sees


def domain_of(model: FoundModel | None, picture: Image) -> Domain | None:
    """Whether a picture lies in the world that a CLIP model knows.

    Args:
        model: general models know all pictures; the starter model only storybook scenes.
        picture: the source, at any size.

    Returns:
        None where the model has no world of its own.
    """
    if not knows_storybook_only(model):
        return None
    verdict = storybook(np.rint(as_clip_sees(picture) * 255).astype(np.uint8))
    return Domain(verdict.fits, verdict.score)
