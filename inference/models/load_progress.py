"""How far the loading of a model is, by the sizes of the weights files of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from inference.models.found_model import FoundModel

_part_begins: ContextVar[Callable[[Path], None] | None] = ContextVar("part_begins", default=None)


@contextmanager
def loading(model: FoundModel, report: Callable[[float], None]) -> Iterator[None]:
    """Have `report` called with the share that is loaded, 0 … 1, whenever a part begins.

    A pipeline has parts (text encoder, autoencoder, ...), each with weights files of its own; other
    models have one part. What `report` raises passes.
    """
    sizes = {path: path.stat().st_size for path in model.weights}
    done = 0
    begun: set[Path] = set()

    def begin(folder: Path) -> None:
        nonlocal done
        report(done / max(1, sum(sizes.values())))
        own = {path for path in sizes if path.is_relative_to(folder)} - begun
        begun.update(own)
        done += sum(sizes[path] for path in own)

    token = _part_begins.set(begin)
    try:
        yield
    finally:
        _part_begins.reset(token)


def part_begins(folder: Path) -> None:
    """Say that the weights in a folder are read now; nothing where nobody listens."""
    begin = _part_begins.get()
    if begin is not None:
        begin(folder)
