"""A protocol of `inference.lab.evaluation` as a command: options, progress, printing, report."""

from __future__ import annotations

import argparse
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.model_options import model_store
from app.cli.output import DONE, ProgressBar, UsageError, print_json, say
from app.cli.staging import FolderInTheWay

if TYPE_CHECKING:
    from inference.lab.evaluation.protocol import OptionInfo, ProtocolInfo, ProtocolReport


def add_protocols(protocols: Any) -> None:
    """Declare every protocol of the registry, with its own options, --report and --json."""
    from inference.lab.evaluation.protocol import REPORT
    from inference.lab.evaluation.registry import protocols as registered

    for info in registered().values():
        parser = protocols.add_parser(info.name, help=info.summary)
        for option in (*info.options, *((REPORT,) if info.reports else ())):
            _add_option(parser, option)
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(run=lambda args, info=info: run_protocol(info, args))


def _add_option(parser: argparse.ArgumentParser, option: OptionInfo) -> None:
    if option.kind == "switch":
        parser.add_argument(option.name, action="store_true", help=option.help)
        return
    kind = {"integer": int, "text": str, "path": Path, "folder": Path}[option.kind]
    more: dict[str, Any] = {"type": kind, "help": option.help, "metavar": option.metavar}
    if option.repeated:
        more |= {"action": "append", "default": []}
    elif not option.name.startswith("-"):
        more |= {} if option.required else {"nargs": "?", "default": option.default}
    else:
        more |= {"default": option.default, "dest": option.key, "required": option.required}
    parser.add_argument(option.name, **more)


def run_protocol(info: ProtocolInfo, args: argparse.Namespace) -> int:
    """Check the options, measure, write the report folder and print the figures."""
    from inference.lab.evaluation.protocol import INSTALLED, REPORT

    for option in (*info.options, *((REPORT,) if info.reports else ())):
        _check(option, getattr(args, option.key))
    bar, left = ProgressBar(), _TimeLeft()
    try:
        report = info.load()(
            {**vars(args), INSTALLED: lambda: _models(args)},
            lambda what, share: bar.show(what, share, left.seconds(share)),
        )
    finally:
        bar.clear()
    if report is None:  # another process prints
        return DONE
    files = list(report.files)
    if info.reports and args.report is not None:
        from inference.lab.evaluation.report.folder import write_report

        files += write_report(report, args.report, _typed(info, args))
    for path in files:
        say(str(path), error=True)
    _print(report, as_json=args.json)
    return DONE


def _typed(info: ProtocolInfo, args: argparse.Namespace) -> str:
    """The command that repeats this one; of paths the last name, for they differ by machine."""
    words = ["pentimento evaluate", info.name]
    for option in info.options:
        value = getattr(args, option.key)
        if value is None or value is False or value == []:
            continue
        if option.kind == "text" and value == option.default:
            continue
        if option.kind == "switch":
            words.append(option.name)
            continue
        for one in value if option.repeated else [value]:
            text = one.resolve().name if isinstance(one, Path) else str(one)
            words += [option.name] if option.name.startswith("-") else []
            words.append(shlex.quote(text))
    return " ".join(words)


def _models(args: argparse.Namespace) -> Any:
    """The models of the options that the protocol has."""
    return model_store(getattr(args, "models", None), getattr(args, "model", None))


def _print(report: ProtocolReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report.report())
        return
    for line in report.lines:
        say(line)


def _check(option: OptionInfo, value: Any) -> None:
    """Refuse numbers out of range and folders that are not there.

    Raises:
        UsageError: with the range, or the folder.
        FolderInTheWay: a file lies where a folder should go.
    """
    if value is None:
        return
    if option.kind == "integer" and not option.minimum <= value <= option.maximum:
        most = f"{option.minimum} to {option.maximum}"
        if option.maximum >= 1_000_000:
            most = f"{option.minimum} or more"
        raise UsageError(f"{option.name} cannot be {value}.", f"Give it {most}.")
    if option.kind == "folder" and not value.is_dir():
        raise UsageError(f"There is no folder {value}.", "Name a folder that exists.")
    is_output = option.kind == "path" and option.name in ("--report", "--sheets")
    if is_output and value.exists() and not value.is_dir():
        raise FolderInTheWay(f"{value} is a file.", "Name a folder.")


class _TimeLeft:
    """From the pace of this run: what an earlier run measured is passed over at once."""

    _QUICK = 0.02  # seconds between two calls that measure nothing
    _LEAST = 0.002

    def __init__(self) -> None:
        self._last = self._began = time.monotonic()
        self._first = 0.0

    def seconds(self, share: float) -> float | None:
        """Seconds that are left at a share of 0..1; None while too little is known."""
        now = time.monotonic()
        if now - self._last < self._QUICK:
            self._first, self._began = share, now
        self._last = now
        done = share - self._first
        if done < self._LEAST:
            return None
        return (now - self._began) / done * (1 - share)
