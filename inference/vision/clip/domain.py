from __future__ import annotations

from editor.model.image import Image
from inference.models.found_model import FoundModel
from inference.models.model_domain import domain_of_model, domain_verdict
from inference.request.analysis import Domain


def clip_domain(model: FoundModel | None, picture: Image) -> Domain | None:
    """Whether a picture lies in the world that a CLIP model knows.

    Args:
        model: general models know all pictures; others name their world in `world.json`.
        picture: the source, at any size.

    Returns:
        None where the model has no world of its own.
    """
    domain = domain_of_model(model)
    return domain_verdict(domain, picture) if domain is not None else None
