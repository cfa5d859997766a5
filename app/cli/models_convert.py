"""`pentimento models convert`: pickles and GGUF files become models that can be loaded."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.output import DONE, print_json, remark, say
from app.runtime import paths
from editor.errors import ExpectedError
from inference.models.discovery import search
from inference.models.downloads.conversion import convert
from inference.models.found_model import FoundModel


def add_convert(actions: Any) -> None:
    """Declare the command below `models`."""
    parser = actions.add_parser(
        "convert", help="make safetensors of a .ckpt, .pt, .pth, .bin or .gguf file, or of a folder"
    )
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.set_defaults(run=run_convert)


def run_convert(args: argparse.Namespace) -> int:
    """Convert `args.path`, and say or print what came of it."""
    source = args.path.expanduser().absolute()
    if not source.exists():
        raise ExpectedError(f"There is no {source}.", "Give a model's file or folder.")
    folder = convert(
        source,
        paths.install_folder(),
        lambda: None,
        lambda file: remark(f"Converting {file.name}", error=True),
    )
    found = [item for item in search(folder) if isinstance(item, FoundModel)]
    if args.json:
        models = [{"id": one.id, "family": one.family, "role": one.role} for one in found]
        print_json({"folder": str(folder), "found": models})
        return DONE
    say(f"{source.name}: converted into {folder}. The source stays as it is.")
    for model in found:
        say(f"  {model.role:<20} {model.id}")
    return DONE
