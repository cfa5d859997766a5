"""Which model of the catalogue to propose for what somebody wants to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from app.i18n.texts import N_, tr
from app.panels.settings.model_cards import Computer
from app.session.model_need import REPAINT
from inference.models.catalogue.entry import CatalogueEntry
from inference.models.catalogue.fits import CatalogueFit

_REPAINTING: Final = ("instruct_pix2pix", "flux_kontext", "flux2_klein", "qwen_image_edit")
_NEEDS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    REPAINT: (N_("To repaint photographs"), _REPAINTING),
    **dict.fromkeys(_REPAINTING, (N_("To repaint photographs"), _REPAINTING)),
    "captioner": (N_("To describe photographs"), ("captioner",)),
    "clip": (N_("To rank results of photographs"), ("clip",)),
    "aesthetic": (N_("To rate how beautiful results are"), ("aesthetic",)),
    "preference": (N_("To rate what people would prefer"), ("preference",)),
    "chat": (N_("To put edits of any picture into words"), ("chat", "language")),
    "language": (N_("To put edits of any picture into words"), ("chat", "language")),
    "inpaint": (N_("To redraw what is selected"), ("inpaint",)),
    "text_to_image": (N_("To draw new pictures from words"), ("text_to_image",)),
    "segmentation": (N_("To select people by a click"), ("segmentation",)),
    "upscaler": (N_("To draw pictures larger"), ("upscaler",)),
}
"""By need: its headline, and the roles of the models that help. Roles are needs too."""

FIRST_SET: Final = (REPAINT, "captioner", "clip", "chat")
"""What photographs need that the starter models cannot do."""

_GOOD: Final = (CatalogueFit.FITS, CatalogueFit.SLOWER, CatalogueFit.UNKNOWN)


def headline(need: str) -> str:
    """What a need is called; "" for one that is not known."""
    return tr(_NEEDS[need][0]) if need in _NEEDS else ""


def proposed(
    need: str,
    entries: Mapping[str, CatalogueEntry],
    here: Collection[str],
    computer: Computer,
) -> CatalogueEntry | None:
    """The one model to install for a need: of those that fit best, the largest of its first role.

    Models whose licence nobody has read come last: whoever is given one model to install need not
    look for its conditions.

    Args:
        need: an id of the table, such as a role.
        entries: the catalogue.
        here: ids of the models that are installed.
        computer: what it has to fit.

    Returns:
        None where no model of the catalogue serves this need here.
    """
    if need not in _NEEDS:
        return None
    roles = _NEEDS[need][1]
    able = [
        entry
        for entry in entries.values()
        if entry.id not in here
        and not set(roles).isdisjoint(entry.roles)
        and computer.fit(entry) in _GOOD
    ]

    def key(entry: CatalogueEntry) -> tuple[int, bool, int, int]:
        role = min(roles.index(one) for one in entry.roles if one in roles)
        unread = entry.licence.value is None
        return computer.rank(entry), unread, role, -(entry.parameters.value or 0)

    return min(able, key=key, default=None)


def first_set(
    entries: Mapping[str, CatalogueEntry], here: Collection[str], computer: Computer
) -> tuple[CatalogueEntry, ...]:
    """Models to begin with on photographs: one for each need that fits this computer for sure."""
    found = (proposed(need, entries, here, computer) for need in FIRST_SET)
    return tuple(e for e in found if e is not None and computer.fit(e) in _GOOD[:2])
