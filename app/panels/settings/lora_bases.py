"""Whether the model that a LoRA file was made for is here, and what to install where it is not."""

from __future__ import annotations

from typing import Final

from app.panels.settings.model_cards import Computer
from app.session.model_library import LibraryFacts, ModelPlace
from inference.models.catalogue.entry import CatalogueEntry
from inference.models.catalogue.fits import CatalogueFit
from inference.models.found_model import FoundAdapter

BASES: Final = {
    "Stable Diffusion 1": (
        ("stable-diffusion", "stable-diffusion-inpainting", "instruct-pix2pix"),
        "stable-diffusion-1.5",
    ),
    "Stable Diffusion XL": (
        ("stable-diffusion-xl", "sdxl-inpainting", "sdxl-instruct-pix2pix"),
        "sdxl",
    ),
    "FLUX": (("flux-kontext", "flux2-klein", "flux2-klein-kv"), "flux.1-kontext"),
}
"""By `FoundAdapter.made_for`: the families that may take it, and the model of the catalogue that
does."""


def missing_base(
    adapter: FoundAdapter, facts: LibraryFacts, computer: Computer
) -> CatalogueEntry | None:
    """The model to install for a LoRA file; None where one is here, or none is known that fits.

    The starter models do not count: they are smaller than what LoRA files are made for.
    """
    families, name = BASES.get(adapter.made_for, ((), ""))
    here = (one.family for one in facts.found if one.place is not ModelPlace.STARTER)
    entry = facts.catalogue.get(name)
    if entry is None or any(family in families for family in here):
        return None
    return None if computer.fit(entry) is CatalogueFit.TOO_LARGE else entry
