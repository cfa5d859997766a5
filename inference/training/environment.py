"""What must happen before torch's friends are imported, and where training keeps things."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import torch

# Kept alive for the whole process: torch removes the operators when their library is collected.
_LIBRARIES: Final[list[Any]] = []


def prepare_libraries() -> None:
    """Make diffusers, transformers and open_clip importable offline; safe to call again.

    A CPU build of torch cannot load torchvision's compiled part, of which only two operator
    *names* are missed at import; they are declared here, calling them would raise.
    """
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
    """No progress bars of diffusers and transformers on stderr."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    diffusers_logging.disable_progress_bar()
    transformers_logging.disable_progress_bar()


def training_folder() -> Path:
    """``$PENTIMENTO_TRAINING``, else the user's cache folder; holds gigabytes, never committed."""
    named = os.environ.get("PENTIMENTO_TRAINING")
    return Path(named) if named else Path.home() / ".cache" / "pentimento-training"
