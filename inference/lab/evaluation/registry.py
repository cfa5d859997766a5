"""The protocols: the `INFO` of every file in `protocols`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from inference.lab.evaluation.protocol import ProtocolInfo

_FOLDER = "inference.lab.evaluation.protocols"


@cache
def protocols() -> dict[str, ProtocolInfo]:
    """Every protocol by its name, in the order of their names; imports no torch."""
    package = importlib.import_module(_FOLDER)
    names = [one.name for one in pkgutil.iter_modules(package.__path__, f"{_FOLDER}.")]
    rows: list[ProtocolInfo] = [importlib.import_module(name).INFO for name in sorted(names)]
    return {info.name: info for info in rows}
