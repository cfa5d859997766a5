"""Folders of pairs, ours or the published ones, as a training sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from editor.errors import ExpectedError
from inference.lab.editing_pairs.pair_folder import METADATA, PROMPT, SEEDS, picture_files

PairPart = Literal["train", "validation", "test"]

_PARTS: Final[dict[PairPart, tuple[float, float]]] = {
    "train": (0.0, 0.9),
    "validation": (0.9, 0.95),
    "test": (0.95, 1.0),
}
"""Shares of the triples by the order of their numbers, as published."""


class BadPairs(ExpectedError):
    """A folder holds no pairs that an editor could learn from."""

    kind = "bad_pairs"


@dataclass(frozen=True)
class StoredPair:
    """Where a pair lies, and the instruction between its pictures."""

    folder: Path
    seed: int
    instruction: str


@dataclass(frozen=True)
class StoredPairs:
    """Pairs of a folder at one size, then all of them once more as in a mirror.

    Attributes:
        pairs: in their order.
        side: of the pictures as they are given, in pixels.
    """

    pairs: Sequence[StoredPair]
    side: int

    def __len__(self) -> int:
        return 2 * len(self.pairs)

    def pictures(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        """See `PairPictures`; the whole picture is resized, as it was drawn square."""
        return np.stack([self._both(int(index)) for index in indices])

    def _both(self, index: int) -> NDArray[np.uint8]:
        pair = self.pairs[index % len(self.pairs)]
        sides = [self._opened(file) for file in picture_files(pair.folder, pair.seed)]
        both = np.stack(sides)
        return both[:, :, ::-1] if index >= len(self.pairs) else both

    def _opened(self, file: Path) -> NDArray[np.uint8]:
        with PillowImage.open(file) as opened:
            picture = opened.convert("RGB")
        if picture.size != (self.side, self.side):
            picture = picture.resize((self.side, self.side), PillowImage.Resampling.LANCZOS)
        return np.asarray(picture)


def read_pairs(root: Path, part: PairPart) -> list[StoredPair]:
    """The pairs of a part of a folder: 90, 5 and 5 % of its triples by their numbers.

    Args:
        root: with ``seeds.json``, or without where the folders of the triples say the same.
        part: which.

    Raises:
        BadPairs: it holds none, or a file cannot be read.
    """
    try:
        rows = list(_rows(root))
        first, last = (round(share * len(rows)) for share in _PARTS[part])
        found = [
            StoredPair(root / name, seed, _instruction(root / name))
            for name, seeds in rows[first:last]
            for seed in seeds
        ]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadPairs(f"{root} cannot be read as pairs.", "Make them with make-pairs.") from error
    if not rows:
        raise BadPairs(f"{root} holds no pairs.", "Make them with make-pairs.")
    return found


def _rows(root: Path) -> Iterator[tuple[str, list[int]]]:
    """The triples that have pairs, by their numbers, with their seeds."""
    if (root / SEEDS).is_file():
        for name, seeds in sorted(json.loads((root / SEEDS).read_text("utf-8"))):
            yield str(name), [int(seed) for seed in seeds]
        return
    for file in sorted(root.glob(f"*/{METADATA}")):
        lines = file.read_text("utf-8").splitlines()
        seeds = [int(json.loads(line)["seed"]) for line in lines]
        if seeds and not file.parent.name.startswith("."):
            yield file.parent.name, seeds


def _instruction(folder: Path) -> str:
    return str(json.loads((folder / PROMPT).read_text("utf-8"))["edit"])
