"""The processes that share a measurement: one, or several under ``accelerate launch``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

_Item = TypeVar("_Item")

_LONGEST = timedelta(days=7)
"""The others may have hours more to do than the one that waits."""


@dataclass(frozen=True)
class ProcessShare:
    """This process among those that share the work.

    Attributes:
        index: from 0; process 0 writes the report.
        number: of processes.
        state: accelerate's, None where there is one process alone.
    """

    index: int = 0
    number: int = 1
    state: Any = None

    def of(self, items: Sequence[_Item]) -> list[_Item]:
        """The items that are this process's."""
        return list(items[self.index :: self.number])

    def wait(self) -> None:
        """Go on when all processes are here."""
        if self.state is not None:
            self.state.wait_for_everyone()

    def leave(self) -> None:
        """Give the connection to the others back."""
        if self.state is not None:
            self.state.destroy_process_group()


def this_process() -> ProcessShare:
    """From what ``accelerate launch`` says in the environment."""
    if int(os.environ.get("WORLD_SIZE", "1")) <= 1:
        return ProcessShare()
    import torch
    from accelerate import PartialState
    from accelerate.utils import parse_flag_from_env

    on_cpu = parse_flag_from_env("ACCELERATE_USE_CPU") or not torch.cuda.is_available()
    state = PartialState(cpu=on_cpu, timeout=_LONGEST)
    return ProcessShare(state.process_index, state.num_processes, state)
