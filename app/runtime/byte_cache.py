from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class ByteCache(Generic[_Key, _Value]):
    """The values used last, up to a budget of bytes; the newest stays even if it is larger.

    Not locked: whoever shares it between threads brings a lock.
    """

    def __init__(self, budget: int, weigh: Callable[[_Value], int]) -> None:
        """Args: `weigh` gives the bytes of a value, always the same for one value."""
        self._budget = budget
        self._weigh = weigh
        self._held = 0
        self._values: OrderedDict[_Key, _Value] = OrderedDict()

    @property
    def held(self) -> int:
        """Bytes of all values."""
        return self._held

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: _Key) -> _Value | None:
        """The value of a key, which counts as used now; None if it is not there."""
        found = self._values.get(key)
        if found is not None:
            self._values.move_to_end(key)
        return found

    def put(self, key: _Key, value: _Value) -> None:
        """Keep a value; the least recently used ones go where there is no room."""
        old = self._values.pop(key, None)
        if old is not None:
            self._held -= self._weigh(old)
        self._values[key] = value
        self._held += self._weigh(value)
        while self._held > self._budget and len(self._values) > 1:
            _, dropped = self._values.popitem(last=False)
            self._held -= self._weigh(dropped)
