"""FLUX.2 Klein with kept keys and values: the source is computed in the first step alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from inference.models.families.flux2_klein import Flux2KleinFamily, keeping_sizes
from inference.models.found_model import FoundModel


class Flux2KleinKVFamily(Flux2KleinFamily):
    """Distilled, with attention in which the source does not look at what is drawn."""

    name = "flux2-klein-kv"
    pipeline: ClassVar[str] = "Flux2KleinKVPipeline"

    def preferred_settings(self, model: FoundModel) -> Mapping[str, Any]:
        """All of them are distilled."""
        return {}

    def assembled(self, parts: Mapping[str, Any], index: Mapping[str, Any]) -> Any:
        """See `PipelineFamily.assembled`."""
        import diffusers

        return keeping_sizes(diffusers.Flux2KleinKVPipeline(**parts))


FAMILY: Final = Flux2KleinKVFamily()
