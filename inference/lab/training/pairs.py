"""The storybook cache as the recipes see it: pictures by index, pairs with fresh words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.lab.storybook.cache import Cache
from inference.lab.storybook.edits import Edit

# Pairs at the end of the cache that no recipe learns from: its figures during training are honest.
KEPT_BACK: Final = 512


class Pictures(Protocol):
    """Something that holds many square pictures of one size."""

    def __len__(self) -> int:
        """How many."""

    def take(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The pictures at ``indices``, (N, side, side, 3) uint8 sRGB, a copy."""


class PairPictures(Protocol):
    """Something that holds many pairs of square pictures of one size."""

    def __len__(self) -> int:
        """How many."""

    def pictures(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Before and after, (N, 2, side, side, 3) uint8 sRGB, a copy."""


class Pairs(PairPictures, Protocol):
    """Something that holds many gold pairs."""

    def attributes(self, indices: NDArray[np.int64]) -> NDArray[np.int8]:
        """(N, 2, A): value of each attribute before and after, −1 where it has none."""

    def edit(self, index: int) -> Edit:
        """The edit, from which captions and instructions are drawn afresh each time."""


def _gather(maps: NDArray[np.uint8], indices: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.stack([maps[i] for i in indices])


@dataclass(frozen=True)
class CachedPairs:
    """The pairs of a cache that may be learnt from, or with ``kept_back`` the others."""

    cache: Cache
    kept_back: bool = False

    def __len__(self) -> int:
        learnt = max(1, len(self.cache.rows) - KEPT_BACK)
        return len(self.cache.rows) - learnt if self.kept_back else learnt

    def _at(self, indices: NDArray[np.int64]) -> NDArray[np.int64]:
        first = max(1, len(self.cache.rows) - KEPT_BACK) if self.kept_back else 0
        return indices + first

    def pictures(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        """See `Pairs.pictures`."""
        where = self._at(indices)
        return np.stack([_gather(self.cache.source, where), _gather(self.cache.gold, where)], 1)

    def attributes(self, indices: NDArray[np.int64]) -> NDArray[np.int8]:
        """See `Pairs.attributes`."""
        return self.cache.attributes[self._at(indices)]

    def edit(self, index: int) -> Edit:
        """See `Pairs.edit`."""
        return self.cache.edit(int(self._at(np.array(index))))


@dataclass(frozen=True)
class BothSides:
    """All pictures of the pairs: the sources first, then the gold ones."""

    pairs: Pairs

    def __len__(self) -> int:
        return 2 * len(self.pairs)

    def take(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        """See `Pictures.take`."""
        both = self.pairs.pictures(indices % len(self.pairs))
        return both[np.arange(len(indices)), (indices >= len(self.pairs)).astype(np.int64)]
