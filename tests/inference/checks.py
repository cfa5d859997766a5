"""A check of a cancel that counts how often it was asked."""

from __future__ import annotations

import math

from inference.request.cancel import Cancelled


class Checks:
    """Called where a cancel may come; raises from the call after `limit` on."""

    def __init__(self, limit: float = math.inf) -> None:
        self.calls = 0
        self._limit = limit

    def __call__(self) -> None:
        self.calls += 1
        if self.calls > self._limit:
            raise Cancelled
