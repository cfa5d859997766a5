"""Which models know a picture: each is asked through its own domain, about one picture."""

from __future__ import annotations

from collections.abc import Iterable

from editor.model.image import Image
from inference.models.model_domain import ModelDomain, domain_of_model, domain_verdict
from inference.models.store import ModelStore
from inference.request.analysis import Domain


class PictureDomains:
    """What the installed models say of one picture.

    Captions, captions before and after, questions, suggestions, the choice of a method and CLIP's
    figures all ask here, so that no model speaks about a picture of a kind it does not know.
    """

    def __init__(self, models: ModelStore, picture: Image | None) -> None:
        """Nothing is looked at before the first question.

        Args:
            models: whose models serve the roles.
            picture: the picture; None where there is only a caption, and every model is believed.
        """
        self._models, self._picture = models, picture

    def verdict(self, role: str, method: str = "") -> Domain | None:
        """What the model that serves a role (for a method) says of the picture.

        None where there is no picture, no such model, or it is limited to no kind of picture.
        """
        domain = self._named(role, method)
        if domain is None or self._picture is None:
            return None
        return domain_verdict(domain, self._picture)

    def fits(self, role: str, method: str = "") -> bool:
        """Whether the model that serves a role (for a method) may speak about the picture."""
        verdict = self.verdict(role, method)
        return verdict is None or verdict.fits

    def fitting(self, roles: Iterable[str], method: str = "") -> list[ModelDomain]:
        """The domains of the models that serve these roles, where the picture is theirs."""
        found = (self._named(role, method) for role in roles if self.fits(role, method))
        return list(dict.fromkeys(domain for domain in found if domain is not None))

    def outside(self, role: str, method: str = "") -> ModelDomain | None:
        """The domain of the model that serves a role where the picture is none of its kind."""
        return None if self.fits(role, method) else self._named(role, method)

    def _named(self, role: str, method: str) -> ModelDomain | None:
        return domain_of_model(self._models.model(role, method))
