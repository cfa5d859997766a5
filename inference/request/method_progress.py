from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from editor.model.image import Pixels


@dataclass(frozen=True)
class MethodProgress:
    """How far a method is; `previews` by request key, (h, w, 3) `uint8`."""

    number: int
    total: int
    previews: Mapping[str, Pixels] = field(default_factory=dict)


OnStep = Callable[[MethodProgress], None]
"""Called after every step; raises `request.cancel.Cancelled` when the job was cancelled, and the
method lets it pass after freeing what it holds."""
