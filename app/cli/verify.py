from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

from app.cli.output import DONE, REFUSED, print_json, say
from editor.storage.document import verify


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("verify", help="check every digest of a document")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Verify a document: exit code 0 if all is well, 3 if something is damaged."""
    report = verify(args.file)
    if args.json:
        print_json(
            {"ok": report.ok, "sentence": str(report.sentence), **dataclasses.asdict(report)}
        )
    else:
        say(str(report.sentence))
        for problem in report.problems:
            say(f"  {problem}")
    return DONE if report.ok else REFUSED
