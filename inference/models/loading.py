from __future__ import annotations

from dataclasses import replace

import torch

from editor.errors import ExpectedError
from editor.messages import Message, verbatim
from inference.models.devices import Device
from inference.models.errors import ModelDamaged
from inference.models.families import families
from inference.models.found_model import FoundModel
from inference.models.interrupt import between_weights
from inference.models.libraries import prepare_libraries, quiet
from inference.models.loaded import (
    LoadedDiffusion,
    LoadedModel,
    LoadedPipeline,
    LoadedSegmentation,
)
from inference.models.memory.lack import lacks_memory
from inference.models.memory.placing import loading_device, placed
from inference.models.memory.plan import WHOLE, MemoryPlan
from inference.models.stock import Unfit
from inference.request.cancel import CancelCheck, Cancelled


def expected_bytes(model: FoundModel, device: Device) -> int:
    """Memory a model will take once loaded."""
    return families()[model.family].expected_bytes(model, device)


def load_model(
    model: FoundModel, device: Device, check: CancelCheck, plan: MemoryPlan = WHOLE
) -> LoadedModel:
    """Load a model as its family does: offline, safetensors, no code of its own.

    Args:
        model: as `ModelStore` found it.
        device: where it goes.
        check: called between two libraries and two weights; what it raises passes.
        plan: how it is held there.

    Raises:
        ModelDamaged: config and weights do not fit together, or files are missing or broken.
        MemoryError: there is not enough memory.
    """
    family = families()[model.family]
    prepare_libraries()
    check()
    quiet()
    check()
    try:
        with between_weights(check):
            loaded = family.load(model, loading_device(device, plan), check)
            loaded = placed(loaded, plan, device)
            loaded = replace(loaded, nbytes=_nbytes(loaded))
    except (ExpectedError, Cancelled, MemoryError):
        raise
    except Exception as error:  # stock loaders raise anything on damaged files
        if lacks_memory(error):
            raise MemoryError from None
        raise ModelDamaged(
            Message("model.cannot_load", model=model.id, reason=_reason(error)),
            Message("do.other_model"),
        ) from error
    return loaded


def _nbytes(loaded: LoadedModel) -> int:
    if isinstance(loaded, LoadedSegmentation):  # OpenCV does not say
        return loaded.found.bytes
    if isinstance(loaded, LoadedPipeline):
        sizes = [_size_of(network) for network in loaded.networks]
        return max(sizes) if loaded.offloads else sum(sizes)
    if isinstance(loaded, LoadedDiffusion):
        networks = loaded.networks
        if loaded.may_be_lean:  # most weights are held a second time
            networks.append(loaded.unet)
    else:
        networks = [loaded.model]
    return sum(map(_size_of, networks))


def _size_of(network: torch.nn.Module) -> int:
    tensors = (*network.parameters(), *network.buffers())
    return sum(t.numel() * t.element_size() for t in tensors)


def _reason(error: Exception) -> Message:
    """Our own reason, or the start of a library's message, cut between words."""
    if isinstance(error, Unfit):
        return error.reason
    text = " ".join(str(error).split()) or type(error).__name__
    text = text.split(". ")[0].rstrip(".")
    if len(text) > _LONGEST_REASON:
        text = text[:_LONGEST_REASON].rsplit(" ", 1)[0] + " …"
        return verbatim(text)
    return verbatim(f"{text}.")


_LONGEST_REASON = 200
