from __future__ import annotations

import numpy as np

from editor.model.image import Image
from inference.models.found_model import FoundModel
from inference.models.model_domain import domain_of_model
from inference.request.analysis import Domain
from inference.vision.clip.embeddings import as_clip_sees


def clip_domain(model: FoundModel | None, picture: Image) -> Domain | None:
    """Whether a picture lies in the world that a CLIP model knows.

    Args:
        model: general models know all pictures; others name their world in `world.json`.
        picture: the source, at any size.

    Returns:
        None where the model has no world of its own.
    """
    domain = domain_of_model(model)
    if domain is None:
        return None
    return domain.fits(np.rint(as_clip_sees(picture) * 255).astype(np.uint8))
