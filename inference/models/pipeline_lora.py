"""Low-rank adapters (LoRA; Hu et al. 2022) laid over the networks of a stock pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from inference.models.loaded import LoadedPipeline
from inference.models.lora import changed_layers, hooked, unfit
from inference.models.lora_file import read_lora
from inference.request.settings import Loras


@contextmanager
def with_pipeline_loras(model: LoadedPipeline, loras: Loras) -> Iterator[None]:
    """Within this context the networks of a pipeline compute with adapter files laid over them.

    As `with_loras` does it for models in parts. Diffusers knows what the authors of each family
    call the layers, and renames them; its own way to use them needs another library.

    Args:
        model: loaded.
        loras: (file, weight) of each; files of weight 0 are left out.

    Raises:
        LoraUnfit: a file is damaged, of another kind, or made for another model.
    """
    with ExitStack() as stack:
        for name, weight in loras:
            if not weight:
                continue
            file = Path(name)
            read, alphas = read_lora(file)
            tensors = _renamed(model, file, dict(read))
            networks = model.pipeline.components
            for layer, change in changed_layers(model.found.id, networks, file, tensors, alphas):
                stack.callback(hooked(layer, change, weight).remove)
        yield


def _renamed(model: LoadedPipeline, file: Path, tensors: dict[str, Any]) -> dict[str, Any]:
    """The tensors of a file by diffusers' names of the layers."""
    first = next(iter(tensors), "")
    try:
        renamed: dict[str, Any] = model.pipeline.lora_state_dict(tensors)
    except (ValueError, KeyError, IndexError, RuntimeError):  # of names that it does not know
        raise unfit(model.found.id, file, first) from None
    return renamed
