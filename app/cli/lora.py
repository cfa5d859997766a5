from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.output import UsageError
from app.runtime import paths
from inference.models.store import ModelStore
from inference.request.registry import METHODS, method

_NAME = "lora"


def add_lora(parser: argparse.ArgumentParser) -> None:
    """Declare `--lora`."""
    parser.add_argument(
        "--lora",
        action="append",
        default=[],
        metavar="FILE[:WEIGHT]",
        help="a LoRA or textual inversion to lay over the model, a safetensors file or a name that"
        " “models list” shows; may be given again",
    )


def lora_settings(given: Sequence[str], methods: Sequence[str]) -> dict[str, Any]:
    """The setting that `--lora` makes, with absolute paths; nothing where it is not given.

    Args:
        given: as typed; the weight is 1 without a number behind the last colon.
        methods: that will run.

    Raises:
        UsageError: none of the methods takes a LoRA.
        BadSetting: a weight is out of range.
    """
    if not given:
        return {}
    able = [info.name for info in METHODS.values() if any(s.name == _NAME for s in info.settings)]
    taking = next((name for name in methods if name in able), None)
    if taking is None:
        offered = [name for name in able if not method(name).begins]
        raise UsageError(
            "--lora changes what a model draws, and no method with a model was named.",
            f"Give --method {' or '.join(offered)}.",
        )
    setting = method(taking).setting(_NAME)
    return {_NAME: tuple(one for text in given for one in setting.parse(_with_file(text)))}


def _with_file(text: str) -> str:
    """FILE[:WEIGHT] with the file that a name stands for.

    Raises:
        UsageError: nothing here has that name.
    """
    name, colon, weight = text.partition(":")
    if Path(text).exists() or Path(name).exists() or Path(name).name != name or Path(name).suffix:
        return text
    adapters = ModelStore(paths.models()).adapters
    file = next((one.folder for one in adapters if one.id == name), None)
    if file is None:
        known = ", ".join(one.id for one in adapters)
        raise UsageError(
            f"There is no LoRA {name}.",
            f"These are here: {known}." if known else "Give its file, ending in .safetensors.",
        )
    return f"{file}{colon}{weight}"
