"""What families share when they load with the stock classes of diffusers and transformers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from editor.messages import Message
from inference.models.load_progress import part_begins
from inference.models.loaded import ClipPreprocessing
from inference.models.weights_files import chosen_weights, stock_variant

_LOCAL: Final[dict[str, Any]] = {"local_files_only": True, "use_safetensors": True}


class Unfit(Exception):
    """The parts of a model do not fit together; `reason` says how."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def stock(kind: Any, folder: Path, **options: Any) -> Any:
    """`from_pretrained`, refusing what leaves weights random; in evaluation mode, frozen.

    Weights may lie there in another precision alone (`model.fp16.safetensors`), in shards, and
    under any names; those that the library would not look for are read here.

    Args:
        kind: a class of diffusers or transformers.
        folder: of the part.
        options: of `from_pretrained`.

    Raises:
        Unfit: weights are missing or have other shapes.
    """
    part_begins(folder)
    of_diffusers = kind.__module__.startswith("diffusers.")
    files = chosen_weights(sorted(folder.glob("*.safetensors")))
    base = "diffusion_pytorch_model" if of_diffusers else "model"
    variant = stock_variant(folder, files, base)
    if variant is None and files:
        read = _diffusers_network if of_diffusers else _transformers_network
        return read(kind, folder, files, options).eval().requires_grad_(False)
    if variant:
        options["variant"] = variant
    network, info = kind.from_pretrained(folder, output_loading_info=True, **_LOCAL, **options)
    _check_info(info)
    return network.eval().requires_grad_(False)


def _diffusers_network(
    kind: Any, folder: Path, files: Sequence[Path], options: Mapping[str, Any]
) -> Any:
    from accelerate import init_empty_weights

    with init_empty_weights():
        network = kind.from_config(kind.load_config(folder, local_files_only=True))
    fill(network, _state(files), options.get("torch_dtype"))
    return network


def _transformers_network(
    kind: Any, folder: Path, files: Sequence[Path], options: Mapping[str, Any]
) -> Any:
    """The library takes tensors in place of a folder, and renames them as it does of files."""
    import transformers
    from accelerate import init_empty_weights

    config = transformers.AutoConfig.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    if hasattr(kind, "from_config"):  # one of the Auto classes, which take folders only
        with init_empty_weights():
            kind = type(kind.from_config(config, trust_remote_code=False))
    own = {name: value for name, value in options.items() if name != "trust_remote_code"}
    network, info = kind.from_pretrained(
        None, config=config, state_dict=_state(files), output_loading_info=True, **own
    )
    _check_info(info)
    return network


def _state(files: Sequence[Path]) -> dict[str, Any]:
    from safetensors.torch import load_file

    state: dict[str, Any] = {}
    for file in files:
        state |= load_file(file)
    return state


def fill(network: Any, state: Mapping[str, Any], dtype: Any) -> None:
    """Give a network without weights its tensors.

    Args:
        network: made under `init_empty_weights`.
        state: its tensors by name; others are left out.
        dtype: that they are kept in, None for their own.

    Raises:
        Unfit: tensors are missing or have other shapes.
    """
    own = network.state_dict()
    odd = [key for key, tensor in own.items() if key in state and state[key].shape != tensor.shape]
    lacking = [key for key in own if key not in state]
    _check_names(lacking, odd)
    given = {key: state[key].to(dtype or state[key].dtype) for key in own}
    network.load_state_dict(given, assign=True)


def _check_info(info: Mapping[str, Any]) -> None:
    """Refuse what a library says of weights that it did not find or could not use."""
    lacking = [str(key) for key in info.get("missing_keys", ())]
    odd = [str(key) for key in info.get("mismatched_keys", ())]
    _check_names(lacking, odd)
    if info.get("error_msgs"):
        raise ValueError(str(info["error_msgs"][0]))


def _check_names(lacking: Sequence[str], odd: Sequence[str]) -> None:
    if lacking or odd:
        first = (lacking or odd)[0][:80]
        count = len(lacking or odd)
        raise Unfit(Message("model.weights_misshapen", count=count, first=first))


def preprocessing(
    size: tuple[int, int], values: dict[str, Any], mean: str, std: str, *, squash: bool
) -> ClipPreprocessing:
    """How a CLIP model wants pictures.

    Args:
        size: (height, width) of its input.
        values: of its config; what is absent there stays OpenAI's.
        mean: name of the three means in `values`.
        std: name of the three deviations.
        squash: the whole picture is resized, not its centre square.

    Raises:
        Unfit: mean or deviation are not three usable numbers.
    """
    own = ClipPreprocessing(size, squash=squash)
    found: dict[str, tuple[float, ...]] = {}
    for field, name in (("mean", mean), ("std", std)):
        numbers = values.get(name)
        if numbers is None:
            continue
        numbers = tuple(float(number) for number in numbers)
        if len(numbers) != 3 or not all(math.isfinite(x) for x in numbers):
            raise Unfit(Message("model.not_three_numbers", name=name))
        found[field] = numbers
    if 0.0 in found.get("std", ()):
        raise Unfit(Message("model.divides_by_zero", name=std))
    return replace(own, **found)  # type: ignore[arg-type]  # only those two fields
