"""Whether a model of the catalogue fits this computer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inference.models.catalogue.entry import BYTES, CatalogueEntry
from inference.models.families import families
from inference.models.family import LARGE, MODEL_SHARE
from inference.models.found_model import FoundModel

if TYPE_CHECKING:
    from inference.models.devices import Device


def fits(entry: CatalogueEntry, device: Device) -> bool | None:
    """True if all its weights fit into the memory that models may fill on a device.

    Models that come to the device part by part may run all the same, slower.

    Returns:
        None where it is not known how many numbers its networks hold.
    """
    count = entry.parameters.value
    if count is None:
        return None
    return count * BYTES[_type(entry, count, device)] <= device.bytes * MODEL_SHARE


def _type(entry: CatalogueEntry, count: int, device: Device) -> str:
    """The type that its weights would be kept in; of families to come, the shortest there is."""
    family = families().get(entry.family)
    if family is not None:
        model = FoundModel("", entry.id, Path(), (), 0, count)
        return family.dtype_name(model, device)
    return min(device.short_types, default="float32") if count >= LARGE else "float32"
