"""Which model an arm was measured with, so that figures of two models are never mixed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, Protocol

from editor.errors import ExpectedError

_OF_A_MODEL: Final = frozenset({".safetensors", ".json", ".jinja", ".model", ".txt"})
"""The last four: configuration, template and words, for other words make other answers."""


class MeasuredRows(Protocol):
    """What was measured so far, by row and item; `PartialResults` satisfies it."""

    def measured(
        self, row: str, item: str, measure: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """What was measured, or is measured now and kept."""


class NoArm(ExpectedError):
    """An arm is not given as a protocol says, or its folder is missing."""

    kind = "usage"


class OtherModel(ExpectedError):
    """What was measured under an arm's name was measured with another model."""

    kind = "output_exists"


def arm_digest(folders: Iterable[Path | None]) -> str:
    """Of the weights, configurations and words of some folders, in hex; None is no folder."""
    state = hashlib.blake2b(digest_size=16)
    for folder in folders:
        for file in _model_files(folder) if folder is not None else ():
            state.update(file.name.encode() + b"\0")
            with file.open("rb") as opened:
                state.update(hashlib.file_digest(opened, "blake2b").digest())
        state.update(b"\0")
    return state.hexdigest()


def _model_files(folder: Path) -> list[Path]:
    found = (
        file
        for file in folder.iterdir()
        if file.suffix in _OF_A_MODEL and file.is_file() and not file.name.startswith("LICENSE")
    )
    return sorted(found)


def check_model(name: str, digest: str, results: MeasuredRows) -> None:
    """Note the model of an arm, or compare it with the one that was noted.

    Raises:
        OtherModel: it is another.
    """
    weights = {"digest": digest}
    if results.measured("weights", name, lambda: weights) != weights:
        raise OtherModel(f"{name} was measured with another model.", "Name another folder or arm.")
