from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from app.cli.output import UsageError
from inference.request.registry import METHODS, method

_NAME = "lora"


def add_lora(parser: argparse.ArgumentParser) -> None:
    """Declare `--lora`."""
    parser.add_argument(
        "--lora",
        action="append",
        default=[],
        metavar="FILE[:WEIGHT]",
        help="a LoRA to lay over the model, a safetensors file; may be given again",
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
    return {_NAME: tuple(one for text in given for one in setting.parse(text))}
