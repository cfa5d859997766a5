from __future__ import annotations

import os
from typing import Any, Final

import torch

from editor.render.heap import tune_heap

# Kept alive for the whole process: torch removes the operators when their library is collected.
_LIBRARIES: Final[list[Any]] = []


def prepare_libraries() -> None:
    """Make diffusers, transformers and open_clip importable, offline; safe to call again.

    The heap of this process is set up for them too.

    A CPU build of torch cannot load torchvision's compiled part, of which only two operator
    *names* are missing at import; they are declared here, and calling them raises.
    """
    # What layers make and free is used again by the next: mapped again, a step of eight candidates
    # cost 18,000 page faults, 5 to 12 % of its time. One arena, because glibc unmaps what the
    # others free beyond 64 MB at once; the threads of two networks rarely contend for it.
    tune_heap(arenas=1, mapped=32 << 20, trim_above=128 << 20)
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if torch.version.cuda is not None:
        return
    for op in ("nms", "qnms"):
        if hasattr(torch.ops.torchvision, op):
            continue
        # Any: torch.library is untyped.
        library: Any = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
        library.define(op + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _LIBRARIES.append(library)


def quiet() -> None:
    """No progress bars and no advice of diffusers and transformers on stderr."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    for logging in (diffusers_logging, transformers_logging):
        logging.disable_progress_bar()
        logging.set_verbosity_error()
