from __future__ import annotations

import os
from contextlib import suppress

import torch

from inference.models.system_memory import system_bytes
from inference.request.device_info import DeviceInfo

_CAPABILITIES = {"float16": (7, 0), "bfloat16": (8, 0)}
"""Compute capabilities of NVIDIA GPUs: from Volta on they accumulate float16 products in float32,
from Ampere on they compute bfloat16."""


class Device(DeviceInfo):
    """Where models run, for what computes there."""

    @property
    def place(self) -> torch.device:
        """Torch's own object."""
        return torch.device(self.kind)

    @property
    def info(self) -> DeviceInfo:
        """The same for a process that never imports torch."""
        return DeviceInfo(self.kind, self.name, self.short_types, self.bytes)


def choose_device(wanted: str | None = None) -> Device:
    """The fastest device that works here: CUDA, XPU, MPS, else the CPU.

    Args:
        wanted: take this kind if it is there; None asks `PENTIMENTO_DEVICE`, then everything.
    """
    wanted_kind = wanted or os.environ.get("PENTIMENTO_DEVICE") or ""
    kinds = [wanted_kind] if wanted_kind in _FINDERS else [*_FINDERS]
    for kind in kinds:
        # A driver without its card, or older than the library, counts as no device.
        with suppress(RuntimeError, AssertionError, OSError):
            found = _FINDERS[kind]()
            if found is not None:
                return found
    return _cpu()


def _cuda() -> Device | None:
    if not torch.cuda.is_available():
        return None
    properties = torch.cuda.get_device_properties(0)
    capability = (properties.major, properties.minor)
    types = frozenset(
        name for name, least in _CAPABILITIES.items() if torch.version.hip or capability >= least
    )
    return Device("cuda", properties.name, types, properties.total_memory)


def _xpu() -> Device | None:
    if not hasattr(torch, "xpu") or not torch.xpu.is_available():
        return None
    properties = torch.xpu.get_device_properties(0)
    return Device("xpu", properties.name, frozenset(_CAPABILITIES), properties.total_memory)


def _mps() -> Device | None:
    if not torch.backends.mps.is_available():
        return None
    # Several versions of macOS give black pictures in float16, so float32 is used.
    return Device("mps", "Apple GPU", frozenset(), system_bytes() * 2 // 3)


def _cpu() -> Device:
    # Float16 is emulated on most processors: slower than float32 (docs/starter-models.md).
    return Device("cpu", "CPU", frozenset(), system_bytes())


_FINDERS = {"cuda": _cuda, "xpu": _xpu, "mps": _mps, "cpu": _cpu}
