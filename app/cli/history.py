from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

from app.cli.output import DONE, REFUSED, print_json, say
from editor.storage.document import describe_document


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("history", help="the tree of a document, and how each was made")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the history of a document; exit code 3 if a part of it cannot be shown."""
    tree = describe_document(args.file)
    code = REFUSED if tree["warning"] else DONE
    if args.json:
        print_json(tree)
        return code
    children: dict[str | None, list[dict[str, Any]]] = {}
    for node in tree["nodes"]:
        children.setdefault(node["parent"], []).append(node)

    def show(node: dict[str, Any], depth: int) -> None:
        mark = "●" if node["id"] == tree["head"] else "○"
        star = " ★" if node["starred"] else ""
        moment = datetime.datetime.fromtimestamp(node["time"]).astimezone()
        by = "".join(f"  {name}" for name in _models(node))
        when = f"{moment:%Y-%m-%d %H:%M}"
        say(f"{'  ' * depth}{mark} {node['label']}{star}  {when}  {node['id']}{by}")

    waiting = [(node, 0) for node in reversed(children.get(None, []))]
    while waiting:
        node, depth = waiting.pop()
        show(node, depth)
        waiting += [(child, depth + 1) for child in reversed(children.get(node["id"], []))]
    if tree["warning"]:
        say(tree["warning"], error=True)
    return code


def _models(node: dict[str, Any]) -> list[str]:
    """Names of the models that made what was kept, each once."""
    chosen = (c for c in node["candidates"] if c["chosen"])
    return list(dict.fromkeys(model["id"] for c in chosen for model in c.get("models", ())))
