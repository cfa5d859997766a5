from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.output import DONE, UsageError, print_json, say
from app.cli.staging import FolderInTheWay
from editor.display_name import display_name
from editor.errors import DamagedDocument, ExpectedError
from editor.formats import SaveOptions, save_image
from editor.model.history import History
from editor.storage.document import Document

METADATA = ("camera", "place", "words")


class NoSuchNode(ExpectedError):
    """An id that is not in the document."""

    kind = "no_such_node"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="write one idea of a document as a picture")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--node", required=True, metavar="ID", help="as history shows, or head")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="OUT")
    parser.add_argument("--quality", type=int, default=95, metavar="1-100")
    parser.add_argument(
        "--metadata",
        default="camera",
        metavar="KINDS",
        help="what goes into the file: camera (and date), place (GPS), words, with commas between; "
        "all or none (default: camera)",
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the pixels of a node; the ending of OUT names the format."""
    if not 1 <= args.quality <= 100:
        raise UsageError(f"--quality cannot be {args.quality}.", "Give it 1 to 100.")
    kept = _kinds(args.metadata)
    if args.output.is_dir():
        raise FolderInTheWay(f"{args.output} is a folder.", "Give a file name with -o.")
    document = Document.open(args.file, read_only=True)
    try:
        history = document.history
        node = _node(history, args.node, args.file)
        picture = history.nodes[node].picture
        if picture is None:
            raise DamagedDocument(
                "The pixels of this idea were not finished when the program ended.",
                "Open the document in the window once; it makes them again.",
            )
        words = "\n".join(history.label(step) for step in history.path(node)[1:])
        options = SaveOptions(
            quality=args.quality,
            camera="camera" in kept,
            place="place" in kept,
            words=words if "words" in kept else "",
        )
        notes = save_image(picture.image, args.output, options=options)
    finally:
        document.close()
    if args.json:
        print_json({"node": node, "file": str(args.output), "notes": [str(note) for note in notes]})
    else:
        for note in notes:
            say(str(note), error=True)
        say(str(args.output))
    return DONE


def _kinds(text: str) -> frozenset[str]:
    """The kinds of metadata that `--metadata` names."""
    if text in ("all", "none"):
        return frozenset(METADATA if text == "all" else ())
    kinds = frozenset(word.strip() for word in text.split(","))
    if odd := sorted(kinds - set(METADATA)):
        raise UsageError(
            f"--metadata does not know “{odd[0]}”.", f"Give {', '.join(METADATA)}, all or none."
        )
    return kinds


def _node(history: History, wanted: str, file: Path) -> str:
    """The id of the idea that `--node` names, or begins.

    Raises:
        NoSuchNode: there is none, or several begin so.
    """
    if wanted == "head" and history.head:
        return history.head
    if wanted in history.nodes:
        return wanted
    found = [id_ for id_ in history.nodes if wanted and id_.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
        raise NoSuchNode(
            f"{len(found)} ideas begin with {wanted}: {shown}.", "Give more of its id."
        )
    name = display_name(file)
    raise NoSuchNode(
        f"There is no idea “{wanted}” in {name}.", f"pentimento history {name} lists them."
    )


_SHOWN = 4
