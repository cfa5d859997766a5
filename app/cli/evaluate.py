from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.output import DONE, print_json, say


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("evaluate", help="published protocols, as commands")
    protocols = parser.add_subparsers(metavar="PROTOCOL", required=True)
    adjust = protocols.add_parser("adjust", help="phrases on a folder of photographs")
    adjust.add_argument("directory", type=Path, metavar="DIR")
    adjust.add_argument("--json", action="store_true")
    adjust.set_defaults(run=run_adjust)


def run_adjust(args: argparse.Namespace) -> int:
    """Run the phrase table on every photograph of a folder; print the share that moves right."""
    from inference.evaluation.adjust import evaluate

    report = evaluate(args.directory)
    if args.json:
        print_json(report)
    else:
        for name, value in report.items():
            if isinstance(value, (int, float, str)):
                say(f"{name}: {value}")
    return DONE
