from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.output import DONE, print_json, say
from app.cli.staging import FolderInTheWay
from editor.errors import DamagedDocument, ExpectedError
from editor.formats import SaveOptions, save_image
from editor.storage.document import Document


class NoSuchNode(ExpectedError):
    """An id that is not in the document."""

    kind = "no_such_node"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="write one idea of a document as a picture")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--node", required=True, metavar="ID", help="as history shows, or head")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="OUT")
    parser.add_argument("--quality", type=int, default=95, choices=range(1, 101), metavar="1-100")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the pixels of a node; the ending of OUT names the format."""
    if args.output.is_dir():
        raise FolderInTheWay(f"{args.output} is a folder.", "Give a file name with -o.")
    document = Document.open(args.file, read_only=True)
    try:
        history = document.history
        wanted = history.head if args.node == "head" else args.node
        found = [id_ for id_ in history.nodes if wanted and id_.startswith(wanted)]
        if len(found) != 1:
            raise NoSuchNode(
                f"There is no idea {args.node} in {args.file.name}.",
                f"pentimento history {args.file.name} lists them.",
            )
        picture = history.nodes[found[0]].picture
        if picture is None:
            raise DamagedDocument(
                "The pixels of this idea were not finished when the program ended.",
                "Open the document in the window once; it makes them again.",
            )
        notes = save_image(picture.image, args.output, options=SaveOptions(quality=args.quality))
    finally:
        document.close()
    if args.json:
        print_json(
            {"node": found[0], "file": str(args.output), "notes": [str(note) for note in notes]}
        )
    else:
        for note in notes:
            say(str(note), error=True)
        say(str(args.output))
    return DONE
