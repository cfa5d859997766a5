"""Whether a model of the catalogue fits this computer."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from inference.models.catalogue.entry import BYTES, CatalogueEntry, PackageSource
from inference.models.families import families
from inference.models.family import LARGE, MODEL_SHARE
from inference.models.found_model import FoundModel
from inference.models.system_memory import system_bytes
from inference.request.device_info import DeviceInfo

_MOST_GROWTH = 8
"""Weights of four bits that become float32: what a file can grow by when it is loaded."""


class CatalogueFit(Enum):
    """What a computer can do with a model."""

    FITS = "fits"
    SLOWER = "slower"
    """Its parts come to the device in turn."""
    TOO_LARGE = "too large"
    UNKNOWN = "unknown"
    """No source says how many numbers its networks hold."""
    UNUSED = "unused"
    """This version has no file for its family."""


def fit(entry: CatalogueEntry, device: DeviceInfo, memory: int | None = None) -> CatalogueFit:
    """What a device can do with a model.

    Args:
        entry: the model.
        device: where it would run.
        memory: bytes of main memory; None asks this computer.
    """
    family = families().get(entry.family)
    if family is None:
        return CatalogueFit.UNUSED
    whole, weights = fits(entry, device), weight_bytes(entry, device)
    if whole or weights is None:
        return CatalogueFit.FITS if whole else CatalogueFit.UNKNOWN
    room = (system_bytes() if memory is None else memory) * MODEL_SHARE
    comes_in_parts = family.comes_in_parts and device.kind in {"cuda", "xpu"}
    return CatalogueFit.SLOWER if comes_in_parts and weights <= room else CatalogueFit.TOO_LARGE


def fits(entry: CatalogueEntry, device: DeviceInfo) -> bool | None:
    """True if all its weights fit into the memory that models may fill on a device.

    Returns:
        None where it is not known how many numbers its networks hold, and its files are too large
        to fit whatever is in them.
    """
    room = device.bytes * MODEL_SHARE
    weights, source = weight_bytes(entry, device), entry.source
    if weights is not None:
        return weights <= room
    small = isinstance(source, PackageSource) and source.unpacked_bytes * _MOST_GROWTH <= room
    return True if small else None


def weight_bytes(entry: CatalogueEntry, device: DeviceInfo) -> int | None:
    """Memory that its weights take on a device; None where their number is not known."""
    count = entry.parameters.value
    return None if count is None else count * BYTES[_type(entry, count, device)]


def needed_bytes(entry: CatalogueEntry, device: DeviceInfo) -> int | None:
    """Memory that a device needs for it: models may fill `MODEL_SHARE` of that."""
    weights = weight_bytes(entry, device)
    return None if weights is None else round(weights / MODEL_SHARE)


def _type(entry: CatalogueEntry, count: int, device: DeviceInfo) -> str:
    """The type that its weights would be kept in; of families to come, the shortest there is."""
    family = families().get(entry.family)
    if family is not None:
        model = FoundModel("", entry.id, Path(), (), 0, count)
        return family.dtype_name(model, device)
    return min(device.short_types, default="float32") if count >= LARGE else "float32"
