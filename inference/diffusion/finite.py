from __future__ import annotations


class NotFinite(Exception):
    """A result is not finite: half precision overflowed, or weights are no numbers."""
