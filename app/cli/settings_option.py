"""`--set NAME=VALUE`: settings that are fixed by hand."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from app.cli.output import UsageError
from editor.model.patch import SettingValues, settings_of
from inference.request.registry import METHODS, find_setting


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="fix a setting"
    )


def settings_values(pairs: Sequence[str], methods: Sequence[str]) -> SettingValues:
    """The settings in their own types.

    Args:
        pairs: as they were given.
        methods: that may run; () leaves it to Auto, and the engine checks them against what Auto
            takes.

    Raises:
        UsageError: a pair has no value.
        BadSetting: none of the methods has it, or it cannot have this value.
        UnknownMethod: a method is not in the registry.
    """
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise UsageError(f"--set {pair} has no value.", "Write it as name=value.")
        values[name] = find_setting(methods or tuple(METHODS), name).parse(text)
    return settings_of(values)
