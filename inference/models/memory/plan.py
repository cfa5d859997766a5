"""The ways in which a model can be held while it computes, from the fastest to the smallest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from editor.messages import Message

OFFLOADING_DEVICES: Final = ("cuda", "xpu")
"""Kinds of devices with a memory of their own, so that networks can wait in main memory."""


class Residence(Enum):
    """Where the weights of a model are while it computes."""

    RESIDENT = "resident"
    """All of them on the device."""
    MODEL_OFFLOAD = "model_offload"
    """One network after the other comes to the device."""
    GROUP_OFFLOAD = "group_offload"
    """One layer after the other, the next while the last one computes."""
    SEQUENTIAL_OFFLOAD = "sequential_offload"
    """One layer after the other."""


_SENTENCES: Final = {
    Residence.MODEL_OFFLOAD: Message("memory.model_offload"),
    Residence.GROUP_OFFLOAD: Message("memory.group_offload"),
    Residence.SEQUENTIAL_OFFLOAD: Message("memory.sequential_offload"),
}


@dataclass(frozen=True)
class MemoryPlan:
    """How a model is held and run.

    Attributes:
        residence: where its weights are.
        kept_as: torch's name of a 16-bit type that large networks are kept in while each layer
            computes in float32; "" for those that are kept as they compute. Weights whose files
            are of that type lose nothing.
        tiles: the autoencoder draws larger pictures in tiles.
        work_share: sides of the picture that the model works on, as a share of what was asked.
    """

    residence: Residence = Residence.RESIDENT
    kept_as: str = ""
    tiles: bool = False
    work_share: float = 1.0

    @property
    def name(self) -> str:
        """For reports: its parts with a plus between them."""
        parts = [self.residence.value]
        parts += [f"{self.kept_as} weights"] if self.kept_as else []
        parts += ["tiles"] if self.tiles else []
        parts += [f"work size {self.work_share:g}"] if self.work_share < 1 else []
        return " + ".join(parts)

    @property
    def sentences(self) -> tuple[Message, ...]:
        """What is said of it, () of the whole model."""
        found = []
        if self.residence in _SENTENCES:
            found.append(_SENTENCES[self.residence])
        if self.kept_as:
            found.append(Message("memory.kept_short"))
        if self.tiles:
            found.append(Message("memory.tiles"))
        if self.work_share < 1:
            found.append(Message("memory.smaller", percent=round(100 * self.work_share)))
        return tuple(found)

    def step_from(self, before: MemoryPlan) -> Message:
        """What is said of the change from the plan before it."""
        return next(one for one in self.sentences if one not in before.sentences)

    def is_within(self, other: MemoryPlan) -> bool:
        """True if it takes no more memory than another one; the work size is no part of that."""
        order = list(Residence)
        return (
            order.index(self.residence) >= order.index(other.residence)
            and bool(self.kept_as) >= bool(other.kept_as)
            and self.tiles >= other.tiles
        )


WHOLE: Final = MemoryPlan()
"""All weights where they compute, as they compute."""

_SHARES: Final = (0.75, 0.5)


def plans(kind: str, kept_as: str) -> tuple[MemoryPlan, ...]:
    """Every plan for a device, the fastest and most exact first.

    Args:
        kind: of the device, as torch calls it.
        kept_as: type that weights may be kept in while float32 computes; "" for none.
    """
    found = [WHOLE]
    if kept_as:
        found.append(MemoryPlan(kept_as=kept_as))
    found.append(replace(found[-1], tiles=True))
    if kind in OFFLOADING_DEVICES:
        found += [replace(found[-1], residence=one) for one in list(Residence)[1:]]
    found += [replace(found[-1], work_share=share) for share in _SHARES]
    return tuple(found)
