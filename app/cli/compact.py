from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.output import DONE, print_json, say
from editor.display_name import display_name
from editor.storage.compact import compact


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "compact", help="make a closed document smaller; no idea and no result is dropped"
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Leave out of a document what nothing in it refers to."""
    saved = compact(args.file)
    size = args.file.stat().st_size
    if args.json:
        print_json({"file": str(args.file), "bytes": size, "saved": saved})
    elif saved > 0:
        say(f"{display_name(args.file)}: {saved:,} bytes saved, {size:,} are left.")
    else:
        say(f"{display_name(args.file)}: nothing to leave out.")
    return DONE
