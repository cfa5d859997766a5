from __future__ import annotations

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from app.cli.output import USAGE, guarded, print_json, say
from app.runtime.trace import trace
from inference.request.version import VERSION

COMMANDS = (
    "edit",
    "explore",
    "generate",
    "suggest",
    "caption",
    "ideas",
    "rewrite",
    "rank",
    "history",
    "verify",
    "compact",
    "export",
    "upscale",
    "select",
    "models",
    "doctor",
    "evaluate",
    "storybook",
    "survey",
    "traces",
    "train",
    "make-brush",
    "make-captions",
    "make-instructpe",
    "make-edit-texts",
    "make-pairs",
)
"""First words that mean a command. Other words are refused; files are for the window."""


class _Usage(Exception):
    pass


class _Parser(argparse.ArgumentParser):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.register("type", Path, _path)

    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{self.format_usage()}{message}")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Help and version; argparse would hide that they could not be printed."""
        say(message.rstrip("\n"), error=file is sys.stderr)


def main(argv: Sequence[str]) -> int:
    """Run a command; `argv[0]` is one of `COMMANDS`. Returns the exit code."""
    cancel_on_signals()
    trace("command", argv=list(argv))
    code = guarded(lambda: _run(argv), "--json" in argv)
    trace("ended", code=code)
    return code


def _run(argv: Sequence[str]) -> int:
    try:
        args = parser(*(name for name in argv[:1] if name in COMMANDS)).parse_args(list(argv))
    except _Usage as error:
        usage, _, message = str(error).rpartition("\n")
        if "--json" in argv:
            print_json({"error": {"kind": "usage", "message": message, "fix": usage.strip()}})
        else:
            say(f"{usage}\npentimento: {message}", error=True)
        return USAGE
    return int(args.run(args))


def refuse_unknown(words: Sequence[str]) -> int:
    """Say that `words[0]` is no command, which ones there are and the nearest; returns 2."""
    return guarded(lambda: _refuse(words), "--json" in words)


def _refuse(words: Sequence[str]) -> int:
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
            importlib.import_module(f"app.cli.{name.replace('-', '_')}").add(commands)
    return top


_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _path(text: str) -> Path:
    """An argument that names a file or folder; `Path("")` would be the current folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return Path(text)


def cancel_on_signals() -> None:
    """A request to end is a cancel: what was begun is cleaned up and the exit code is 130.

    What the caller chose to ignore stays ignored (`nohup`).
    """
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    # A closed terminal is often reported twice, by the system and by the shell; the second report
    # must not interrupt the cleaning up.
    for other in _ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt
