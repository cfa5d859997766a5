"""The kinds of models that can be loaded: one file each, found by its place here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from inference.models.family import Family


@cache
def families() -> Mapping[str, Family]:
    """Every family by its name; each file of this folder defines one as `FAMILY`."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__, f"{__name__}."))
    found: list[Family] = [importlib.import_module(name).FAMILY for name in names]
    return {family.name: family for family in found}
