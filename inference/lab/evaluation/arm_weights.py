"""Which weights an arm was measured with, so that figures of two models are never mixed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from editor.errors import ExpectedError


class MeasuredRows(Protocol):
    """What was measured so far, by row and item; `PartialResults` satisfies it."""

    def measured(
        self, row: str, item: str, measure: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """What was measured, or is measured now and kept."""


class NoArm(ExpectedError):
    """An arm is not given as a protocol says, or its folder is missing."""

    kind = "usage"


class OtherWeights(ExpectedError):
    """What was measured under an arm's name was measured with other weights."""

    kind = "output_exists"


def weights_digest(folders: Iterable[Path | None]) -> str:
    """Of the safetensors files of some folders, in hex; None stands for no folder."""
    state = hashlib.blake2b(digest_size=16)
    for folder in folders:
        for file in sorted(folder.glob("*.safetensors")) if folder is not None else ():
            with file.open("rb") as opened:
                state.update(hashlib.file_digest(opened, "blake2b").digest())
    return state.hexdigest()


def check_weights(name: str, digest: str, results: MeasuredRows) -> None:
    """Note the weights of an arm, or compare them with those that were noted.

    Raises:
        OtherWeights: they are others.
    """
    weights = {"digest": digest}
    if results.measured("weights", name, lambda: weights) != weights:
        raise OtherWeights(
            f"{name} was measured with other weights.", "Name another folder or arm."
        )
