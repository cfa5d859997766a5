"""What families share when they load with the stock classes of diffusers and transformers."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from editor.messages import Message
from inference.models.load_progress import part_begins
from inference.models.loaded import ClipPreprocessing

_LOCAL: Final[dict[str, Any]] = {"local_files_only": True, "use_safetensors": True}


class Unfit(Exception):
    """The parts of a model do not fit together; `reason` says how."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def stock(kind: Any, folder: Path, *, variant: bool = False, **options: Any) -> Any:
    """`from_pretrained`, refusing what leaves weights random; in evaluation mode, frozen.

    Args:
        kind: a class of diffusers or transformers.
        folder: of the part.
        variant: weights may lie there in half precision alone, under diffusers' names for it.
        options: of `from_pretrained`.

    Raises:
        Unfit: weights are missing or have other shapes.
    """
    part_begins(folder)
    if variant and all(".fp16" in path.name for path in folder.glob("*.safetensors")):
        options["variant"] = "fp16"
    network, info = kind.from_pretrained(folder, output_loading_info=True, **_LOCAL, **options)
    lacking = [str(key) for key in info.get("missing_keys", ())]
    odd = [str(key) for key in info.get("mismatched_keys", ())]
    if lacking or odd:
        first = (lacking or odd)[0][:80]
        count = len(lacking or odd)
        raise Unfit(Message("model.weights_misshapen", count=count, first=first))
    if info.get("error_msgs"):
        raise ValueError(str(info["error_msgs"][0]))
    return network.eval().requires_grad_(False)


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
