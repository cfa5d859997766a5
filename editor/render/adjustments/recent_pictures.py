from __future__ import annotations

from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from editor.model.image import Image

_Found = TypeVar("_Found")

MOST = 8
"""An edit is seen at two or three sizes of its picture (canvas, card, measures), and the artist
goes back and forth between two ideas."""


class RecentPictures(Generic[_Found]):
    """What was found out about the pictures used last; keeps none of the pictures alive.

    All ideas of a document stay alive while it is open, so weak keys alone would keep what was
    computed for every one of them. Not locked.
    """

    def __init__(self, most: int = MOST) -> None:
        """Args: `most` pictures are remembered."""
        self._most = most
        self._found: WeakKeyDictionary[Image, _Found] = WeakKeyDictionary()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, image: Image) -> _Found | None:
        """What is remembered of a picture, which counts as used now; None if nothing is."""
        found = self._found.pop(image, None)
        if found is not None:
            self._found[image] = found  # the newest is the last
        return found

    def put(self, image: Image, value: _Found) -> None:
        """Remember something of a picture instead of what was; the least recently used one goes."""
        self._found.pop(image, None)
        self._found[image] = value
        while len(self._found) > self._most:
            oldest = next(iter(self._found.keys()), None)
            if oldest is not None:
                self._found.pop(oldest, None)
