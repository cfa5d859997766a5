from __future__ import annotations

import argparse
from importlib.util import find_spec
from typing import Any

from app.cli.evaluate_protocol import add_protocols
from app.cli.gallery import add_gallery
from app.cli.lab import require_lab


def add(commands: Any) -> None:
    """Declare the command with a command for each protocol."""
    parser = commands.add_parser("evaluate", help="published protocols, as commands")
    if find_spec("inference.lab") is None:  # the packaged program
        parser.add_argument("words", nargs=argparse.REMAINDER)
        parser.set_defaults(run=lambda args: require_lab())
        return
    protocols = parser.add_subparsers(metavar="PROTOCOL", required=True)
    add_protocols(protocols)
    add_gallery(protocols)
