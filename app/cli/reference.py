from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.output import UsageError
from inference.request.registry import METHODS, method
from inference.request.settings import REFERENCES


def add_reference(parser: argparse.ArgumentParser) -> None:
    """Declare `--reference`."""
    parser.add_argument(
        "--reference",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a picture that the model is shown beside IMAGE; may be given again",
    )


def reference_settings(given: Sequence[Path], methods: Sequence[str]) -> dict[str, Any]:
    """The setting that `--reference` makes, with absolute paths; nothing where it is not given.

    Args:
        given: as typed.
        methods: that will run.

    Raises:
        UsageError: none of the methods takes other pictures.
        BadSetting: they are too many.
    """
    if not given:
        return {}
    able = [info.name for info in METHODS.values() if info.has(REFERENCES)]
    taking = next((name for name in methods if name in able), None)
    if taking is None:
        raise UsageError(
            "--reference shows a model other pictures, and no method that takes them was named.",
            f"Give --method {' or '.join(able)}.",
        )
    files = [str(file.expanduser().absolute()) for file in given]
    return {REFERENCES: method(taking).setting(REFERENCES).check(files)}
