"""What folders with models hold, and whether they still hold just that."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from inference.models.discovery import Found, Search
from inference.models.found_model import FoundAdapter, FoundModel, RefusedModel
from inference.models.serving import distinct_ids

_State = tuple[int, int] | None
"""Time of the last change in nanoseconds, and size; None for what is gone."""


@dataclass(frozen=True)
class Scan:
    """The models and adapters in some folders.

    Attributes:
        found: every usable model, in search order; no two of a role have one id.
        refused: what looks like a model and is not used.
        adapters: LoRA files and new words.
        state: of everything that was looked at.
    """

    found: tuple[FoundModel, ...]
    refused: tuple[RefusedModel, ...]
    adapters: tuple[FoundAdapter, ...]
    state: Mapping[str, _State]

    def holds(self, model: FoundModel) -> bool:
        """True while a model's files are here as they were."""
        return any(
            (one.folder, one.weights, one.bytes) == (model.folder, model.weights, model.bytes)
            for one in self.found
        )

    def is_current(self) -> bool:
        """False once something was added, changed or removed; costs a `stat` for each folder."""
        return all(_state(path) == state for path, state in self.state.items())


def scan(folders: Iterable[Path]) -> Scan:
    """Search folders, in order; what two of them reach is listed once."""
    items: dict[str, Found] = {}
    state: dict[str, _State] = {}
    for folder in folders:
        walk = Search(lambda path: state.setdefault(str(path), _state(str(path))))
        for item in walk.below(folder):
            items.setdefault(os.path.realpath(item.folder), item)
    return Scan(
        distinct_ids(item for item in items.values() if isinstance(item, FoundModel)),
        tuple(item for item in items.values() if isinstance(item, RefusedModel)),
        tuple(item for item in items.values() if isinstance(item, FoundAdapter)),
        state,
    )


def _state(path: str) -> _State:
    try:
        facts = os.stat(path)  # noqa: PTH116 (called for thousands of paths)
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size
