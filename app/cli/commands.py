from __future__ import annotations

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from types import FrameType
from typing import Any, NoReturn

from app.cli.output import USAGE, guarded, print_json, say
from inference.request.version import VERSION

COMMANDS = (
    "edit",
    "explore",
    "generate",
    "suggest",
    "caption",
    "rank",
    "history",
    "verify",
    "compact",
    "export",
    "doctor",
    "evaluate",
    "storybook",
)
"""First words that mean a command. Other words are refused; files are for the window."""


class _Usage(Exception):
    pass


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{self.format_usage()}{message}")


def main(argv: Sequence[str]) -> int:
    """Run a command; `argv[0]` is one of `COMMANDS`. Returns the exit code."""
    as_json = "--json" in argv
    try:
        args = parser(argv[0]).parse_args(list(argv))
    except _Usage as error:
        usage, _, message = str(error).rpartition("\n")
        if as_json:
            print_json({"error": {"kind": "usage", "message": message, "fix": usage.strip()}})
        else:
            say(f"{usage}\npentimento: {message}", error=True)
        return USAGE
    # A request to end is a cancel: what was begun is cleaned up and the code is 130.
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _interrupt)
    if sys.stdin is None:  # a frozen windowed program has no streams
        return USAGE
    return guarded(lambda: int(args.run(args)), as_json)


def refuse_unknown(words: Sequence[str]) -> int:
    """Say that `words[0]` is no command, which ones there are and the nearest; returns 2."""
    message = f"“{words[0]}” is neither a command nor a file here."
    nearest = get_close_matches(words[0], COMMANDS, 1)
    fix = f"Did you mean {nearest[0]}? " if nearest else ""
    fix += f"Commands: {', '.join(COMMANDS)}."
    if "--json" in words:
        print_json({"error": {"kind": "usage", "message": message, "fix": fix}})
    else:
        say(f"pentimento: {message} {fix}", error=True)
    return USAGE


def parser(*names: str) -> argparse.ArgumentParser:
    """The parser; only the named commands are imported, all when none is named."""
    top = _Parser(
        prog="pentimento",
        description="Edits pictures by words. Without a command: opens the window.",
        epilog="Exit codes: 0 done, 1 a bug, 2 usage, 3 refused, 130 cancelled.",
    )
    top.add_argument("--version", action="version", version=f"pentimento {VERSION}")
    commands: Any = top.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for name in COMMANDS:
        if not names or name in names:
            importlib.import_module(f"app.cli.{name}").add(commands)
    return top


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
