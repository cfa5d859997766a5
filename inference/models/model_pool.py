"""The models that are loaded, the most recently used last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from editor.errors import OutOfMemory
from editor.messages import Message
from inference.models.freed_memory import give_back_models

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.found_model import FoundModel
    from inference.models.loaded import LoadedModel


class ModelPool:
    """Keeps loaded models by their folder, and drops the least recently used for others.

    Attributes:
        device: where they are; None where none was loaded yet.
    """

    def __init__(self) -> None:
        """Nothing is loaded."""
        self.device: Device | None = None
        self._loaded: OrderedDict[Path, LoadedModel] = OrderedDict()

    def __contains__(self, folder: Path) -> bool:
        return folder in self._loaded

    @property
    def bytes(self) -> int:
        """Memory they take."""
        return sum(model.nbytes for model in self._loaded.values())

    def get(self, folder: Path) -> LoadedModel | None:
        """A loaded model, which counts as used now; None where it is not here."""
        if folder in self._loaded:
            self._loaded.move_to_end(folder)
        return self._loaded.get(folder)

    def add(self, folder: Path, loaded: LoadedModel) -> None:
        """Keep a model that was loaded."""
        self._loaded[folder] = loaded

    def make_room(self, model: FoundModel, wanted: int, budget: int) -> None:
        """Drop models until `wanted` bytes more fit into a budget.

        Raises:
            OutOfMemory: they do not fit alone.
        """
        if wanted > budget:
            raise OutOfMemory(
                Message(
                    "model.too_large", model=model.id, needed=wanted / 1e9, budget=budget / 1e9
                ),
                Message("do.smaller_model"),
            )
        self.keep_within(budget - wanted)

    def keep_within(self, room: int) -> None:
        """Drop the least recently used models until the others fit into `room` bytes."""
        before = len(self._loaded)
        while self._loaded and self.bytes > room:
            self._loaded.popitem(last=False)
        if len(self._loaded) < before:
            give_back_models(self.device)

    def drop(self, folders: Iterable[Path]) -> bool:
        """Drop the models of some folders; False where none of them was loaded."""
        gone = [self._loaded.pop(folder, None) for folder in folders]
        if not any(gone):
            return False
        gone.clear()
        give_back_models(self.device)
        return True

    def drop_unless(self, keeps: Callable[[LoadedModel], bool]) -> bool:
        """Drop the models for which `keeps` is false; False where there was none."""
        return self.drop([folder for folder, one in self._loaded.items() if not keeps(one)])
