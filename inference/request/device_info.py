from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DeviceInfo:
    """Where models run, as the window may know it: without torch.

    Attributes:
        kind: torch's name: "cuda", "mps", "xpu" or "cpu".
        name: for people, e.g. "NVIDIA H200" or "CPU".
        short_types: torch's names of the 16-bit types that large networks may be kept in here.
        bytes: memory available to models.
    """

    kind: str
    name: str
    short_types: frozenset[str]
    bytes: int
